// Byte layout: a folder for each split, named as it; images without a split are in "unsplit". In it
//   00000012.jpg     pictures, linked from where they were, by number in the whole dataset: parts
//                    of a name such as "test" would make load_dataset() find splits that are none
//   metadata.jsonl   an object a line for each picture. All lines have the same keys and types and
//                    no nulls, and the first one has objects if any has: load_dataset() takes the
//                    types from there
// beside them
//   README.md        names the splits for load_dataset(FOLDER), whatever they are called ("-" is
//                    "_"); a dataset without splits is "train", as it is for
//                    load_dataset("imagefolder"). A split without a single object beside others
//                    that have some is a configuration of its own, load_dataset(FOLDER, SPLIT):
//                    its lists have no types, and load_dataset() takes no splits that differ
//   classes.json     the dataset's classes and keypoints
//
// A line's keys:
//   file_name, name          of the picture here; of the image in its dataset
//   width, height            pixels, upright; load_dataset() turns pictures as their EXIF says
//   fold                     from 0; -1: none
//   track                    "" if it has none
//   train_only               never validated or tested on
//   lineage                  JSON in a text: [{"kind", "name", "sha256", "licence"}]
//   objects                  a struct of lists with an element for each label, in order of id:
//     id                     in the image, from 1
//     bbox                   [x,y,w,h], pixels; pixel (0,0) spans [0,1)
//     category, label        class from 0; its name
//     area                   pixels
//     iscrowd, hard, loose   true or false
//     weight                 of its loss, in (0, 1]
//     mask                   COCO's compressed run lengths of [height,width]; "": none
//     visible_fraction, truncation, occlusion
//                            -1: not known
//     keypoints              of datasets with keypoints: x,y,v for each name of the class, pixels
//                            from the image's corner, with zeros up to the longest class
// There is no Parquet: Debian 12 has no library that writes it.

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_json.hpp"
#include "generator/sinks/packed_picture.hpp"
#include "generator/sinks/shards.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// metadata.jsonl of one split.
class Metadata {
 public:
  explicit Metadata(const fs::path& folder) : file_(folder / "metadata.jsonl"), waiting_(folder) {}

  /// Lines without objects wait until the first one with some has told the types.
  void add(const std::string& line, bool has_objects) {
    if (!typed_ && !has_objects) return waiting_.add(line);
    file_.write(line + "\n");
    if (!typed_) write_waiting();
    typed_ = true;
  }
  void finish() {
    if (!typed_) write_waiting();
    file_.commit();
  }
  /// A line had objects.
  bool typed() const { return typed_; }

 private:
  void write_waiting() {
    waiting_.each([&](std::uint64_t, std::string_view line) {
      file_.write(line);
      file_.write("\n");
    });
  }

  WholeFile file_;
  Spool waiting_;
  bool typed_ = false;
};

class Imagefolder : public Sink {
 public:
  Imagefolder(fs::path folder, DatasetInfo info, const SinkOptions& options)
      : folder_(std::move(folder)), info_(std::move(info)), options_(options) {
    for (const Keypoints& keypoints : info_.keypoints) {
      most_keypoints_ = std::max(most_keypoints_, keypoints.points.size());
    }
  }

  void add(const LabelledImage& image) override {
    const fs::path split = split_folder(image, "unsplit");
    char number[32];
    std::snprintf(number, sizeof number, "%08llu", static_cast<unsigned long long>(images_++));
    header_of(image);  // it can be read, and the labels are of it
    const std::string file = number + extension_of(image);
    const Json row = row_of(image, file);
    const std::string line = json_text(row, "image \"" + image.name + "\"");
    const auto found = splits_.find(split.string());
    if (found == splits_.end()) {
      for (const auto& other : splits_) {
        if (word_of(other.first) != word_of(split.string())) continue;
        throw Error("image \"" + image.name + "\": its split is \"" + image.split +
                    "\" and another is \"" + other.first + "\", which are one for this format");
      }
      std::error_code reason;
      fs::create_directory(folder_ / split, reason);
      if (reason) {
        throw Error((folder_ / split).string() + ": cannot be made: " + reason.message(), Exit::io);
      }
    }
    place_picture(image.file, folder_ / split / file);
    splits_.try_emplace(split.string(), folder_ / split)
        .first->second.add(line, !row.at("objects").at("id").empty());
  }

