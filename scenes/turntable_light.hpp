#pragma once

#include <glm/glm.hpp>
#include <vector>

#include "scenes/scene.hpp"
#include "scenes/streams.hpp"
#include "scenes/turntable_spec.hpp"

namespace orrery {

/// The objects' bounding sphere: what lights and cameras are measured in.
struct SceneBounds {
  glm::dvec3 center{0.0};
  double radius = 1;
};

/// The light rig that `rig` draws, whose index is its number: a key sun and further lights from
/// above, and the sky's yaw and intensity. A pure function of its arguments; only distances depend
/// on `bounds`.
void light_scene(Scene& scene, const TurntableSpec& spec, const SceneBounds& bounds,
                 const Streams& rig);

}  // namespace orrery
