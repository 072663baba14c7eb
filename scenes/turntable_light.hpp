#pragma once

#include <glm/glm.hpp>
#include <vector>

#include "scenes/scene.hpp"
#include "scenes/turntable.hpp"

namespace orrery {

/// The objects' bounding sphere: what lights and cameras are measured in.
struct SceneBounds {
  glm::dvec3 center{0.0};
  double radius = 1;
};

/// Light rig `rig`: a key sun and further lights from above, and the sky's yaw and intensity. A
/// pure function of its arguments; only distances depend on `bounds`.
void light_scene(Scene& scene, const TurntableSpec& spec, const SceneBounds& bounds,
                 std::uint64_t seed, std::uint32_t rig);

}  // namespace orrery
