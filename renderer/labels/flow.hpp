#pragma once

#include "renderer/frame.hpp"

namespace orrery {

/// Optical flow of one view; planes as large as the image.
struct Flow {
  Image<glm::vec2> pixels;     ///< from the pixel's centre to where the same point is seen next
  Image<std::uint8_t> known;   ///< 1 where `pixels` means anything
  Image<std::uint8_t> hidden;  ///< 1 where the point is known and not seen next: covered or outside
};

/// Where what is seen at each pixel's centre is seen in the view `next` of the same scene. Exact:
/// from the depth, both poses and project(). The sky is infinitely far: it moves as the camera
/// turns. Other backgrounds stand for nothing: there, and where a point comes behind the camera,
/// the flow is not known. A point counts as hidden next if no pixel centre around its place there
/// shows a surface at its depth, to 0.2 % of it (see depth_carried_to).
Flow flow_to(const Frame& frame, const View& next, const ImageView<float>& next_depth);

}  // namespace orrery
