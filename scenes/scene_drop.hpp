#pragma once

#include <vector>

#include "scenes/placed_thing.hpp"
#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Lets what drops, stacks and goes into containers come to rest on what is placed. Things that end
/// unsound (moving, sunk in, floating, outside their volume) are drawn anew a fixed number of
/// times, then stay unplaced, and the rest settles without them. Returns how many were drawn anew.
std::uint32_t drop_things(std::vector<Thing>& things, const BoundScene& bound, const Assets& assets,
                          double spread, const Streams& streams);

}  // namespace orrery
