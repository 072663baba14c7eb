// LabelMe: one JSON file a picture, of the desktop program, or one XML file, of the older web tool
// (Annotations/<folder>/ beside Images/<folder>/ and Masks/<folder>/). Points are pixel edges from
// 0. JSON: rectangles are the extent of their points, "rotation" an oriented box of four corners,
// circles (middle, point on it) polygons of 64 corners, masks a PNG whose first pixel lies at the
// first point. Shapes of one label and one group_id are one instance: the union of their polygons.
// A point whose group_id one other shape alone has is a keypoint of it, its label the keypoint's
// name; other points and lines are shape_unsupported. Keypoints of a class are in alphabetical
// order. XML: polygons, boxes (<type>bounding_box), masks as PNGs.
// Classes: labels.txt in the folder or the one above, but for names with "__" or "_background_",
// else all names in alphabetical order. Splits: folders.
// A picture that is in imageData alone is picture_missing.
// Flags, descriptions, occlusion, attributes and parts go to `more`.
// More rules: object_deleted (marked so in XML; left out).

#include <algorithm>

#include "generator/ingest/formats.hpp"
#include "generator/ingest/json_file.hpp"
#include "generator/ingest/labelme_json.hpp"
#include "generator/ingest/labelme_xml.hpp"
#include "generator/ingest/read_source.hpp"
#include "generator/ingest/xml_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

bool is_labelme_json(const fs::path& file) {
  bool shapes = false;
  bool image = false;
  constexpr std::uint64_t kHead = 1 << 16;  // what recognition looks at, bytes
  for (const auto& [key, text] : JsonFile(file).peek(kHead)) {
    shapes = shapes || key == "shapes" || key == "imageData";
    image = image || key == "imagePath";
    // Where they come first, they may be longer than what is looked at.
    if (key == "shapes" && !raw_member(text, "shape_type").empty()) return true;
  }
  return image && shapes;
}

class LabelmeSource : public ReadSource {
 public:
  explicit LabelmeSource(const fs::path& path)
      : ReadSource(fs::is_directory(path) ? path : path.parent_path()) {
    std::set<std::string> names;
    std::map<std::string, std::set<std::string>> points;
    for (const fs::path& file : files_below(path, {".json", ".xml"})) {
      std::string fault;
      if (is_xml(file)) {
        pugi::xml_document document;
        const bool sound = read_xml(file, document, fault);
        if (sound && !is_labelme_xml(document.child("annotation"))) continue;
        collect_labelme_names(document.child("annotation"), names);
      } else {
        const auto json = parsed_json(text_of_file(file), fault);
        if (json && !(json->contains("shapes") && json->contains("imagePath"))) continue;
        if (json) collect_labelme_names(*json, names, points);
      }
      files_.push_back(file);  // one that does not parse is named when its turn comes
    }
    for (const fs::path& folder : {root_, root_.parent_path()}) {
      if (!info_.classes.empty()) break;
      for (const std::string& name : names_in(folder / "labels.txt")) {
        const bool none = name.empty() || name.starts_with("__") || name == "_background_";
        if (!none) info_.classes.push_back(name);
      }
    }
    if (info_.classes.empty()) info_.classes.assign(names.begin(), names.end());
    for (const std::string& name : info_.classes) {
      Keypoints& keypoints = info_.keypoints.emplace_back();
      for (const std::string& point : points[name]) {
        keypoints.points.emplace_back();
        keypoints.points.back().name = point;
      }
    }
    const bool any = std::any_of(info_.keypoints.begin(), info_.keypoints.end(),
                                 [](const Keypoints& k) { return !k.points.empty(); });
    if (!any) info_.keypoints.clear();
  }

 private:
  static bool is_xml(const fs::path& file) {
    const std::string extension = file.extension().string();
    return extension.size() == 4 && (extension[1] == 'x' || extension[1] == 'X');
  }

  std::optional<LabelledImage> read_next() override {
    while (at_ < files_.size()) {
      const fs::path& file = files_[at_++];
      if (auto image = is_xml(file) ? read_xml_file(file) : read_json_file(file)) return image;
    }
    return std::nullopt;
  }

  std::optional<LabelledImage> read_xml_file(const fs::path& file) {
    DraftImage draft = this->draft(file.string());
    pugi::xml_document document;
    std::string fault;
    if (!read_xml(file, document, fault)) {
      draft.problem("", "malformed", fault, true);
      return std::nullopt;
    }
    const pugi::xml_node root = document.child("annotation");
    const pugi::xml_node size = root.child("imagesize");
    if (!draft.open(labelme_picture(root, file, root_)) ||
        !draft.check_size(number_in(size, "ncols").value_or(0),
                          number_in(size, "nrows").value_or(0))) {
      return std::nullopt;
    }
    draft.image.split = split_of(file, root_);
    const fs::path beside = file.parent_path();
    const std::vector<fs::path> masks{beside / ".." / ".." / "Masks" / beside.filename(),
                                      root_ / "Masks" / text_in(root, "folder"), root_ / "Masks",
                                      beside};
    int number = 0;
    for (const pugi::xml_node& object : root.children("object")) {
      add_labelme_object(object, draft, "object " + std::to_string(++number), masks);
    }
    return draft.take();
  }

  std::optional<LabelledImage> read_json_file(const fs::path& file) {
    DraftImage draft = this->draft(file.string());
    std::string fault;
    const auto json = parsed_json(text_of_file(file), fault);
    if (!json || text_at(*json, "imagePath").empty()) {
      draft.problem("", "malformed", json ? "imagePath is no text" : fault, true);
      return std::nullopt;
    }
    const fs::path beside = file.parent_path();
    const fs::path picture = stated_picture({beside, beside / "images", beside / ".." / "images",
                                             root_, root_ / "images", beside / ".." / "JPEGImages"},
                                            text_at(*json, "imagePath"));
    std::error_code failed;
    if (!fs::is_regular_file(picture, failed) && !text_at(*json, "imageData").empty()) {
      draft.problem(
          "", "picture_missing",
          picture.string() + ": is not there; the picture is in imageData alone, wanted as a file",
          true);
      return std::nullopt;
    }
    if (!draft.open(picture) || !draft.check_size(number_at(*json, "imageWidth").value_or(0),
                                                  number_at(*json, "imageHeight").value_or(0))) {
      return std::nullopt;
    }
    draft.image.split = split_of(file, root_);
    const Json& flags = object_at(*json, "flags");
    if (!flags.empty()) draft.image.more["flags"] = flags;
    add_labelme_shapes(*json, draft, info_);
    return draft.take();
  }

  std::vector<fs::path> files_;
  std::size_t at_ = 0;
};

}  // namespace

bool looks_like_labelme(const fs::path& path) {
  for (const fs::path& file : files_below(path, {".json"})) {
    if (is_labelme_json(file)) return true;
  }
  for (const fs::path& file : files_below(path, {".xml"})) {
    pugi::xml_document document;
    std::string fault;
    if (!read_xml(file, document, fault)) continue;
    const pugi::xml_node root = document.child("annotation");
    if (!root || root.child("object").child("bndbox")) return false;
    if (is_labelme_xml(root)) return true;
  }
  return false;
}

std::unique_ptr<Source> open_labelme(const fs::path& path) {
  return std::make_unique<LabelmeSource>(path);
}

}  // namespace orrery
