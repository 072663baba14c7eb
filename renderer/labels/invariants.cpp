#include <algorithm>
#include <string>

#include "renderer/labels/annotate.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

std::string text(std::uint64_t n) { return std::to_string(n); }
std::string text(double x) { return std::to_string(x); }
std::string text(const Box& b) {
  return "[" + std::to_string(b.x0) + "," + std::to_string(b.x1) + ")x[" + std::to_string(b.y0) +
         "," + std::to_string(b.y1) + ")";
}

template <class T>
void require_equal(std::uint32_t id, const std::string& what, const T& found, const T& wanted) {
  if (found == wanted) return;
  throw Error("labels: instance " + std::to_string(id) + ": " + what + " is " + text(found) +
                  ", wanted " + text(wanted),
              Exit::bug);
}

/// Pixels of each id, counted along the rows: another route than the labels take.
std::vector<std::uint64_t> areas_by_id(const ImageView<std::uint16_t>& id, std::size_t objects) {
  std::vector<std::uint64_t> areas(objects + 1);
  const auto& pixels = id.pixels;
  for (std::size_t i = 0; i < pixels.size();) {
    const std::uint16_t value = pixels[i];
    if (value > objects) {
      require_equal(value, "its place in the scene", std::uint64_t{value}, std::uint64_t{objects});
    }
    const std::size_t first = i;
    const std::uint64_t four = 0x0001'0001'0001'0001ULL * value;
    for (std::uint64_t word = four; i + 4 <= pixels.size(); i += 4) {
      std::memcpy(&word, &pixels[i], sizeof word);
      if (word != four) break;
    }
    while (i < pixels.size() && pixels[i] == value) ++i;
    areas[value] += i - first;
  }
  return areas;
}

Box common_box(const Box& box, int width, int height) {
  const Box cut{std::max(box.x0, 0), std::max(box.y0, 0), std::min(box.x1, width),
                std::min(box.y1, height)};
  return cut.empty() ? Box{} : cut;
}

double fraction(std::uint64_t part, std::uint64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

void check_instance(const InstanceLabel& label, std::uint64_t id_pixels) {
  const std::uint32_t id = label.id;
  require_equal(id, "visible area", label.visible_area, id_pixels);
  require_equal(id, "area of the visible mask", area(label.visible), label.visible_area);
  require_equal(id, "area of the amodal mask", area(label.amodal), label.amodal_inside_area);
  require_equal(id, "visible area within the amodal mask", common_area(label.visible, label.amodal),
                label.visible_area);
  require_equal(id, "visible box", label.visible_box, bounding_box(label.visible));
  const int width = label.visible.width;
  const int height = label.visible.height;
  if (label.amodal_inside_area == label.amodal_area) {
    require_equal(id, "amodal box", label.amodal_box, bounding_box(label.amodal));
  } else {
    const Box inside = common_box(label.amodal_box, width, height);
    const Box mask = bounding_box(label.amodal);
    const Box both{std::min(inside.x0, mask.x0), std::min(inside.y0, mask.y0),
                   std::max(inside.x1, mask.x1), std::max(inside.y1, mask.y1)};
    require_equal(id, "amodal box inside the image, widened to its mask,", both, inside);
    require_equal(id, "amodal area, or what of it is inside the image,",
                  std::max(label.amodal_area, label.amodal_inside_area), label.amodal_area);
  }
  std::uint64_t occluded = 0;
  for (const Occluder& occluder : label.occluders) {
    if (occluder.id == id) require_equal(id, "own occluded area", occluder.area, std::uint64_t{0});
    occluded += occluder.area;
  }
  require_equal(id, "sum of the occluders' areas", occluded,
                label.amodal_inside_area - label.visible_area);
  require_equal(id, "visible fraction", label.visible_fraction,
                fraction(label.visible_area, label.amodal_area));
  require_equal(id, "truncation", label.truncation,
                fraction(label.amodal_area - label.amodal_inside_area, label.amodal_area));
  require_equal(id, "occlusion", label.occlusion, fraction(occluded, label.amodal_inside_area));
  for (const KeypointLabel& point : label.keypoints) {
    const bool inside = point.pixel && point.pixel->x >= 0 && point.pixel->y >= 0 &&
                        point.pixel->x < width && point.pixel->y < height;
    if (inside || point.state == KeypointState::outside) continue;
    require_equal(id, "keypoints outside the image that count as inside", std::uint64_t{1},
                  std::uint64_t{0});
  }
}

}  // namespace

void check_invariants(const Frame& frame, const Annotations& annotations) {
  const std::vector<Object>& objects = frame.shot->scene.objects;
  const std::vector<std::uint64_t> areas = areas_by_id(frame.id, objects.size());
  std::vector<std::uint64_t> mentions(objects.size());
  const auto mention = [&](std::uint32_t id, std::uint32_t class_id) {
    if (id == 0 || id > objects.size()) {
      require_equal(id, "its place in the scene", std::uint64_t{id}, std::uint64_t{objects.size()});
    }
    ++mentions[id - 1];
    require_equal(id, "class", std::uint64_t{class_id}, std::uint64_t{objects[id - 1].class_id});
  };
  for (const InstanceLabel& label : annotations.instances) {
    mention(label.id, label.class_id);
    check_instance(label, areas[label.id]);
  }
  for (const Annotations::Dropped& dropped : annotations.dropped) {
    mention(dropped.id, dropped.class_id);
    require_equal(dropped.id, "visible area of a dropped instance", areas[dropped.id],
                  std::uint64_t{0});
  }
  for (std::size_t i = 0; i < objects.size(); ++i) {
    require_equal(static_cast<std::uint32_t>(i + 1), "count of labels and drops", mentions[i],
                  std::uint64_t{1});
  }
}

}  // namespace orrery
