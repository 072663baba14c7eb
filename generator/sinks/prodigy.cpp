// Prodigy, as tasks of image.manual. Byte layout:
//
//   images/<name>.<ext>   the pictures
//   tasks.jsonl           a task a line: image (a path from the dataset's folder), width, height,
//   spans,
//                         answer "accept", meta {"name", "split"}, _input_hash, _task_hash,
//                         _view_id "image_manual"
//   a span                id, label, type "rect" or "polygon", points [[x,y],…], and x, y, width,
//   height,
//                         center of their extent; pixels of the upright picture from its corner
//
// Hashes are 31 bits of SHA-256, of the image's path and of the whole task. Masks are polygons
// along pixel edges: holes are filled, and each further part is a span of its own; both are
// counted.

#include <charconv>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/polygons.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

std::uint32_t hash_of(const std::string& text) {
  Sha256 sum;
  sum.add(std::string_view(text));
  const std::string hex = sum.hex();
  std::uint32_t value = 0;
  std::from_chars(hex.data(), hex.data() + 8, value, 16);
  return value >> 1U;
}

class ProdigySink : public Sink {
 public:
  ProdigySink(const std::filesystem::path& folder, DatasetInfo info, const SinkOptions& options)
      : folder_(folder), info_(std::move(info)), options_(options), out_(folder / "tasks.jsonl") {}

  void add(const LabelledImage& image) override {
    static constexpr Carries kCarries{.masks = true, .splits = true};
    place_picture_of(image, folder_ / "images");
    Json spans = Json::array();
    for (const Label* label : carried(image, kCarries, options_, left_out_)) {
      add_spans(spans, image, *label);
    }
    const std::string path = "images/" + picture_name(image);
    Json meta{{"name", image.name}};
    if (!image.split.empty()) meta["split"] = image.split;
    Json task{{"image", path},          {"width", image.width},
              {"height", image.height}, {"spans", std::move(spans)},
              {"answer", "accept"},     {"meta", std::move(meta)}};
    const std::uint32_t whole = hash_of(task.dump());
    task["_input_hash"] = hash_of(path);
    task["_task_hash"] = whole;
    task["_view_id"] = "image_manual";
    out_.write(task.dump() + "\n");
  }

  void finish() override { out_.close(); }

 private:
  void add_spans(Json& spans, const LabelledImage& image, const Label& label) {
    const bool rect = !label.mask && label.outline.empty();
    std::size_t holes = 0;
    const std::vector<Polygon> parts = outline_inside(image, label, holes);
    if (holes > 0) left_out_["holes of masks"] += holes;
    if (parts.empty()) {
      ++left_out_[rect ? "boxes outside the image" : "labels without a pixel inside the image"];
    }
    if (parts.size() > 1) ++left_out_["labels of several polygons as one"];
    for (const Polygon& part : parts) {
      Json points = Json::array();
      for (const glm::dvec2& corner : part) points.push_back({corner.x, corner.y});
      const Rect extent = extent_of({part});
      spans.push_back({{"id", "s" + std::to_string(spans.size() + 1)},
                       {"label", info_.classes.at(label.class_id)},
                       {"type", rect ? "rect" : "polygon"},
                       {"points", std::move(points)},
                       {"x", extent.x0},
                       {"y", extent.y0},
                       {"width", extent.width()},
                       {"height", extent.height()},
                       {"center", {(extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2}}});
    }
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  TextFile out_;
};

}  // namespace

std::unique_ptr<Sink> make_prodigy(const std::filesystem::path& folder, const DatasetInfo& info,
                                   const SinkOptions& options) {
  return std::make_unique<ProdigySink>(folder, info, options);
}

}  // namespace orrery
