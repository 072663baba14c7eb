#pragma once

#include <array>
#include <glm/glm.hpp>
#include <span>
#include <vector>

namespace orrery {

/// Three corners, counter-clockwise seen from outside.
using Triangle = std::array<glm::dvec3, 3>;

/// A grid over a surface, and which of its cells' middles lie in the solid.
struct SolidCells {
  std::vector<glm::dvec3> middles;  ///< of the cells inside
  double cell_volume = 0;           ///< m³
};

/// `side` cells along the longest side of the bounds. Inside is what the surface encloses in all
/// six axis directions, so an open cup made of a single sheet encloses nothing; parts may overlap.
SolidCells solid_cells(std::span<const Triangle> surface, int side);

}  // namespace orrery
