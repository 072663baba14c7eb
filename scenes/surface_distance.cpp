#include "scenes/surface_distance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace orrery {
namespace {

constexpr std::size_t kLeaf = 4;  ///< triangles

/// Source: Ericson, Real-Time Collision Detection, 5.1.5.
glm::dvec3 nearest_on_triangle(const glm::dvec3& p, const glm::dvec3& a, const glm::dvec3& b,
                               const glm::dvec3& c) {
  const glm::dvec3 ab = b - a;
  const glm::dvec3 ac = c - a;
  const double d1 = glm::dot(ab, p - a);
  const double d2 = glm::dot(ac, p - a);
  if (d1 <= 0 && d2 <= 0) return a;
  const double d3 = glm::dot(ab, p - b);
  const double d4 = glm::dot(ac, p - b);
  if (d3 >= 0 && d4 <= d3) return b;
  const double vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return a + ab * (d1 / (d1 - d3));
  const double d5 = glm::dot(ab, p - c);
  const double d6 = glm::dot(ac, p - c);
  if (d6 >= 0 && d5 <= d6) return c;
  const double vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return a + ac * (d2 / (d2 - d6));
  const double va = d3 * d6 - d5 * d4;
  if (va <= 0 && d4 >= d3 && d5 >= d6) return b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
  const double all = va + vb + vc;
  return a + ab * (vb / all) + ac * (vc / all);
}

double squared(const glm::dvec3& v) { return glm::dot(v, v); }

}  // namespace

SurfaceDistance::SurfaceDistance(std::vector<glm::dvec3> corners)
    : corners_(std::move(corners)), order_(corners_.size() / 3) {
  std::iota(order_.begin(), order_.end(), 0U);
  nodes_.reserve(2 * order_.size());
  build(order_, 0);
}

void SurfaceDistance::build(std::span<std::uint32_t> triangles, std::uint32_t first) {
  const std::size_t self = nodes_.size();
  Node node{glm::dvec3(std::numeric_limits<double>::max()),
            glm::dvec3(std::numeric_limits<double>::lowest()), first,
            static_cast<std::uint32_t>(triangles.size())};
  for (const std::uint32_t t : triangles) {
    for (std::size_t k = 0; k < 3; ++k) {
      node.low = glm::min(node.low, corners_[3 * std::size_t{t} + k]);
      node.high = glm::max(node.high, corners_[3 * std::size_t{t} + k]);
    }
  }
  nodes_.push_back(node);
  if (triangles.size() <= kLeaf) return;
  const glm::dvec3 size = node.high - node.low;
  const int axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2;
  const auto centre = [&](std::uint32_t t) {
    const glm::dvec3* c = &corners_[3 * std::size_t{t}];
    return c[0][axis] + c[1][axis] + c[2][axis];
  };
  const std::size_t half = triangles.size() / 2;
  std::nth_element(triangles.begin(), triangles.begin() + static_cast<std::ptrdiff_t>(half),
                   triangles.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return centre(a) < centre(b); });
  build(triangles.first(half), first);
  nodes_[self].count = 0;
  nodes_[self].first = static_cast<std::uint32_t>(nodes_.size());
  build(triangles.subspan(half), first + static_cast<std::uint32_t>(half));
}

double SurfaceDistance::operator()(const glm::dvec3& point) const {
  const auto to_box = [&](std::uint32_t n) {
    return squared(point - glm::clamp(point, nodes_[n].low, nodes_[n].high));
  };
  double best = std::numeric_limits<double>::max();
  std::array<std::uint32_t, 64> stack{};  // halves: depth at most 32
  std::size_t depth = 1;
  while (depth > 0) {
    const std::uint32_t n = stack[--depth];
    if (to_box(n) >= best) continue;
    const Node& node = nodes_[n];
    for (std::uint32_t k = node.first; k < node.first + node.count; ++k) {
      const glm::dvec3* c = &corners_[3 * std::size_t{order_[k]}];
      best = std::min(best, squared(point - nearest_on_triangle(point, c[0], c[1], c[2])));
    }
    if (node.count > 0) continue;
    const bool left_first = to_box(n + 1) <= to_box(node.first);
    stack[depth++] = left_first ? node.first : n + 1;
    stack[depth++] = left_first ? n + 1 : node.first;
  }
  return std::sqrt(best);
}

}  // namespace orrery
