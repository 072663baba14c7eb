#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// Puts some scenes into a room: its walls become a prop, its windows or its lamp lights, its
/// ambient light the sky. Through the windows one of the skies is seen, of those
/// that are outdoors if there are any. Lamps that were
/// beyond the walls come inside; the first sun shines through a window by day, all others become
/// lamps. Needs what light_scene() adds; at most kMaxSceneLights lights stay, the room's first.
void enter_room(Scene& scene, const BoundScene& bound, const Assets& assets,
                const Streams& streams);
constexpr std::size_t kMaxSceneLights = 12;

}  // namespace orrery
