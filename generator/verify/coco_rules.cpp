// What pycocotools takes without a word and gets wrong. Broken, beside the rules of annotations:
// coco_unreadable, image_id, image_id_duplicate, file_name, picture_missing, image_unknown,
// ignore_key, category_id.

#include <fstream>
#include <unordered_map>

#include "generator/verify/annotation_rules.hpp"
#include "generator/verify/consumer.hpp"
#include "generator/verify/picture_rules.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

struct Size {
  int width = 0;
  int height = 0;
};

/// Hands each element of a top-level list to `take` and forgets it; returns what is left.
template <class Take>
Json stream(const fs::path& file, const Take& take) {
  std::ifstream in(file, std::ios::binary);
  std::string section;
  std::uint64_t place = 0;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1) {
      section = parsed.get<std::string>();
      place = 0;
    }
    if (event != Json::parse_event_t::object_end || depth != 2) return true;
    if (section != "images" && section != "annotations") return true;
    take(section, place++, parsed);
    return false;
  };
  return Json::parse(in, watch);
}

class CocoRules {
 public:
  CocoRules(fs::path file, fs::path pictures, Findings& findings)
      : file_(std::move(file)), pictures_(std::move(pictures)), findings_(findings) {}

  void run(const std::vector<std::string>& classes) {
    try {
      // Annotations may come before what they name.
      const Json rest = stream(
          file_, [this](const std::string& section, std::uint64_t place, const Json& element) {
            if (section == "images") add_image(element, where_of(section, place));
          });
      const Json categories = rest.is_object() ? rest.value("categories", Json()) : Json();
      if (!categories.is_array()) {
        findings_.add("coco_unreadable", file_.string(), "no categories", "a COCO file");
        return;
      }
      classes_ = check_categories(categories, classes, file_.string(), findings_);
      stream(file_, [this](const std::string& section, std::uint64_t place, const Json& element) {
        if (section == "annotations") add_annotation(element, where_of(section, place));
      });
    } catch (const Json::exception& e) {
      findings_.add("coco_unreadable", file_.string(), e.what(), "a COCO file");
    }
  }

 private:
  std::string where_of(const std::string& section, std::uint64_t place) const {
    return file_.string() + ": " + section + "[" + std::to_string(place) + "]";
  }

  void add_image(const Json& image, const std::string& where) {
    findings_.looked_at("images");
    const auto id = whole_of(image, "id");
    if (!id) {
      findings_.add("image_id", where, "id " + image.value("id", Json()).dump(), "a whole number");
      return;
    }
    const Size size{static_cast<int>(whole_of(image, "width").value_or(0)),
                    static_cast<int>(whole_of(image, "height").value_or(0))};
    if (!images_.try_emplace(*id, size).second) {
      findings_.add("image_id_duplicate", where, "id " + std::to_string(*id) + " again",
                    "an id once");
    }
    const Json name = image.value("file_name", Json());
    if (!name.is_string()) {
      findings_.add("file_name", where, "file_name " + name.dump(), "a text");
      return;
    }
    check_picture(pictures_ / name.get<std::string>(), size.width, size.height, true, findings_);
  }

  void add_annotation(const Json& annotation, const std::string& place) {
    findings_.looked_at("annotations");
    const auto id = whole_of(annotation, "id");
    const std::string where = id ? place + " of id " + std::to_string(*id) : place;
    ids_.check(annotation, where, findings_);
    if (annotation.contains("ignore")) {
      findings_.add("ignore_key", where, "a key ignore", "none: pycocotools overwrites it");
    }
    const auto image = images_.find(whole_of(annotation, "image_id").value_or(~std::uint64_t{0}));
    if (image == images_.end()) {
      findings_.add("image_unknown", where,
                    "image_id " + annotation.value("image_id", Json()).dump(),
                    "an image of this file");
      return;
    }
    check_annotation(annotation, image->second.width, image->second.height, classes_, where,
                     findings_);
  }

  fs::path file_;
  fs::path pictures_;
  Findings& findings_;
  ClassRules classes_;
  AnnotationIds ids_{false};
  std::unordered_map<std::uint64_t, Size> images_;
};

}  // namespace

void check_coco_file(const fs::path& file, const fs::path& pictures,
                     const std::vector<std::string>& classes, Findings& findings) {
  CocoRules(file, pictures, findings).run(classes);
}

void check_coco(const FormatFolder& at, Findings& findings) {
  bool any = false;
  for (const fs::path& file : files_below(at.folder, {".json"})) {
    const std::string name = file.filename().string();
    if (!name.starts_with("instances_")) continue;
    any = true;
    check_coco_file(at.folder / file, at.folder / "images", at.facts.classes, findings);
  }
  if (any) return;
  findings.add("coco_unreadable", at.folder.string(), "no file annotations/instances_….json",
               "one a split");
}

}  // namespace orrery
