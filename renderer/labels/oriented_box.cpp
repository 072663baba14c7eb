#include "renderer/labels/oriented_box.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace orrery {
namespace {

using Point = glm::i64vec2;

std::int64_t cross(const Point& a, const Point& b) { return a.x * b.y - a.y * b.x; }

/// Points come with x ascending; `side` is +1 for the chain with the small y, -1 for the other.
void extend_chain(std::vector<Point>& chain, const Point& p, std::int64_t side) {
  while (chain.size() >= 2 &&
         side * cross(chain.back() - chain[chain.size() - 2], p - chain.back()) <= 0) {
    chain.pop_back();
  }
  chain.push_back(p);
}

/// Convex hull of the pixels' corners, as a closed walk. Source: Andrew, Another Efficient
/// Algorithm for Convex Hulls in Two Dimensions, 1979.
std::vector<Point> hull_of(std::span<const ColumnSpan> spans) {
  std::vector<Point> small;
  std::vector<Point> large;
  for (std::size_t i = 0; i < spans.size();) {
    const int x = spans[i].x;
    const int low = spans[i].y0;
    int high = spans[i].y1;
    for (; i < spans.size() && spans[i].x == x; ++i) high = spans[i].y1;
    for (const int corner : {x, x + 1}) {
      // Two columns share the corners between them: of equal x only the outermost may stay.
      const auto add = [corner](std::vector<Point>& chain, int y, std::int64_t side) {
        if (!chain.empty() && chain.back().x == corner) {
          if (side * (chain.back().y - y) <= 0) return;
          chain.pop_back();
        }
        extend_chain(chain, Point(corner, y), side);
      };
      add(small, low, 1);
      add(large, high, -1);
    }
  }
  small.insert(small.end(), large.rbegin(), large.rend());
  return small;
}

}  // namespace

OrientedBox oriented_box(std::span<const ColumnSpan> spans) {
  const std::vector<Point> hull = hull_of(spans);
  // The best rectangle shares a direction with an edge of the hull (Freeman and Shapira, 1975).
  // A hull on a pixel grid has so few corners that trying every pair is cheap.
  OrientedBox best;
  double best_area = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < hull.size(); ++i) {
    Point along = hull[(i + 1) % hull.size()] - hull[i];
    if (along == Point(0, 0)) continue;
    // A quarter turn is the same rectangle; the first quadrant is the one we name.
    while (along.x <= 0 || along.y < 0) along = Point(along.y, -along.x);
    const Point across(-along.y, along.x);
    Point low(std::numeric_limits<std::int64_t>::max());
    Point high(std::numeric_limits<std::int64_t>::min());
    for (const Point& p : hull) {
      const Point at(p.x * along.x + p.y * along.y, p.x * across.x + p.y * across.y);
      low = glm::min(low, at);
      high = glm::max(high, at);
    }
    const auto squared = static_cast<double>(along.x * along.x + along.y * along.y);
    const glm::dvec2 extent(high - low);
    const double area = extent.x * extent.y / squared;
    if (area >= best_area) continue;
    best_area = area;
    const glm::dvec2 middle = glm::dvec2(low + high) / (2 * squared);
    best.center = middle.x * glm::dvec2(along) + middle.y * glm::dvec2(across);
    best.size = extent / std::sqrt(squared);
    best.angle = std::atan2(static_cast<double>(along.y), static_cast<double>(along.x));
  }
  return best;
}

}  // namespace orrery
