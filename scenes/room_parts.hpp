#pragma once

#include <glm/glm.hpp>

#include "scenes/random.hpp"
#include "scenes/room.hpp"
#include "scenes/surface.hpp"

namespace orrery {

/// A rectangle from `at` along two sides; seen from where they turn counter-clockwise. `uv` is that
/// of the first corner, then that of the opposite one.
void add_rectangle(Surface& surface, const glm::dvec3& at, const glm::dvec3& right,
                   const glm::dvec3& up, const glm::dvec4& uv, const glm::vec3& color);

/// A box seen from outside.
void add_box(Surface& surface, const glm::dvec3& low, const glm::dvec3& high,
             const glm::vec3& color);

/// Shelves, cabinets, sofas, pictures and doors along the walls without windows.
void add_furniture(Surface& paint, const RoomPlan& plan);

/// Of wood, oiled or painted dark.
glm::vec3 wood_color(Rng& rng);

}  // namespace orrery
