#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// The sample's camera, looking at one of the things that `scene` holds; on a photo (`plate`, may
/// be null) as the photo's camera looked at its ground.
View placed_camera(const Scene& scene, const CameraSpec& spec, const BoundPlate* plate,
                   const Streams& streams);

}  // namespace orrery
