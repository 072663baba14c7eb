#pragma once

#include <optional>
#include <string>

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// What is wrong with the lens, if anything is: coefficients that its model lacks, a fold inside
/// the image, a field of view that it does not have.
std::optional<std::string> lens_mistake(const CameraSpec& spec);

/// The sample's camera, looking at one of the things that `scene` holds. Throws Error if a lens
/// that was drawn folds inside the image.
View placed_camera(const Scene& scene, const CameraSpec& spec, const Streams& streams);

}  // namespace orrery
