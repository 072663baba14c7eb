// Byte layout: TFRecord files shard-000000.tfrecord, shard-000001.tfrecord, … in a folder for each
// split, or in the dataset's own folder where images have no split; see Shards for their size and
// for index.json, which lists them. label_map.pbtxt lies in the dataset's folder: ids from 1.
//
// A record (see tf_example.hpp) is one image, a tf.train.Example with the keys of TensorFlow's
// object detection API; lists have an element for each box:
//   image/encoded, image/format            the picture, upright; "jpeg" or "png"
//   image/filename, image/source_id        name with that extension; name
//   image/key/sha256                       of image/encoded
//   image/height, image/width              pixels
//   image/object/bbox/ymin xmin ymax xmax  0…1 of height and width; pixel (0,0) starts at 0
//   image/object/class/text, /label        name; from 1
//   image/object/area                      pixels
//   image/object/is_crowd, /group_of       1: a group
//   image/object/difficult                 1: hard
//   image/object/weight                    of its loss, in (0, 1]
//   image/object/mask                      PNGs of 0 and 1, as large as the image; only in images
//                                          whose labels all have one
// and, beyond that API:
//   image/fold                             from 0; -1: none
//   image/train_only                       1: never validated or tested on
//   image/lineage                          "kind:name" of all that the image is made of
// Boxes end at the image's edge: the API refuses those that go beyond it.

#include <algorithm>
#include <map>
#include <span>

#include "generator/encode.hpp"
#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_json.hpp"
#include "generator/sinks/packed_picture.hpp"
#include "generator/sinks/shards.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/tf_example.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

/// A text of protocol buffers' text form.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string label_map_of(const DatasetInfo& info) {
  std::string out;
  for (std::size_t i = 0; i < info.classes.size(); ++i) {
    out +=
        "item {\n  id: " + std::to_string(i + 1) + "\n  name: " + quoted(info.classes[i]) + "\n}\n";
  }
  return out;
}

/// The columns of an image's boxes.
struct Columns {
  std::vector<float> y0, x0, y1, x1, area, weight;
  std::vector<std::string> text, mask;
  std::vector<std::int64_t> label, crowd, hard;
};

std::string png_of(const Rle& mask) {
  const std::vector<std::byte> png = png_from(mask_from_rle(mask));
  return {reinterpret_cast<const char*>(png.data()), png.size()};
}

class Tfrecord : public Sink {
 public:
  Tfrecord(std::filesystem::path folder, DatasetInfo info, const SinkOptions& options)
      : folder_(std::move(folder)), info_(std::move(info)), options_(options) {}

  void add(const LabelledImage& image) override {
    const std::string record = tf_record(example_of(image).encoded());
    const auto shards = splits_.try_emplace(image.split, folder_ / split_folder(image, ""),
                                            ".tfrecord", "", options_);
    shards.first->second.add(record);
  }

  void finish() override {
    if (splits_.empty()) splits_.try_emplace("", folder_, ".tfrecord", "", options_);
    for (auto& [split, shards] : splits_) {
      Json more = json_of(info_);
      more["split"] = split;
      shards.finish(more);
    }
    write_text(folder_ / "label_map.pbtxt", label_map_of(info_));
  }

 private:
  TfExample example_of(const LabelledImage& image) {
    PackedPicture picture = packed_picture(image);
    TfExample example;
    example.bytes("image/format", {picture.extension == "jpg" ? "jpeg" : "png"});
    example.bytes("image/filename", {image.name + "." + picture.extension});
    example.bytes("image/source_id", {image.name});
    example.bytes("image/key/sha256", {sha256_hex(std::as_bytes(std::span(picture.bytes)))});
    example.bytes("image/encoded", {std::move(picture.bytes)});
    example.integers("image/height", {image.height});
    example.integers("image/width", {image.width});
    example.integers("image/fold", {image.fold.value_or(-1)});
    example.integers("image/train_only", {image.train_only ? 1 : 0});
    std::vector<std::string> lineage;
    for (const Ingredient& part : image.lineage) lineage.push_back(part.kind + ":" + part.name);
    example.bytes("image/lineage", lineage);
    add_boxes(example, columns_of(image));
    return example;
  }

  Columns columns_of(const LabelledImage& image) {
    Columns columns;
    std::uint64_t masks = 0;
    static constexpr Carries kCarries{.masks = true,
                                      .crowds = true,
                                      .hard = true,
                                      .weights = true,
                                      .splits = true,
                                      .folds = true,
                                      .lineage = true};
    for (const Label* label : carried(image, kCarries, options_, left_out_)) {
      const Rect inside{std::max(label->box.x0, 0.0), std::max(label->box.y0, 0.0),
                        std::min(label->box.x1, static_cast<double>(image.width)),
                        std::min(label->box.y1, static_cast<double>(image.height))};
      if (inside.empty()) {
        ++left_out_["boxes outside the image"];
        continue;
      }
      if (inside != label->box) ++left_out_["parts of boxes outside the image"];
      columns.x0.push_back(static_cast<float>(inside.x0 / image.width));
      columns.y0.push_back(static_cast<float>(inside.y0 / image.height));
      columns.x1.push_back(static_cast<float>(inside.x1 / image.width));
      columns.y1.push_back(static_cast<float>(inside.y1 / image.height));
      columns.text.push_back(class_of(*label, image, info_));
      columns.label.push_back(label->class_id + std::int64_t{1});
      columns.area.push_back(static_cast<float>(label->area()));
      columns.weight.push_back(static_cast<float>(label->weight));
      columns.crowd.push_back(label->crowd ? 1 : 0);
      columns.hard.push_back(label->hard ? 1 : 0);
      const std::optional<Rle> mask = mask_of(*label, image.width, image.height);
      columns.mask.push_back(mask ? png_of(*mask) : std::string());
      if (mask) ++masks;
    }
    if (masks < columns.mask.size()) {
      if (masks > 0) left_out_["masks beside labels without one"] += masks;
      columns.mask.clear();
    }
    return columns;
  }

  static void add_boxes(TfExample& example, const Columns& columns) {
    example.floats("image/object/bbox/ymin", columns.y0);
    example.floats("image/object/bbox/xmin", columns.x0);
    example.floats("image/object/bbox/ymax", columns.y1);
    example.floats("image/object/bbox/xmax", columns.x1);
    example.bytes("image/object/class/text", columns.text);
    example.integers("image/object/class/label", columns.label);
    example.floats("image/object/area", columns.area);
    example.integers("image/object/is_crowd", columns.crowd);
    example.integers("image/object/group_of", columns.crowd);
    example.integers("image/object/difficult", columns.hard);
    example.floats("image/object/weight", columns.weight);
    if (!columns.mask.empty()) example.bytes("image/object/mask", columns.mask);
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  std::map<std::string, Shards> splits_;
};

}  // namespace

std::unique_ptr<Sink> make_tfrecord(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options) {
  return std::make_unique<Tfrecord>(folder, info, options);
}

}  // namespace orrery
