// What readers of Pascal VOC ask for. Broken, beside the rules of pictures: xml_unreadable,
// size_differs, class_unknown, box_not_whole, box_outside_image, flag_range, mask_missing,
// annotation_file_missing, list_missing, list_name_unknown.

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <set>

#include "generator/verify/consumer.hpp"
#include "generator/verify/picture_rules.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// A whole number; -1: none.
int whole_from(const pugi::xml_node& node) {
  const std::string text = node.text().get();
  int value = -1;
  const char* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data(), end, value);
  return fault == std::errc() && at == end ? value : -1;
}

class VocRules {
 public:
  VocRules(const FormatFolder& at, Findings& findings) : at_(at), findings_(findings) {}

  void run() {
    classes_ = at_.facts.classes;
    if (classes_.empty()) {
      for (const std::string& line : lines_of(at_.folder / "labelmap.txt", findings_)) {
        if (!line.starts_with('#')) classes_.push_back(line.substr(0, line.rfind(":::")));
      }
    }
    for (const fs::path& file : paths_below(at_.folder / "Annotations", {".xml"})) check_xml(file);
    for (const fs::path& file : paths_below(at_.folder / "JPEGImages")) {
      if (names_.contains(fs::path(file).replace_extension().generic_string())) continue;
      findings_.add("annotation_file_missing", (at_.folder / "JPEGImages" / file).string(),
                    "no XML of this picture", "one below Annotations");
    }
    bool any = false;
    for (const fs::path& list : paths_below(at_.folder / "ImageSets", {".txt"})) {
      any = true;
      check_list(at_.folder / "ImageSets" / list);
    }
    if (any) return;
    findings_.add("list_missing", (at_.folder / "ImageSets").string(), "no list", "one a split");
  }

 private:
  void check_xml(const fs::path& name) {
    const fs::path file = at_.folder / "Annotations" / name;
    names_.insert(fs::path(name).replace_extension().generic_string());
    pugi::xml_document document;
    const pugi::xml_parse_result read = document.load_file(file.c_str());
    const pugi::xml_node root = document.child("annotation");
    if (!read || !root) {
      findings_.add("xml_unreadable", file.string(), read ? "no annotation" : read.description(),
                    "an XML file of one annotation");
      return;
    }
    findings_.looked_at("images");
    const int width = whole_from(root.child("size").child("width"));
    const int height = whole_from(root.child("size").child("height"));
    if (width <= 0 || height <= 0) {
      findings_.add("size_differs", file.string(), "no size", "the picture's");
    }
    check_picture(at_.folder / "JPEGImages" / root.child("filename").text().get(), width, height,
                  !at_.dataset.empty(), findings_);
    std::size_t number = 0;
    for (const pugi::xml_node& object : root.children("object")) {
      check_object(object, width, height, file.string() + ": object " + std::to_string(++number));
    }
    if (whole_from(root.child("segmented")) != 1) return;
    for (const char* kind : {"SegmentationObject", "SegmentationClass"}) {
      const fs::path mask = at_.folder / kind / fs::path(name).replace_extension(".png");
      if (fs::exists(mask)) {
        check_picture(mask, width, height, true, findings_);
      } else {
        findings_.add("mask_missing", file.string(), "no " + mask.string(), "what segmented says");
      }
    }
  }

  void check_object(const pugi::xml_node& object, int width, int height, const std::string& where) {
    findings_.looked_at("labels");
    const std::string name = object.child("name").text().get();
    if (std::find(classes_.begin(), classes_.end(), name) == classes_.end()) {
      findings_.add("class_unknown", where, "\"" + name + "\"", "one of the dataset's classes");
    }
    for (const char* flag : {"difficult", "truncated", "occluded"}) {
      const int value = whole_from(object.child(flag));
      if (value == 0 || value == 1) continue;
      findings_.add("flag_range", where,
                    std::string(flag) + " \"" + object.child(flag).text().get() + "\"", "0 or 1");
    }
    const pugi::xml_node box = object.child("bndbox");
    int corner[4] = {};
    std::size_t i = 0;
    for (const char* key : {"xmin", "ymin", "xmax", "ymax"}) {
      corner[i] = whole_from(box.child(key));
      if (corner[i++] >= 0) continue;
      findings_.add("box_not_whole", where,
                    std::string(key) + " \"" + box.child(key).text().get() + "\"",
                    "a whole number");
      return;
    }
    if (corner[0] >= 1 && corner[1] >= 1 && corner[2] >= corner[0] && corner[3] >= corner[1] &&
        corner[2] <= width && corner[3] <= height) {
      return;
    }
    findings_.add("box_outside_image", where,
                  Json({corner[0], corner[1], corner[2], corner[3]}).dump(),
                  "pixels from 1 to " + std::to_string(width) + " and " + std::to_string(height) +
                      ", both ends inside");
  }

  void check_list(const fs::path& list) {
    std::size_t number = 0;
    for (const std::string& name : lines_of(list, findings_)) {
      ++number;
      if (names_.contains(name)) continue;
      findings_.add("list_name_unknown", list.string() + ":" + std::to_string(number),
                    "\"" + name + "\"", "the name of an annotation");
    }
  }

  const FormatFolder& at_;
  Findings& findings_;
  std::vector<std::string> classes_;
  std::set<std::string> names_;
};

}  // namespace

void check_voc(const FormatFolder& at, Findings& findings) { VocRules(at, findings).run(); }

}  // namespace orrery
