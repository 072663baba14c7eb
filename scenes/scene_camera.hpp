#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// The sample's camera, looking at one of the things that `scene` holds.
View placed_camera(const Scene& scene, const CameraSpec& spec, const Streams& streams);

}  // namespace orrery
