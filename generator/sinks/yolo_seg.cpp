// YOLO segmentation, see yolo.hpp. Numbers of a label: x y of each corner of one polygon, in order.
//
// A line holds one polygon, and all lines of a file must be polygons: several parts of an instance
// are joined by bridges that go there and back and enclose nothing; holes are filled and counted; a
// label that has only a box is its rectangle, and counted.

#include "generator/sinks/polygons.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/yolo.hpp"

namespace orrery {
namespace {

std::optional<std::string> polygon_numbers(const LabelledImage& image, const Label& label,
                                           std::map<std::string, std::uint64_t>& left_out) {
  if (!label.mask && label.outline.empty()) ++left_out["shapes of labels that have only a box"];
  std::size_t holes = 0;
  const std::vector<Polygon> parts = outline_inside(image, label, holes);
  if (holes > 0) left_out["holes of masks"] += holes;
  const Polygon polygon = parts.size() == 1 ? parts[0] : joined(parts, image.width, image.height);
  if (polygon.size() < 3) {
    ++left_out["labels without a pixel inside the image"];
    return std::nullopt;
  }
  std::string text;
  for (const glm::dvec2& corner : polygon) {
    if (!text.empty()) text += ' ';
    text += yolo_fraction(corner.x, image.width) + " " + yolo_fraction(corner.y, image.height);
  }
  return text;
}

}  // namespace

std::unique_ptr<Sink> make_yolo_seg(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options) {
  YoloTask task;
  task.carries.masks = true;
  task.numbers = polygon_numbers;
  return std::make_unique<YoloSink>(folder, info, options, std::move(task));
}

}  // namespace orrery
