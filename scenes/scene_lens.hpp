#pragma once

#include <optional>
#include <string>

#include "scenes/lens.hpp"
#include "scenes/scene_spec.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// What is wrong with the camera's lens, if anything is: coefficients that its model lacks, a fold
/// inside the image, a field of view that it does not have.
std::optional<std::string> lens_mistake(const CameraSpec& spec);

/// The sample's lens; each coefficient has a stream of its own.
Lens drawn_lens(const LensSpec& spec, const Streams& streams);

}  // namespace orrery
