#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Which of BoundSet::models each thing of set `set` is, in order. Cheap: nothing is placed.
std::vector<std::uint32_t> drawn_models(const BoundScene& bound, std::size_t set,
                                        const Streams& streams);

/// Puts the things of every set into the scene: labelled ones among Scene::objects, distractors
/// among Scene::props. What is dropped rests at the end, on the surface and on each other.
void place_things(Scene& scene, const BoundScene& bound, const Assets& assets,
                  const Streams& streams);

}  // namespace orrery
