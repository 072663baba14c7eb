#pragma once

#include <memory>

#include "generator/lanes.hpp"
#include "generator/mix/mix_assets.hpp"
#include "generator/mix/mix_sample.hpp"

namespace orrery {

/// A lane that makes the images of a recipe, with a renderer for each of its scenes. `recipe` and
/// what the others point to must outlive it.
std::unique_ptr<Lane> open_mix_lane(std::size_t device, const MixContext& context,
                                    const MixAssets& assets, const MixDraw& draw);

}  // namespace orrery
