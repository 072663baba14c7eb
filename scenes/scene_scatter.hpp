#pragma once

#include <vector>

#include "scenes/placed_thing.hpp"
#include "scenes/scene_sampler.hpp"

namespace orrery {

/// Places all that needs no physics: what stands, lies, stands in rows or flies. What finds no room
/// in the area of radius `spread` (metres) stays unplaced.
void scatter_things(std::vector<Thing>& things, const BoundScene& bound, const Assets& assets,
                    double spread, Rng& rng);

/// In one of the poses that it rests in, drawn as often as it would end so; lowest point at z = 0.
Pose resting_pose(const Thing& thing, const BoundScene& bound, Rng& rng);

/// As it lies in a tower that is turned by `turn` (radians, about z), the one way round or the
/// other: the likeliest way to rest, or upright if its set does not tumble.
Pose stacked_pose(const Thing& thing, const BoundScene& bound, double turn, Rng& rng);

}  // namespace orrery
