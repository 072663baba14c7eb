#pragma once

#include <glm/glm.hpp>
#include <optional>
#include <span>

#include "scenes/camera.hpp"

namespace orrery {

struct TurntableSpec;

/// The camera that `spec` says. Throws Error if its lens folds inside the image.
Intrinsics intrinsics_of(const TurntableSpec& spec);

/// Where the camera stands and how its object must appear.
struct Framing {
  glm::dvec3 target{0.0};          ///< the object's centre, world
  glm::dvec3 direction{1, 0, 0};   ///< unit, from the target to the camera
  double roll = 0;                 ///< radians
  double least_distance = 0;       ///< metres from the target
  double side_px = 100;            ///< longer side of the object's box, pixels
  std::optional<double> distance;  ///< metres from the target; stands in for `side_px`
  /// Place of the box's centre: ±1 touches the image's border from inside, the excess is the
  /// fraction of the box's side that lies outside.
  glm::dvec2 offset{0.0};
};

/// The view whose projection of `points` (world, metres) meets `framing`. The camera turns towards
/// the place asked for, so that its elevation above the object stays what it was.
View framed_view(const Intrinsics& intrinsics, const Framing& framing,
                 std::span<const glm::dvec3> points);

/// Bounding rectangle of the projected points; nothing if one of them is behind the camera.
struct PixelBox {
  glm::dvec2 low;
  glm::dvec2 high;
};
std::optional<PixelBox> projected_box(const View& view, std::span<const glm::dvec3> points);

}  // namespace orrery
