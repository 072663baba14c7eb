#include "generator/compose/part.hpp"

#include <algorithm>
#include <cmath>

#include "generator/compose/layer.hpp"
#include "renderer/labels/mask.hpp"

namespace orrery {
namespace {

struct Moved {
  Image<std::uint8_t> pixels;  ///< of the result
  std::uint64_t inside = 0;    ///< pixels in the window
  std::uint64_t all = 0;       ///< that there would be without it
};

glm::dvec2 moved(const FramedPart& part, const glm::dvec2& at) {
  return part.scale * at + part.shift;
}

Rect moved(const FramedPart& part, const Rect& r) {
  const glm::dvec2 low = moved(part, glm::dvec2(r.x0, r.y0));
  const glm::dvec2 high = moved(part, glm::dvec2(r.x1, r.y1));
  return {low.x, low.y, high.x, high.y};
}

Moved moved(const FramedPart& part, const Rle& mask, int width, int height) {
  Moved result{Image<std::uint8_t>(width, height, 0), 0, 0};
  const Image<std::uint8_t> from = mask_from_rle(mask);
  const Rect extent = moved(part, rect_of(bounding_box(mask)));
  const Box& w = part.window;
  for (int y = static_cast<int>(std::floor(extent.y0)); y < std::ceil(extent.y1); ++y) {
    for (int x = static_cast<int>(std::floor(extent.x0)); x < std::ceil(extent.x1); ++x) {
      const glm::dvec2 at = (glm::dvec2(x + 0.5, y + 0.5) - part.shift) / part.scale;
      const int u = static_cast<int>(std::floor(at.x));
      const int v = static_cast<int>(std::floor(at.y));
      if (u < 0 || v < 0 || u >= from.width || v >= from.height || from.at(u, v) == 0) continue;
      ++result.all;
      if (x < w.x0 || y < w.y0 || x >= w.x1 || y >= w.y1) continue;
      result.pixels.at(x, y) = 1;
      ++result.inside;
    }
  }
  return result;
}

Rect cut(const Rect& r, const Box& w) {
  const Rect inside{
      std::max(r.x0, static_cast<double>(w.x0)), std::max(r.y0, static_cast<double>(w.y0)),
      std::min(r.x1, static_cast<double>(w.x1)), std::min(r.y1, static_cast<double>(w.y1))};
  return inside.empty() ? Rect{} : inside;
}

bool within(const Box& w, const glm::dvec2& at) {
  return at.x >= w.x0 && at.y >= w.y0 && at.x < w.x1 && at.y < w.y1;
}

/// What of an outline is seen: the outline itself if all of it is, else a mask.
double move_outline(const FramedPart& part, Label& label, int width, int height) {
  for (Polygon& polygon : label.outline) {
    for (glm::dvec2& corner : polygon) corner = moved(part, corner);
  }
  const Rect extent = extent_of(label.outline);
  if (cut(extent, part.window) == extent) {
    label.box = cut(moved(part, label.box), part.window);
    return 1;
  }
  // On a canvas of its own, so that what is outside the result counts too.
  const glm::dvec2 first(std::floor(extent.x0), std::floor(extent.y0));
  std::vector<Polygon> near = label.outline;
  for (Polygon& polygon : near) {
    for (glm::dvec2& corner : polygon) corner -= first;
  }
  const Image<std::uint8_t> all =
      mask_from_rle(mask_of(near, static_cast<int>(std::ceil(extent.x1 - first.x)),
                            static_cast<int>(std::ceil(extent.y1 - first.y))));
  Image<std::uint8_t> seen(width, height, 0);
  std::uint64_t inside = 0;
  std::uint64_t total = 0;
  for (int y = 0; y < all.height; ++y) {
    for (int x = 0; x < all.width; ++x) {
      if (all.at(x, y) == 0) continue;
      ++total;
      const glm::ivec2 at = glm::ivec2(first) + glm::ivec2(x, y);
      const Box& w = part.window;
      if (at.x < w.x0 || at.y < w.y0 || at.x >= w.x1 || at.y >= w.y1) continue;
      seen.at(at.x, at.y) = 1;
      ++inside;
    }
  }
  set_mask(label, rle_from_mask(seen));
  return total > 0 ? static_cast<double>(inside) / static_cast<double>(total) : 0;
}

/// Moves what says where the label is; returns the share of it that the window leaves.
double move_visible(const FramedPart& part, Label& label, int width, int height) {
  if (label.oriented) {
    label.oriented->center = moved(part, label.oriented->center);
    label.oriented->size *= part.scale;
  }
  if (label.mask) {
    const bool loose = label.loose;
    const Rect box = cut(moved(part, label.box), part.window);
    Moved pixels = moved(part, *label.mask, width, height);
    set_mask(label, rle_from_mask(pixels.pixels));
    if (loose) label.box = box;
    label.loose = loose;
    if (pixels.all == 0) return 0;
    return static_cast<double>(pixels.inside) / static_cast<double>(pixels.all);
  }
  if (!label.outline.empty()) return move_outline(part, label, width, height);
  const Rect whole = moved(part, label.box);
  label.box = cut(whole, part.window);
  const double share = label.box.area() / whole.area();
  if (share < 1) label.oriented.reset();
  return share;
}

}  // namespace

void draw_part(const FramedPart& part, Image<Rgba8>& result) {
  const Image<Rgba8>& from = part.picture->color;
  const glm::dvec2 whole = glm::round(part.shift);
  const bool plain = part.scale == 1 && whole == part.shift;
  const int steps = std::clamp(static_cast<int>(std::ceil(1 / part.scale - 1e-9)), 1, 16);
  for (int y = part.window.y0; y < part.window.y1; ++y) {
    for (int x = part.window.x0; x < part.window.x1; ++x) {
      if (plain) {
        const glm::ivec2 at = glm::ivec2(x, y) - glm::ivec2(whole);
        result.at(x, y) = from.at(at.x, at.y);
        continue;
      }
      glm::vec4 sum(0);
      for (int i = 0; i < steps * steps; ++i) {
        const glm::dvec2 at =
            glm::dvec2(x, y) + (glm::dvec2(i % steps, i / steps) + 0.5) / double(steps);
        // Half a pixel short of the border, the last pixel goes on.
        const glm::dvec2 source = (at - part.shift) / part.scale;
        sum += sampled(
            from, glm::clamp(source, glm::dvec2(0.5), glm::dvec2(from.width, from.height) - 0.5));
      }
      const glm::vec3 color = sum.a > 0 ? glm::vec3(sum) / sum.a : glm::vec3(0);
      const float alpha = sum.a / static_cast<float>(steps * steps) * 255;
      result.at(x, y) = Rgba8(glm::clamp(glm::vec4(color, alpha) + 0.5F, 0.0F, 255.0F));
    }
  }
}

std::vector<WorkingLabel> labels_of(const FramedPart& part, int width, int height,
                                    ComposeReport& report) {
  std::vector<WorkingLabel> labels = working_labels(part.picture->labelled, report);
  for (WorkingLabel& working : labels) {
    Label& label = working.label;
    const double share = move_visible(part, label, width, height);
    working.changed = share < 1 || part.scale != 1;
    if (share < 1) {
      label.visible_fraction = label.visible_fraction.value_or(1) * share;
      label.truncation = 1 - (1 - label.truncation.value_or(0)) * share;
    }
    for (LabelPoint& point : label.keypoints) {
      point.position = moved(part, point.position);
      if (point.visibility == 0 || !within(part.window, point.position)) point = {};
    }
    if (label.amodal) {
      label.amodal = rle_from_mask(moved(part, *label.amodal, width, height).pixels);
    }
    if (label.amodal_box) label.amodal_box = moved(part, *label.amodal_box);
    label.pose.reset();
  }
  return labels;
}

}  // namespace orrery
