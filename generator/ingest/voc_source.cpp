// Pascal VOC: one XML file a picture, in Annotations/ beside JPEGImages/, or beside its picture.
// Splits: ImageSets/Main/{train,val,test}.txt, else the folder's name.
// Classes: labelmap.txt, classes.txt or labels.txt in the folder or the one above, else all names
// in alphabetical order. Boxes: pixels count from 1 and xmax, ymax are inclusive: [xmin-1, xmax) ×
// [ymin-1, ymax). Where any coordinate of the dataset is written with decimals, or any xmin or ymin
// is 0, it was written by a program that has pixel edges from 0 (CVAT, Datumaro, Roboflow): [xmin,
// xmax) × [ymin, ymax). info().description says which. `difficult` is Label::hard; pose, truncated,
// occluded go to `more`.

#include <algorithm>
#include <set>

#include "generator/ingest/formats.hpp"
#include "generator/ingest/labelme_xml.hpp"
#include "generator/ingest/read_source.hpp"
#include "generator/ingest/xml_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// "label:color_rgb:parts:actions": the label, which may hold colons itself.
std::string name_of_map(const std::string& line) {
  std::size_t end = line.size();
  for (int column = 0; column < 3; ++column) {
    const std::size_t colon = end == 0 ? std::string::npos : line.rfind(':', end - 1);
    if (colon == std::string::npos) return line.substr(0, line.find(':'));
    end = colon;
  }
  return line.substr(0, end);
}

/// What a list of images calls the image of an XML file: its path below Annotations, without
/// extension.
std::string listed_name(const fs::path& file) {
  fs::path name = file.stem();
  for (fs::path folder = file.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (folder.filename() == "Annotations") return name.generic_string();
    name = folder.filename() / name;
  }
  return file.stem().string();
}

class VocSource : public ReadSource {
 public:
  explicit VocSource(const fs::path& path)
      : ReadSource(fs::is_directory(path) ? path : path.parent_path()) {
    files_ = files_below(path, {".xml"});
    look_over();
    read_splits();
  }

 private:
  std::optional<LabelledImage> read_next() override {
    while (at_ < files_.size()) {
      if (auto image = read(files_[at_++])) return image;
    }
    return std::nullopt;
  }

  /// Class names, and how the dataset counts.
  void look_over() {
    std::set<std::string> names;
    for (const fs::path& file : files_) {
      pugi::xml_document document;
      std::string fault;
      if (!read_xml(file, document, fault)) continue;  // said when its turn comes
      for (const pugi::xml_node& object : document.child("annotation").children("object")) {
        if (const std::string name = text_in(object, "name"); !name.empty()) names.insert(name);
        const pugi::xml_node box = object.child("bndbox");
        for (const char* side : {"xmin", "ymin", "xmax", "ymax"}) {
          const std::string text = text_in(box, side);
          const bool least = side[1] == 'm' && side[2] == 'i';
          if (text.find('.') != std::string::npos || (least && text == "0")) edges_ = true;
        }
      }
    }
    for (const fs::path& folder : {root_, root_.parent_path()}) {
      for (const char* list : {"labelmap.txt", "classes.txt", "labels.txt"}) {
        for (std::string name : names_in(folder / list)) {
          if (name.empty() || name.front() == '#') continue;
          if (list == std::string("labelmap.txt")) name = name_of_map(name);
          if (!name.empty()) info_.classes.push_back(name);
        }
        if (!info_.classes.empty()) break;
      }
      if (!info_.classes.empty()) break;
    }
    if (info_.classes.empty()) info_.classes.assign(names.begin(), names.end());
    info_.description = edges_ ? "Pascal VOC with pixel edges from 0"
                               : "Pascal VOC with pixels from 1, both ends inclusive";
  }

  void read_splits() {
    for (const char* split : {"train", "val", "test"}) {
      for (const fs::path& folder : {root_, root_.parent_path()}) {
        for (const std::string& line :
             names_in(folder / "ImageSets" / "Main" / (std::string(split) + ".txt"))) {
          // Lists of one class have a second column: 1, 0 or -1.
          const auto words = words_of(line);
          if (!line.empty()) splits_[line] = split;
          if (words.size() == 2 && whole_from(words[1])) splits_[std::string(words[0])] = split;
        }
      }
    }
  }

