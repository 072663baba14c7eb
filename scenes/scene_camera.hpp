#pragma once

#include <span>

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// A camera and what it is focused on.
struct PlacedCamera {
  View view;
  double distance = 1;  ///< metres from the eye to the target
};

/// The sample's camera, looking at one of the things that `scene` holds or at all of them.
/// `models` are what the scene's things and props point to. On a photo (`plate`, may be null) it
/// looks as the photo's camera looked at its ground. Throws Error if a lens that was drawn folds
/// inside the image.
PlacedCamera placed_camera(const Scene& scene, std::span<const Model> models,
                           const CameraSpec& spec, const BoundPlate* plate, const Streams& streams);

}  // namespace orrery
