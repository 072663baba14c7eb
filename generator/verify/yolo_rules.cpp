#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <optional>
#include <set>

#include "generator/ingest/picture_header.hpp"
#include "generator/source.hpp"
#include "generator/verify/consumer.hpp"
#include "generator/verify/picture_rules.hpp"
#include "generator/verify/yolo_labels.hpp"
#include "generator/verify/yolo_yaml.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr double kSame = 1e-8;  ///< of the image's side: ten digits and a sum

const std::vector<std::string>& picture_extensions() {
  static const std::vector<std::string> kExtensions{".jpg", ".jpeg", ".png", ".bmp", ".gif",
                                                    ".JPG", ".JPEG", ".PNG", ".BMP"};
  return kExtensions;
}

/// Where Ultralytics looks for the labels of images/PICTURE, below the same folder.
fs::path label_file_of(const fs::path& picture) {
  std::string path = "/images/" + fs::path(picture).replace_extension(".txt").generic_string();
  const std::string from = "/images/";
  path.replace(path.rfind(from), from.size(), "/labels/");
  return path.substr(1);
}

/// JPEGs must end with the marker FFD9 to the byte: readers write others anew.
void check_end(const fs::path& file, Findings& findings) {
  std::ifstream in(file, std::ios::binary);
  char head[2] = {};
  char tail[2] = {};
  in.read(head, 2);
  in.seekg(-2, std::ios::end);
  in.read(tail, 2);
  if (!in || head[0] != '\xFF' || head[1] != '\xD8') return;  // no JPEG
  if (tail[0] == '\xFF' && tail[1] == '\xD9') return;
  findings.add("jpeg_end_marker", file.string(), "another end",
               "the marker FFD9 as its last bytes");
}

/// What a label spans, over the image's size.
struct Extent {
  std::size_t class_id = 0;
  std::optional<Rect> box{};  ///< nothing: cannot be said without computing what is to be checked
  bool needed = false;        ///< there must be a line
};

Rect over_size(Rect r, const LabelledImage& image) {
  const auto at = [](double x, int size) { return std::clamp(x / size, 0.0, 1.0); };
  return {at(r.x0, image.width), at(r.y0, image.height), at(r.x1, image.width),
          at(r.y1, image.height)};
}

Polygon corners_of(const OrientedBox& box) {
  const glm::dvec2 along = glm::dvec2(std::cos(box.angle), std::sin(box.angle)) * (box.size.x / 2);
  const glm::dvec2 across(-along.y * box.size.y / box.size.x, along.x * box.size.y / box.size.x);
  return {box.center - along - across, box.center + along - across, box.center + along + across,
          box.center - along + across};
}

Extent extent_from(const Label& label, const LabelledImage& image, const std::string& format) {
  Extent extent;
  extent.class_id = label.class_id;
  extent.needed = !label.crowd && label.weight >= 1;
  if (format == "yolo_obb") {
    if (label.oriented && label.oriented->size.x > 0) {
      extent.box = over_size(extent_of({corners_of(*label.oriented)}), image);
    }
  } else if (format == "yolo_seg" && !label.mask && !label.outline.empty()) {
    extent.box = over_size(extent_of(label.outline), image);
  } else {
    extent.box = over_size(label.box, image);
  }
  if (extent.box && extent.box->empty()) extent.needed = false;
  return extent;
}

Rect extent_from(const YoloLine& line, const std::string& format) {
  const std::vector<double>& n = line.numbers;
  if (format == "yolo" || format == "yolo_pose") {
    return {n[0] - n[2] / 2, n[1] - n[3] / 2, n[0] + n[2] / 2, n[1] + n[3] / 2};
  }
  Polygon corners;
  for (std::size_t i = 0; i + 1 < n.size(); i += 2) corners.emplace_back(n[i], n[i + 1]);
  return extent_of({corners});
}

bool is_same(const Extent& label, std::size_t class_id, const Rect& line) {
  if (label.class_id != class_id) return false;
  if (!label.box) return true;
  const auto near = [](double a, double b) { return std::abs(a - b) <= kSame; };
  return near(label.box->x0, line.x0) && near(label.box->y0, line.y0) &&
         near(label.box->x1, line.x1) && near(label.box->y1, line.y1);
}

class YoloRules {
 public:
  YoloRules(const FormatFolder& at, Findings& findings) : at_(at), findings_(findings) {}

  void run() {
    if (!at_.dataset.empty()) {
      try {
        source_ = open_orrery_dataset(at_.dataset);
        info_ = source_->info();
      } catch (const std::exception& e) {
        findings_.add("dataset_unreadable", at_.dataset.string(), e.what(),
                      "a dataset to compare with");
      }
      info_.classes = at_.facts.classes;
    }
    const bool poses = at_.format == "yolo_pose";
    yaml_ = check_yolo_yaml(at_.folder / "data.yaml", poses, info_, findings_);
    check_pictures();
    check_lists(yaml_, true);
    for (const fs::path& file : files_below(at_.folder, {".yaml"})) {
      if (file == "data.yaml" || file.filename() != "data.yaml") continue;
      check_lists(check_yolo_yaml(at_.folder / file, poses, info_, findings_), false);
    }
    if (source_) compare();
  }

