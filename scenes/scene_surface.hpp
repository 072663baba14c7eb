#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Lays out what things lie on: a material that we make, or a picture that repeats.
void place_surface(Scene& scene, const BoundScene& bound, const Assets& assets,
                   const Streams& streams);

}  // namespace orrery
