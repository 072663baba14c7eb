#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Adds the sample's lights and sky.
void light_scene(Scene& scene, const BoundScene& bound, const Streams& streams);

/// What a camera's automatic chooses from that light, and how far off it is: the scene's exposure
/// and white balance. Draws from the factor `camera`.
void expose(Scene& scene, const Sky& sky, const CameraSpec& camera, const Streams& streams);

/// Radiance of a white diffuse surface that faces up at the origin, before exposure, shadows apart.
glm::dvec3 flat_radiance(const Scene& scene, const Sky& sky);

/// Rec. 709.
double luminance_of(const glm::dvec3& color);

}  // namespace orrery
