#pragma once

#include <glm/glm.hpp>
#include <optional>

#include "scenes/camera.hpp"
#include "scenes/image.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

/// The row of a horizon that the photo shows, as a fraction of its height from the top; nothing if
/// it shows none. Votes: in one row of the upper 60 %, at least half of the columns step the same
/// way between light and dark, and what is above is much smoother than what is below. Assumes a
/// level camera; a table's far edge before a plain wall passes for a horizon.
std::optional<double> seen_horizon(const Image<Rgba8>& photo);

/// Degrees of the optical axis below a horizon in that row, for a photo of that size.
double elevation_from_horizon(double horizon, double fov_degrees, int width, int height);

/// How a photo saw its ground: what `beside` says (see PhotoView), or else a horizon that is seen,
/// or else the elevation of `spec`: what close-ups of tables have, whose horizon lies above the
/// image.
Backplate fitted_backplate(const std::string& photo, const Image<Rgba8>& picture,
                           const PhotoView& beside, const BackplateSpec& spec);

/// Light of a photo: mean of its lower half, linear RGB.
glm::dvec3 ground_color(const Image<Rgba8>& photo);

/// The camera of an image of these sides whose background is the photo, cut to cover it.
Intrinsics backplate_camera(const Backplate& view, const glm::ivec2& photo, int width, int height);

}  // namespace orrery
