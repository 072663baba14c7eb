#include "renderer/labels/annotate.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "renderer/labels/column_runs.hpp"
#include "renderer/labels/keypoints.hpp"
#include "renderer/labels/mask.hpp"
#include "renderer/labels/oriented_box.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

using Spans = std::vector<ColumnSpan>;

/// What the pixels say of one instance.
struct Extent {
  Spans visible;
  Spans amodal;  ///< image coordinates, inside and outside the image
};

std::uint64_t area_of(const Spans& spans) {
  std::uint64_t sum = 0;
  for (const ColumnSpan& span : spans) sum += static_cast<std::uint64_t>(span.y1 - span.y0);
  return sum;
}

Box box_of(const Spans& spans) {
  if (spans.empty()) return {};
  Box box{spans.front().x, std::numeric_limits<int>::max(), spans.back().x + 1,
          std::numeric_limits<int>::min()};
  for (const ColumnSpan& span : spans) {
    box.y0 = std::min(box.y0, span.y0);
    box.y1 = std::max(box.y1, span.y1);
  }
  return box;
}

Spans inside_image(const Spans& spans, int width, int height) {
  Spans inside;
  inside.reserve(spans.size());
  for (const ColumnSpan& span : spans) {
    const ColumnSpan cut{span.x, std::max(span.y0, 0), std::min(span.y1, height)};
    if (span.x >= 0 && span.x < width && cut.y0 < cut.y1) inside.push_back(cut);
  }
  return inside;
}

[[noreturn]] void refuse_id(std::uint64_t id, std::size_t objects) {
  throw Error("frame: a pixel belongs to instance " + std::to_string(id) + ", wanted at most " +
                  std::to_string(objects),
              Exit::bug);
}

void collect_visible(const ColumnRuns<std::uint16_t>& ids, std::vector<Extent>& extents) {
  for (const auto& run : ids.runs) {
    if (run.value == 0) continue;
    if (run.value > extents.size()) refuse_id(run.value, extents.size());
    extents[run.value - 1U].visible.push_back(run.span);
  }
}

void collect_amodal(const AmodalBits& amodal, std::vector<Extent>& extents) {
  const auto plane_size =
      static_cast<std::size_t>(amodal.width) * static_cast<std::size_t>(amodal.height);
  for (std::size_t plane = 0; plane * plane_size < amodal.bits.size(); ++plane) {
    const ImageView<std::uint32_t> bits(amodal.width, amodal.height,
                                        amodal.bits.subspan(plane * plane_size, plane_size));
    for (const auto& run : column_runs(bits).runs) {
      const ColumnSpan span{run.span.x - amodal.offset_x, run.span.y0 - amodal.offset_y,
                            run.span.y1 - amodal.offset_y};
      for (std::uint32_t rest = run.value; rest != 0; rest &= rest - 1) {
        const std::size_t at = plane * 32 + static_cast<std::size_t>(std::countr_zero(rest));
        if (at >= extents.size()) refuse_id(at + 1, extents.size());
        Spans& spans = extents[at].amodal;
        // Another instance's bit may cut a run in two.
        if (!spans.empty() && spans.back().x == span.x && spans.back().y1 == span.y0) {
          spans.back().y1 = span.y1;
        } else {
          spans.push_back(span);
        }
      }
    }
  }
}

/// Who is seen where `id` would be alone; `amodal` lies inside the image.
std::vector<Occluder> occluders_of(std::uint32_t id, const Spans& amodal,
                                   const ColumnRuns<std::uint16_t>& ids,
                                   std::vector<std::uint64_t>& area_by_id) {
  for (const ColumnSpan& span : amodal) {
    for (const auto& run : ids.column(span.x)) {
      if (run.span.y1 <= span.y0) continue;
      if (run.span.y0 >= span.y1) break;
      area_by_id[run.value] += static_cast<std::uint64_t>(std::min(run.span.y1, span.y1) -
                                                          std::max(run.span.y0, span.y0));
    }
  }
  std::vector<Occluder> occluders;
  for (std::uint32_t other = 0; other < area_by_id.size(); ++other) {
    if (other != id && area_by_id[other] > 0) occluders.push_back({other, area_by_id[other]});
    area_by_id[other] = 0;
  }
  return occluders;
}

