#include "renderer/labels/panoptic.hpp"

#include <algorithm>
#include <map>

#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr std::uint32_t kFirstStuff = 65536;
constexpr std::uint32_t kGround = 5;  // into stuff_names()
constexpr std::uint32_t kSky = 6;
constexpr std::uint32_t kBackground = 7;

/// What kind of surroundings a pixel without an instance shows.
std::uint32_t stuff_at(const Frame& frame, std::size_t pixel) {
  const Scene& scene = frame.shot->scene;
  const std::uint32_t prop = frame.prop.pixels[pixel];
  if (prop == 0) return scene.background.kind == BackgroundKind::sky ? kSky : kBackground;
  return prop > scene.props.size() ? kGround
                                   : static_cast<std::uint32_t>(scene.props[prop - 1].stuff);
}

void grow(Segment& segment, int x0, int x1, int y) {
  Box& box = segment.box;
  if (segment.area == 0) box = {x0, y, x1, y + 1};
  box = {std::min(box.x0, x0), std::min(box.y0, y), std::max(box.x1, x1), std::max(box.y1, y + 1)};
  segment.area += static_cast<std::uint64_t>(x1 - x0);
}

[[noreturn]] void refuse(std::uint32_t id, const char* what, std::uint64_t found,
                         std::uint64_t wanted) {
  throw Error("panoptic: segment " + std::to_string(id) + ": " + what + " is " +
                  std::to_string(found) + ", wanted " + std::to_string(wanted),
              Exit::bug);
}

}  // namespace

const std::vector<std::string>& stuff_names() {
  static const std::vector<std::string> names{"distractor", "surface", "bin", "room",
                                              "shelf",      "ground",  "sky", "background"};
  return names;
}

Panoptic panoptic_of(const Frame& frame, const Annotations& annotations) {
  Panoptic out;
  const int width = frame.id.width;
  out.ids = Image<std::uint32_t>(width, frame.id.height);
  for (std::size_t i = 0; i < frame.id.pixels.size(); ++i) {
    const std::uint32_t id = frame.id.pixels[i];
    out.ids.pixels[i] = id != 0 ? id : kFirstStuff + stuff_at(frame, i);
  }
  std::map<std::uint32_t, Segment> segments;
  for (const InstanceLabel& label : annotations.instances) {
    segments[label.id] = {label.id, true, label.class_id, false, 0, {}};
  }
  for (const auto& dropped : annotations.dropped) {
    segments[dropped.id] = {dropped.id, true, dropped.class_id, true, 0, {}};
  }
  for (std::uint32_t kind = 0; kind < stuff_names().size(); ++kind) {
    segments[kFirstStuff + kind] = {kFirstStuff + kind, false, kind, false, 0, {}};
  }
  for (int y = 0; y < out.ids.height; ++y) {
    for (int x = 0; x < width;) {
      const int first = x;
      const std::uint32_t id = out.ids.at(x, y);
      while (x < width && out.ids.at(x, y) == id) ++x;
      grow(segments.at(id), first, x, y);
    }
  }
  for (const auto& [id, segment] : segments) {
    if (segment.area > 0) out.segments.push_back(segment);
  }
  return out;
}

void check_panoptic(const Panoptic& panoptic, const Annotations& annotations) {
  std::map<std::uint32_t, std::uint64_t> labelled;
  for (const InstanceLabel& label : annotations.instances) labelled[label.id] = label.visible_area;
  std::uint64_t sum = 0;
  for (const Segment& segment : panoptic.segments) {
    sum += segment.area;
    if (!segment.thing || segment.crowd) continue;
    const auto label = labelled.find(segment.id);
    if (label == labelled.end()) refuse(segment.id, "count of its labels", 0, 1);
    if (segment.area != label->second) refuse(segment.id, "area", segment.area, label->second);
    labelled.erase(label);
  }
  if (!labelled.empty()) refuse(labelled.begin()->first, "area", 0, labelled.begin()->second);
  if (sum != panoptic.ids.pixels.size()) refuse(0, "area of all", sum, panoptic.ids.pixels.size());
}

}  // namespace orrery
