#include "scenes/drop_height.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace orrery {
namespace {

constexpr int kCells = 96;           ///< from the middle to the side
constexpr double kClearance = 2e-4;  ///< metres
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Marks the cells whose middles a triangle covers.
void add_triangle(Relief& relief, double cell, const glm::dvec3& a, const glm::dvec3& b,
                  const glm::dvec3& c) {
  const double area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
  if (std::abs(area) < 1e-12) return;
  const auto first = [&](double low) { return static_cast<int>(std::ceil(low / cell)); };
  const auto last = [&](double high) { return static_cast<int>(std::floor(high / cell)); };
  const int y0 = std::max(first(std::min({a.y, b.y, c.y})), relief.y);
  const int y1 = std::min(last(std::max({a.y, b.y, c.y})), relief.y + relief.height - 1);
  const int x0 = std::max(first(std::min({a.x, b.x, c.x})), relief.x);
  const int x1 = std::min(last(std::max({a.x, b.x, c.x})), relief.x + relief.width - 1);
  for (int y = y0; y <= y1; ++y) {
    for (int x = x0; x <= x1; ++x) {
      const glm::dvec2 p(x * cell, y * cell);
      const double u = ((p.x - a.x) * (c.y - a.y) - (c.x - a.x) * (p.y - a.y)) / area;
      const double v = ((b.x - a.x) * (p.y - a.y) - (p.x - a.x) * (b.y - a.y)) / area;
      if (u < -1e-9 || v < -1e-9 || u + v > 1 + 1e-9) continue;
      const double z = a.z + u * (b.z - a.z) + v * (c.z - a.z);
      const auto i = static_cast<std::size_t>((y - relief.y) * relief.width + (x - relief.x));
      relief.low[i] = std::min(relief.low[i], z);
      relief.high[i] = std::max(relief.high[i], z);
    }
  }
}

}  // namespace

DropHeight::DropHeight(double reach, double ground)
    : cell_(reach / kCells),
      cells_(kCells),
      ground_(ground),
      high_(static_cast<std::size_t>((2 * kCells + 1) * (2 * kCells + 1)), ground) {}

int DropHeight::cell_of(double metres) const {
  return static_cast<int>(std::lround(metres / cell_));
}

Relief DropHeight::relief_of(const CollisionShape& shape, const Pose& pose) const {
  Relief relief;
  std::vector<std::vector<glm::dvec3>> hulls;
  glm::dvec2 low(kInfinity);
  glm::dvec2 high(-kInfinity);
  relief.lowest = kInfinity;
  for (const auto& hull : shape.hulls) {
    std::vector<glm::dvec3>& turned = hulls.emplace_back();
    glm::dvec2 middle(0.0);
    for (const glm::dvec3& p : hull) {
      turned.push_back(pose.rotation * (pose.scale * p));
      middle += glm::dvec2(turned.back()) / static_cast<double>(hull.size());
    }
    for (glm::dvec3& p : turned) {
      relief.lowest = std::min(relief.lowest, p.z);
      relief.reach = std::max(relief.reach, glm::length(glm::dvec2(p)));
      const glm::dvec2 out = glm::dvec2(p) - middle;
      const double length = glm::length(out);
      if (length > 1e-9) p += glm::dvec3(out * (cell_ / length), 0);
      low = glm::min(low, glm::dvec2(p));
      high = glm::max(high, glm::dvec2(p));
    }
  }
  if (shape.ball_radius > 0) {
    const glm::dvec3 center = pose.rotation * (pose.scale * shape.center_of_mass);
    relief.lowest = center.z - pose.scale * shape.ball_radius;
  }
  relief.x = cell_of(low.x);
  relief.y = cell_of(low.y);
  relief.width = cell_of(high.x) - relief.x + 1;
  relief.height = cell_of(high.y) - relief.y + 1;
  const auto cells =
      static_cast<std::size_t>(relief.width) * static_cast<std::size_t>(relief.height);
  relief.low.assign(cells, kInfinity);
  relief.high.assign(cells, -kInfinity);
  for (std::size_t h = 0; h < hulls.size(); ++h) {
    for (const auto& face : shape.features[h].faces) {
      for (std::size_t i = 1; i + 1 < face.size(); ++i) {
        add_triangle(relief, cell_, hulls[h][face[0]], hulls[h][face[i]], hulls[h][face[i + 1]]);
      }
    }
  }
  return relief;
}

template <class Take>
void DropHeight::for_each_cell(const Relief& relief, const glm::dvec2& at, const Take& take) const {
  const int side = 2 * cells_ + 1;
  const int x0 = cell_of(at.x) + relief.x + cells_;
  const int y0 = cell_of(at.y) + relief.y + cells_;
  for (int y = std::max(-y0, 0); y < std::min(relief.height, side - y0); ++y) {
    for (int x = std::max(-x0, 0); x < std::min(relief.width, side - x0); ++x) {
      take(static_cast<std::size_t>((y0 + y) * side + x0 + x),
           static_cast<std::size_t>(y * relief.width + x));
    }
  }
}

double DropHeight::over(const Relief& relief, const glm::dvec2& at) const {
  double z = on_ground(relief);
  for_each_cell(relief, at, [&](std::size_t cell, std::size_t of_relief) {
    const double top = high_[cell];
    if (top > ground_) z = std::max(z, top + kClearance - relief.low[of_relief]);
  });
  return z;
}

void DropHeight::add(const Relief& relief, const glm::dvec3& at) {
  for_each_cell(relief, glm::dvec2(at), [&](std::size_t cell, std::size_t of_relief) {
    high_[cell] = std::max(high_[cell], at.z + relief.high[of_relief]);
  });
}

}  // namespace orrery