/// Why an instance without a visible pixel has none.
std::string rule_of(const Shot& shot, const Object& object, const Model& model,
                    const Extent& extent) {
  const Intrinsics& camera = shot.view.intrinsics;
  if (!extent.amodal.empty()) {
    return inside_image(extent.amodal, camera.width, camera.height).empty() ? "outside" : "hidden";
  }
  // It has no pixel even alone: it is nowhere near the canvas, it is too small, or it shows a side
  // that is not there.
  const glm::dvec3 center = (glm::dvec3(model.bounds.low) + glm::dvec3(model.bounds.high)) * 0.5;
  const glm::dvec3 in_camera = shot.view.camera_from_world(object.world_from_object(center));
  const auto seen = project(camera, in_camera);
  const bool inside =
      seen && seen->x >= 0 && seen->y >= 0 && seen->x < camera.width && seen->y < camera.height;
  if (!inside) return "outside";
  const double across = glm::length(glm::dvec3(model.bounds.high) - glm::dvec3(model.bounds.low)) *
                        object.world_from_object.scale;
  constexpr double kSmall = 4;  // pixels; what is larger meets a pixel's centre
  return camera.fx * across / in_camera.z < kSmall ? "subpixel" : "facing_away";
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// All that follows from the pixels alone.
InstanceLabel label_of(std::uint32_t id, const Extent& extent, bool alone,
                       const ColumnRuns<std::uint16_t>& ids, int width, int height,
                       std::vector<std::uint64_t>& area_by_id) {
  InstanceLabel label;
  label.id = id;
  label.visible = rle_from_spans(extent.visible, width, height);
  label.visible_area = area_of(extent.visible);
  label.visible_box = box_of(extent.visible);
  label.oriented_box = oriented_box(extent.visible);
  if (alone) {
    label.amodal = label.visible;
    label.amodal_area = label.amodal_inside_area = label.visible_area;
    label.amodal_box = label.visible_box;
  } else {
    const Spans inside = inside_image(extent.amodal, width, height);
    label.amodal = rle_from_spans(inside, width, height);
    label.amodal_area = area_of(extent.amodal);
    label.amodal_inside_area = area_of(inside);
    label.amodal_box = box_of(extent.amodal);
    label.occluders = occluders_of(id, inside, ids, area_by_id);
  }
  std::uint64_t hidden = 0;
  for (const Occluder& occluder : label.occluders) hidden += occluder.area;
  label.visible_fraction = ratio(label.visible_area, label.amodal_area);
  label.truncation = ratio(label.amodal_area - label.amodal_inside_area, label.amodal_area);
  label.occlusion = ratio(hidden, label.amodal_inside_area);
  return label;
}

}  // namespace

Annotations annotate(const Frame& frame, std::span<const Model> models) {
  const Shot& shot = *frame.shot;
  const std::vector<Object>& objects = shot.scene.objects;
  const bool alone = frame.amodal.bits.empty();
  const ColumnRuns<std::uint16_t> ids = column_runs(frame.id);
  std::vector<Extent> extents(objects.size());
  collect_visible(ids, extents);
  collect_amodal(frame.amodal, extents);

  Annotations annotations;
  std::vector<std::uint64_t> area_by_id(objects.size() + 1);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Object& object = objects[i];
    const Model& model = models[object.model];
    const auto id = static_cast<std::uint32_t>(i + 1);
    if (extents[i].visible.empty()) {
      annotations.dropped.push_back(
          {id, object.class_id, rule_of(shot, object, model, extents[i])});
      continue;
    }
    InstanceLabel label =
        label_of(id, extents[i], alone, ids, frame.id.width, frame.id.height, area_by_id);
    label.class_id = object.class_id;
    label.camera_from_object = shot.view.camera_from_world * object.world_from_object;
    label.bounds = model.bounds;
    label.keypoints = keypoint_labels(frame, id, model);
    annotations.instances.push_back(std::move(label));
  }
  return annotations;
}

void drop_unfit(Annotations& annotations, const LabelSpec& least) {
  const auto broken = [&](const InstanceLabel& label) -> std::string {
    const int side = std::min(label.visible_box.x1 - label.visible_box.x0,
                              label.visible_box.y1 - label.visible_box.y0);
    if (label.visible_fraction < least.min_visible) return "min_visible";
    if (label.truncation > least.max_truncation) return "max_truncation";
    if (side < least.min_side) return "min_side";
    if (static_cast<double>(label.visible_area) < least.min_area) return "min_area";
    return {};
  };
  std::vector<InstanceLabel> kept;
  for (InstanceLabel& label : annotations.instances) {
    const std::string rule = broken(label);
    if (rule.empty()) {
      kept.push_back(std::move(label));
    } else {
      annotations.dropped.push_back({label.id, label.class_id, rule});
    }
  }
  annotations.instances = std::move(kept);
  std::sort(annotations.dropped.begin(), annotations.dropped.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
}

}  // namespace orrery
