#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <vector>

#include "scenes/random.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// One thing on its way to its place.
struct Thing {
  std::size_t set = 0;  ///< into SceneSpec::objects
  std::uint32_t model = 0;
  std::uint32_t class_id = 0;
  double scale = 1;
  Look look;
  double friction = 0.5;
  double restitution = 0.1;
  double radius = 0;       ///< of the sphere around it, metres; apart: of its footprint
  glm::dvec2 middle{0.0};  ///< of that footprint, world, metres: not always below the origin
  Pose pose;
  bool placed = false;
};

/// Evenly in a disc about the origin, metres.
glm::dvec2 place_in_disc(Rng& rng, double radius);

/// A turn about z, radians.
glm::dmat3 turned_about_z(double angle);

}  // namespace orrery
