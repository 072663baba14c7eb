#pragma once

#include <glm/glm.hpp>
#include <optional>

#include "scenes/image.hpp"

namespace orrery {

/// What a view saw, at pixel centres only.
struct SeenSurface {
  ImageView<float> depth;       ///< metres along the optical axis; 0: nothing
  ImageView<std::uint16_t> id;  ///< surfaces go on only among pixels of one id; may be empty
};

/// The pixel that a place in the image lies in, if it lies in the image.
std::optional<glm::ivec2> pixel_at(const SeenSurface& seen, const glm::dvec2& place);

/// Depth of the surface that is seen at a pixel's centre, carried on to a place nearby: its inverse
/// is linear in the image on any plane, and goes on as it does towards the gentler neighbour.
/// Nothing where nothing is seen or the surface would not reach there in front of the camera.
std::optional<double> depth_carried_to(const SeenSurface& seen, const glm::ivec2& pixel,
                                       const glm::dvec2& place);

}  // namespace orrery
