#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <optional>
#include <vector>

#include "scenes/random.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

/// Something to be put on a shelf.
struct ShelfItem {
  glm::dvec3 size;      ///< of its upright box, metres
  std::uint32_t model;  ///< equal ones stand side by side
};

/// Where its foot goes, in the shelf's frame: see shelf().
struct ShelfPlace {
  glm::dvec3 foot;  ///< the middle of its box's bottom, metres
  double yaw = 0;   ///< radians
};

/// Fills the boards of a shelf in rows, boards in any order: goods of one model side by side or
/// behind each other, fronts near the front edge, most of them straight. Nothing for what is too
/// high or wide for what is left. Boxes do not overlap.
std::vector<std::optional<ShelfPlace>> places_on_shelf(const std::vector<ShelfItem>& items,
                                                       const ShelfSpec& shelf, Rng& rng);

}  // namespace orrery
