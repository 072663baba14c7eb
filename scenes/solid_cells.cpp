#include "scenes/solid_cells.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace orrery {
namespace {

struct Grid {
  glm::dvec3 low;  ///< middle of the first cell
  double step;
  glm::ivec3 count;
  std::size_t cell(const glm::ivec3& at) const {
    return (static_cast<std::size_t>(at.z) * static_cast<std::size_t>(count.y) +
            static_cast<std::size_t>(at.y)) *
               static_cast<std::size_t>(count.x) +
           static_cast<std::size_t>(at.x);
  }
};

Grid grid_over(std::span<const Triangle> surface, int side) {
  glm::dvec3 low = surface[0][0];
  glm::dvec3 high = low;
  for (const Triangle& t : surface) {
    for (const glm::dvec3& p : t) {
      low = glm::min(low, p);
      high = glm::max(high, p);
    }
  }
  const glm::dvec3 size = high - low;
  const double step = std::max({size.x, size.y, size.z, 1e-9}) / side;
  // Odd offsets: models are symmetric and axis-aligned, and a ray should not run in a face.
  const glm::dvec3 offset = step * glm::dvec3(0.4832, 0.4761, 0.4919);
  return {low + offset, step, glm::ivec3(glm::ceil(size / step)) + 1};
}

struct Crossing {
  double at;
  int leaves;  ///< +1: outwards in the axis's direction, -1: inwards
};

/// Where the surface crosses the rays through the middles of the cells along one axis.
std::vector<std::vector<Crossing>> crossings(std::span<const Triangle> surface, const Grid& grid,
                                             int axis) {
  const int u = (axis + 1) % 3;
  const int v = (axis + 2) % 3;
  std::vector<std::vector<Crossing>> rays(static_cast<std::size_t>(grid.count[u]) *
                                          static_cast<std::size_t>(grid.count[v]));
  for (const Triangle& t : surface) {
    const auto flat = [&](const glm::dvec3& p) { return glm::dvec2(p[u], p[v]); };
    const auto turn = [](const glm::dvec2& a, const glm::dvec2& b) {
      return a.x * b.y - a.y * b.x;
    };
    const glm::dvec2 a = flat(t[0]);
    const glm::dvec2 b = flat(t[1]);
    const glm::dvec2 c = flat(t[2]);
    const double area = turn(b - a, c - a);
    if (area == 0) continue;
    const glm::dvec2 origin(grid.low[u], grid.low[v]);
    const glm::ivec2 first(glm::ceil((glm::min(a, glm::min(b, c)) - origin) / grid.step));
    const glm::ivec2 last(glm::floor((glm::max(a, glm::max(b, c)) - origin) / grid.step));
    for (int j = std::max(first.y, 0); j <= std::min(last.y, grid.count[v] - 1); ++j) {
      for (int i = std::max(first.x, 0); i <= std::min(last.x, grid.count[u] - 1); ++i) {
        const glm::dvec2 p = origin + grid.step * glm::dvec2(i, j);
        const double wa = turn(c - b, p - b) / area;
        const double wb = turn(a - c, p - c) / area;
        const double wc = 1.0 - wa - wb;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        rays[static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.count[u]) +
             static_cast<std::size_t>(i)]
            .push_back({wa * t[0][axis] + wb * t[1][axis] + wc * t[2][axis], area > 0 ? 1 : -1});
      }
    }
  }
  return rays;
}

}  // namespace

SolidCells solid_cells(std::span<const Triangle> surface, int side) {
  if (surface.empty()) return {};
  const Grid grid = grid_over(surface, side);
  std::vector<std::uint8_t> votes(grid.cell(grid.count - 1) + 1, 0);
  for (int axis = 0; axis < 3; ++axis) {
    const int u = (axis + 1) % 3;
    const int v = (axis + 2) % 3;
    const auto rays = crossings(surface, grid, axis);
    glm::ivec3 at;
    for (at[v] = 0; at[v] < grid.count[v]; ++at[v]) {
      for (at[u] = 0; at[u] < grid.count[u]; ++at[u]) {
        const auto& ray =
            rays[static_cast<std::size_t>(at[v]) * static_cast<std::size_t>(grid.count[u]) +
                 static_cast<std::size_t>(at[u])];
        if (ray.empty()) continue;
        for (at[axis] = 0; at[axis] < grid.count[axis]; ++at[axis]) {
          const double here = grid.low[axis] + grid.step * at[axis];
          int ahead = 0;
          int behind = 0;
          for (const Crossing& c : ray) (c.at > here ? ahead : behind) += c.leaves;
          if (ahead > 0 && behind < 0) ++votes[grid.cell(at)];
        }
      }
    }
  }
  SolidCells cells;
  cells.cell_volume = grid.step * grid.step * grid.step;
  glm::ivec3 at;
  for (at.z = 0; at.z < grid.count.z; ++at.z) {
    for (at.y = 0; at.y < grid.count.y; ++at.y) {
      for (at.x = 0; at.x < grid.count.x; ++at.x) {
        if (votes[grid.cell(at)] == 3) {
          cells.middles.push_back(grid.low + grid.step * glm::dvec3(at));
        }
      }
    }
  }
  return cells;
}

}  // namespace orrery
