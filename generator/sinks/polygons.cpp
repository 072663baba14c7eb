#include "generator/sinks/polygons.hpp"

#include <algorithm>
#include <limits>

namespace orrery {
namespace {

/// The part of a polygon where `inside` is not negative.
template <class Inside>
Polygon cut(const Polygon& polygon, const Inside& inside) {
  Polygon out;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const glm::dvec2& a = polygon[i];
    const glm::dvec2& b = polygon[(i + 1) % polygon.size()];
    const double at_a = inside(a);
    const double at_b = inside(b);
    if (at_a >= 0) out.push_back(a);
    if ((at_a < 0) != (at_b < 0)) out.push_back(a + (b - a) * (at_a / (at_a - at_b)));
  }
  return out;
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
}

bool may_overlap(const std::vector<Polygon>& polygons) {
  std::vector<Rect> extents;
  for (const Polygon& polygon : polygons) {
    const Rect extent = extent_of({polygon});
    for (const Rect& other : extents) {
      if (overlap(extent, other)) return true;
    }
    extents.push_back(extent);
  }
  return false;
}

void join(Polygon& all, const Polygon& more) {
  std::size_t from = 0;
  std::size_t to = 0;
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < more.size(); ++k) {
      const glm::dvec2 way = more[k] - all[i];
      const double length = glm::dot(way, way);
      if (length >= nearest) continue;
      nearest = length;
      from = i;
      to = k;
    }
  }
  Polygon round(more.begin() + static_cast<std::ptrdiff_t>(to), more.end());
  round.insert(round.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(to) + 1);
  round.push_back(all[from]);
  all.insert(all.begin() + static_cast<std::ptrdiff_t>(from) + 1, round.begin(), round.end());
}

}  // namespace

Polygon clipped(const Polygon& polygon, int width, int height) {
  Polygon out = cut(polygon, [](const glm::dvec2& p) { return p.x; });
  out = cut(out, [](const glm::dvec2& p) { return p.y; });
  out = cut(out, [&](const glm::dvec2& p) { return width - p.x; });
  return cut(out, [&](const glm::dvec2& p) { return height - p.y; });
}

std::vector<Polygon> outline_inside(const LabelledImage& image, const Label& label,
                                    std::size_t& holes) {
  std::vector<Polygon> polygons = label.outline;
  const Rect& b = label.box;
  if (label.mask) {
    polygons = polygons_of(*label.mask, holes);
  } else if (polygons.empty()) {
    polygons.push_back({{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}});
  }
  for (Polygon& polygon : polygons) polygon = clipped(polygon, image.width, image.height);
  std::erase_if(polygons, [](const Polygon& polygon) {
    return polygon.size() < 3 || extent_of({polygon}).empty();
  });
  return polygons;
}

Polygon joined(const std::vector<Polygon>& polygons, int width, int height) {
  std::size_t holes = 0;
  // Parts of a mask lie apart, however their extents do.
  const std::vector<Polygon> apart =
      may_overlap(polygons) ? polygons_of(mask_of(polygons, width, height), holes) : polygons;
  if (apart.empty()) return {};
  Polygon all = apart[0];
  for (std::size_t i = 1; i < apart.size(); ++i) join(all, apart[i]);
  return all;
}

}  // namespace orrery
