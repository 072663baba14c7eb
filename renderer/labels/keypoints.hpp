#pragma once

#include <vector>

#include "renderer/frame.hpp"
#include "renderer/labels/annotation.hpp"

namespace orrery {

/// Where the keypoints of instance `id` are seen, or why they are not. A point in the image is
/// hidden by what the pixel that it lies in shows, if that, carried on to the point's place within
/// the pixel (see depth_carried_to), lies in front of it by more than a tolerance: 0.2 % of the
/// diagonal of the model's box as it is placed, and 1e-4 of the depth. Carrying on is what keeps a
/// point on a slanting surface, or on a corner, from being hidden by its own neighbourhood. Where
/// the pixel shows the instance itself, its other pixels next to it have a say as well: at edges
/// the point may lie on any of the faces. A point in the body is hidden by it, unless
/// Keypoint::inside says that it belongs there.
std::vector<KeypointLabel> keypoint_labels(const Frame& frame, std::uint32_t id,
                                           const Model& model);

}  // namespace orrery
