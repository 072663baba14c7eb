#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Adds the sample's lights and sky.
void light_scene(Scene& scene, const BoundScene& bound, const Streams& streams);

/// Light of all kinds that a white surface sends up which lies flat at the origin: radiance, linear
/// RGB, shadows aside. `sky` is the scene's.
glm::dvec3 light_on_flat_white(const Scene& scene, const Sky& sky);

/// What a camera's automatic chooses from that light, and how far off it is: the scene's exposure
/// and white balance. Draws from the factor `camera`.
void expose(Scene& scene, const Sky& sky, const CameraSpec& camera, const Streams& streams);

}  // namespace orrery
