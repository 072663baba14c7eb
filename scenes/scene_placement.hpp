#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Puts the things of every set into the scene: labelled ones among Scene::objects, distractors
/// among Scene::props. What is dropped rests at the end, on the surface and on each other.
void place_things(Scene& scene, const BoundScene& bound, const Assets& assets,
                  const Streams& streams);

}  // namespace orrery