  void finish() override {
    for (auto& [split, metadata] : splits_) metadata.finish();
    if (!splits_.empty()) write_text(folder_ / "README.md", "---\n" + configs() + "---\n");
    write_text(folder_ / "classes.json", json_text(json_of(info_), folder_.string()) + "\n");
  }

 private:
  /// What load_dataset() calls a split: its names are words.
  static std::string word_of(std::string split) {
    std::replace(split.begin(), split.end(), '-', '_');
    return split;
  }

  std::string configs() const {
    const bool any = std::any_of(splits_.begin(), splits_.end(),
                                 [](const auto& split) { return split.second.typed(); });
    std::string main;
    std::string apart;
    for (const auto& [split, metadata] : splits_) {
      const bool whole = split == "unsplit" && splits_.size() == 1;
      const std::string entry =
          "  - split: " + (whole ? "train" : word_of(split)) + "\n    path: " + split + "/**\n";
      if (metadata.typed() || !any) {
        main += entry;
      } else {
        apart += "- config_name: " + word_of(split) + "\n  data_files:\n" + entry;
      }
    }
    return "configs:\n- config_name: default\n  data_files:\n" + main + apart;
  }

  static std::string extension_of(const LabelledImage& image) {
    std::string extension = image.file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return extension;
  }

  Json row_of(const LabelledImage& image, const std::string& file) {
    return {{"file_name", file},
            {"name", image.name},
            {"width", image.width},
            {"height", image.height},
            {"fold", image.fold.value_or(-1)},
            {"track", image.track},
            {"train_only", image.train_only},
            {"lineage", json_text(lineage_json(image), "image \"" + image.name + "\"")},
            {"objects", objects_of(image)}};
  }

  Json objects_of(const LabelledImage& image) {
    Json out = Json::object();
    for (const char* key : {"id", "bbox", "category", "label", "area", "iscrowd", "hard", "loose",
                            "weight", "mask", "visible_fraction", "truncation", "occlusion"}) {
      out[key] = Json::array();
    }
    if (most_keypoints_ > 0) out["keypoints"] = Json::array();
    static constexpr Carries kCarries{.masks = true,
                                      .keypoints = true,
                                      .crowds = true,
                                      .hard = true,
                                      .loose = true,
                                      .weights = true,
                                      .fractions = true,
                                      .splits = true,
                                      .folds = true,
                                      .lineage = true};
    for (const Label* label : carried(image, kCarries, options_, left_out_)) {
      const std::optional<Rle> mask = mask_of(*label, image.width, image.height);
      if (!label->mask && mask) ++left_out_["outlines finer than their masks"];
      out["id"].push_back(label->id);
      out["bbox"].push_back(
          {label->box.x0, label->box.y0, label->box.width(), label->box.height()});
      out["category"].push_back(label->class_id);
      out["label"].push_back(class_of(*label, image, info_));
      out["area"].push_back(label->area());
      out["iscrowd"].push_back(label->crowd);
      out["hard"].push_back(label->hard);
      out["loose"].push_back(label->loose);
      out["weight"].push_back(label->weight);
      out["mask"].push_back(mask ? coco_counts(*mask) : "");
      out["visible_fraction"].push_back(label->visible_fraction.value_or(-1));
      out["truncation"].push_back(label->truncation.value_or(-1));
      out["occlusion"].push_back(label->occlusion.value_or(-1));
      if (most_keypoints_ > 0) out["keypoints"].push_back(keypoints_of(*label));
    }
    return out;
  }

  Json keypoints_of(const Label& label) const {
    Json out = Json::array();
    for (std::size_t i = 0; i < most_keypoints_; ++i) {
      const LabelPoint point = i < label.keypoints.size() ? label.keypoints[i] : LabelPoint();
      out.push_back(point.position.x);
      out.push_back(point.position.y);
      out.push_back(static_cast<double>(point.visibility));
    }
    return out;
  }

  fs::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  std::size_t most_keypoints_ = 0;
  std::map<std::string, Metadata> splits_;
  std::uint64_t images_ = 0;
};

}  // namespace

std::unique_ptr<Sink> make_imagefolder(const fs::path& folder, const DatasetInfo& info,
                                       const SinkOptions& options) {
  return std::make_unique<Imagefolder>(folder, info, options);
}

}  // namespace orrery