 private:
  void check_pictures() {
    std::set<fs::path> labels;
    for (const fs::path& picture : files_below(at_.folder / "images", picture_extensions())) {
      const fs::path file = at_.folder / "images" / picture;
      pictures_.insert(file.lexically_normal().string());
      // The dataset's own pictures have been decoded.
      if (check_picture(file, 0, 0, source_ != nullptr, findings_)) check_small(file);
      check_end(file, findings_);
      const fs::path label = label_file_of(picture);
      if (!fs::is_regular_file(at_.folder / label)) {
        findings_.add("label_file_missing", file.string(), "no " + label.string(),
                      "a label file, empty where nothing is: readers take none for background");
        continue;
      }
      labels.insert(label);
      check_yolo_labels(at_.folder / label, at_.format, yaml_, findings_);
    }
    for (const fs::path& file : files_below(at_.folder / "labels", {".txt"})) {
      if (labels.contains(fs::path("labels") / file)) continue;
      findings_.add("picture_missing", (at_.folder / "labels" / file).string(),
                    "labels without a picture", "a picture below images");
    }
  }

  void check_small(const fs::path& file) {
    PictureFault fault;
    const auto header = find_picture_header(file, fault);
    if (!header || (header->width >= 10 && header->height >= 10)) return;
    findings_.add("picture_small", file.string(),
                  std::to_string(header->width) + " x " + std::to_string(header->height),
                  "10 pixels at least: readers leave smaller ones out");
  }

  void check_lists(const YoloYaml& yaml, bool all) {
    std::map<std::string, std::string> split_of;  // by picture
    for (const auto& [split, list] : yaml.lists) {
      if (fs::is_directory(list)) {
        all = false;
        continue;
      }
      std::uint64_t number = 0;
      for (const std::string& line : lines_of(list, findings_)) {
        const std::string where = list.string() + ":" + std::to_string(++number);
        const fs::path file = (list.parent_path() / line).lexically_normal();
        if (!pictures_.contains(file.string())) {
          findings_.add("list_picture_missing", where, line, "a picture below images");
          continue;
        }
        const auto [first, is_new] = split_of.try_emplace(file.string(), split);
        if (!is_new) {
          findings_.add("list_picture_twice", where,
                        line + " in " + first->second + " and " + split,
                        "a picture in one list, once");
        }
        const fs::path name =
            file.lexically_relative((at_.folder / "images").lexically_normal()).replace_extension();
        if (split == "val" && at_.facts.train_only.contains(name.generic_string())) {
          findings_.add("train_only_in_val", where, line + ", which is mixed or augmented",
                        "images that may be validated on");
        }
      }
    }
    for (const std::string& picture : pictures_) {
      if (!all || split_of.contains(picture)) continue;
      findings_.add("picture_in_no_list", picture, "no list that has it", "one of data.yaml's");
    }
  }

  /// Each line against the dataset's labels, and the other way round.
  void compare() {
    try {
      while (const std::optional<LabelledImage> image = source_->next()) compare(*image);
    } catch (const std::exception& e) {
      findings_.add("dataset_unreadable", at_.dataset.string(), e.what(),
                    "a dataset to compare with");
    }
  }

  void compare(const LabelledImage& image) {
    if (image.width < 10 || image.height < 10) return;
    const std::string picture = image.name + image.file.extension().string();
    const fs::path file = at_.folder / label_file_of(picture);
    if (!pictures_.contains((at_.folder / "images" / picture).lexically_normal().string())) {
      findings_.add("picture_missing", (at_.folder / "images" / picture).string(), "no file",
                    "each picture of the dataset");
      return;
    }
    if (!fs::exists(file)) return;  // found already
    std::vector<Extent> labels;
    for (const Label& label : image.labels) labels.push_back(extent_from(label, image, at_.format));
    std::vector<bool> has_line(labels.size());
    Findings known;  // told already
    for (const YoloLine& line : check_yolo_labels(file, at_.format, yaml_, known)) {
      const Rect extent = extent_from(line, at_.format);
      bool found = false;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (!is_same(labels[i], line.class_id, extent)) continue;
        found = has_line[i] = true;
      }
      if (found) continue;
      findings_.add("label_differs", line.where, "a label that the dataset does not have",
                    "the dataset's labels");
    }
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (has_line[i] || !labels[i].needed || !known.none()) continue;
      findings_.add("label_missing", file.string(),
                    "no line of label " + std::to_string(image.labels[i].id), "one");
    }
  }

  const FormatFolder& at_;
  Findings& findings_;
  std::unique_ptr<Source> source_;
  DatasetInfo info_;
  YoloYaml yaml_;
  std::set<std::string> pictures_;  ///< whole paths
};

}  // namespace

void check_yolo(const FormatFolder& at, Findings& findings) { YoloRules(at, findings).run(); }

}  // namespace orrery
