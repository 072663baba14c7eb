#pragma once

#include "scenes/camera.hpp"
#include "scenes/scene_spec.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// The view a moment later: the camera has moved and turned on about its eye, each in any
/// direction.
View moved_view(const View& view, const MotionSpec& spec, const Streams& streams);

}  // namespace orrery