  fs::path picture_of(const fs::path& file, const std::string& name) const {
    const fs::path listed = listed_name(file);
    fs::path above = file.parent_path();  // the folder that holds Annotations
    for (auto part = listed.begin(); part != listed.end(); ++part) above = above.parent_path();
    const std::string stem = file.stem().string();
    const std::string last = fs::path(name).filename().string();
    std::error_code failed;
    for (const fs::path& folder : {above / "JPEGImages", above / "images"}) {
      if (!name.empty() && fs::is_regular_file(folder / name, failed)) return folder / name;
      const fs::path beside = (folder / listed).parent_path();
      if (!last.empty() && fs::is_regular_file(beside / last, failed)) return beside / last;
      if (fs::path found = picture_named(folder / listed); !found.empty()) return found;
    }
    for (const fs::path& folder :
         {file.parent_path(), file.parent_path() / ".." / "JPEGImages",
          file.parent_path() / ".." / "images", root_, root_ / "JPEGImages", root_ / "images"}) {
      if (!last.empty() && fs::is_regular_file(folder / last, failed)) return folder / last;
      if (fs::path found = picture_named(folder / stem); !found.empty()) return found;
    }
    return file.parent_path() / (last.empty() ? stem + ".jpg" : last);
  }

  std::optional<LabelledImage> read(const fs::path& file) {
    DraftImage draft = this->draft(file.string());
    pugi::xml_document document;
    std::string fault;
    if (!read_xml(file, document, fault)) {
      draft.problem("", "malformed", fault, true);
      return std::nullopt;
    }
    const pugi::xml_node root = document.child("annotation");
    if (!root) {
      draft.problem("", "malformed", "has no element <annotation>", true);
      return std::nullopt;
    }
    if (!draft.open(picture_of(file, text_in(root, "filename")))) {
      return std::nullopt;
    }
    const pugi::xml_node size = root.child("size");
    if (!draft.check_size(number_in(size, "width").value_or(0),
                          number_in(size, "height").value_or(0))) {
      return std::nullopt;
    }
    auto split = splits_.find(listed_name(file));
    if (split == splits_.end()) split = splits_.find(file.stem().string());
    draft.image.split = split != splits_.end() ? split->second : split_of(file, root_);
    int number = 0;
    for (const pugi::xml_node& object : root.children("object")) {
      add(draft, object, "object " + std::to_string(++number));
    }
    return draft.take();
  }

  void add(DraftImage& draft, const pugi::xml_node& object, const std::string& at) {
    const auto class_id = draft.class_of(text_in(object, "name"), at);
    if (!class_id) return;
    const pugi::xml_node box = object.child("bndbox");
    const auto x0 = number_in(box, "xmin");
    const auto y0 = number_in(box, "ymin");
    const auto x1 = number_in(box, "xmax");
    const auto y1 = number_in(box, "ymax");
    if (!x0 || !y0 || !x1 || !y1) {
      draft.problem(at, "box_not_a_number", "<bndbox> lacks a number among xmin ymin xmax ymax");
      return;
    }
    Label label;
    label.class_id = *class_id;
    const double first = edges_ ? 0 : 1;
    label.box = {*x0 - first, *y0 - first, *x1, *y1};
    label.hard = text_in(object, "difficult") == "1";
    for (const char* key : {"pose", "truncated", "occluded"}) {
      const std::string text = text_in(object, key);
      if (!text.empty() && text != "0" && text != "Unspecified") label.more[key] = text;
    }
    draft.add(std::move(label), at);
  }

  std::vector<fs::path> files_;
  std::size_t at_ = 0;
  bool edges_ = false;
  std::map<std::string, std::string> splits_;
};

}  // namespace

bool looks_like_voc(const fs::path& path) {
  for (const fs::path& file : files_below(path, {".xml"})) {
    pugi::xml_document document;
    std::string fault;
    if (!read_xml(file, document, fault)) continue;
    const pugi::xml_node root = document.child("annotation");
    if (!root) return false;
    return !is_labelme_xml(root);
  }
  return false;
}

std::unique_ptr<Source> open_voc(const fs::path& path) { return std::make_unique<VocSource>(path); }

}  // namespace orrery
