// YOLO oriented boxes, see yolo.hpp. Numbers of a label: x y of the four corners, clockwise on the
// screen from the one where the box's own axes begin.
//
// Of a label without an oriented box: that of the least area around its mask, or its box. Corners
// outside the image are moved to its border and counted; they are no rectangle then.

#include <cmath>

#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/yolo.hpp"
#include "renderer/labels/oriented_box.hpp"

namespace orrery {
namespace {

std::vector<ColumnSpan> spans_of(const Rle& mask) {
  std::vector<ColumnSpan> spans;
  std::uint64_t at = 0;
  const auto height = static_cast<std::uint64_t>(mask.height);
  for (std::size_t i = 0; i < mask.counts.size(); ++i) {
    const std::uint64_t end = at + mask.counts[i];
    for (std::uint64_t from = at; i % 2 == 1 && from < end;) {
      const std::uint64_t to = std::min(end, (from / height + 1) * height);
      const std::uint64_t x = from / height;
      spans.push_back({static_cast<int>(x), static_cast<int>(from - x * height),
                       static_cast<int>(to - x * height)});
      from = to;
    }
    at = end;
  }
  return spans;
}

OrientedBox oriented_of(const LabelledImage& image, const Label& label,
                        std::map<std::string, std::uint64_t>& left_out) {
  if (label.oriented) return *label.oriented;
  if (const std::optional<Rle> mask = mask_of(label, image.width, image.height)) {
    const std::vector<ColumnSpan> spans = spans_of(*mask);
    if (!spans.empty()) return oriented_box(spans);
  }
  ++left_out["angles of labels that have only a box"];
  const Rect& box = label.box;
  return {{(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2}, {box.width(), box.height()}, 0};
}

std::optional<std::string> corner_numbers(const LabelledImage& image, const Label& label,
                                          std::map<std::string, std::uint64_t>& left_out) {
  const OrientedBox box = oriented_of(image, label, left_out);
  const glm::dvec2 along = glm::dvec2(std::cos(box.angle), std::sin(box.angle)) * (box.size.x / 2);
  const glm::dvec2 across =
      glm::dvec2(-std::sin(box.angle), std::cos(box.angle)) * (box.size.y / 2);
  std::string text;
  bool moved = false;
  Polygon inside;
  for (const glm::dvec2& corner : {box.center - along - across, box.center + along - across,
                                   box.center + along + across, box.center - along + across}) {
    const glm::dvec2 size(image.width, image.height);
    inside.push_back(glm::clamp(corner, glm::dvec2(0), size));
    moved = moved || glm::distance(inside.back(), corner) > 1e-9;
    if (!text.empty()) text += ' ';
    text += yolo_fraction(corner.x, image.width) + " " + yolo_fraction(corner.y, image.height);
  }
  if (extent_of({inside}).empty()) {
    ++left_out["boxes outside the image"];
    return std::nullopt;
  }
  if (moved) ++left_out["corners outside the image"];
  return text;
}

}  // namespace

std::unique_ptr<Sink> make_yolo_obb(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options) {
  YoloTask task;
  task.carries.oriented_boxes = true;
  task.numbers = corner_numbers;
  return std::make_unique<YoloSink>(folder, info, options, std::move(task));
}

}  // namespace orrery
