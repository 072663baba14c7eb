#pragma once

#include <glm/glm.hpp>
#include <span>
#include <vector>

#include "scenes/camera.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// A camera that looks at something: where from, and where in the image that is.
struct CameraAim {
  glm::dvec3 target{0.0};         ///< world, metres
  glm::dvec3 direction{0, 0, 1};  ///< unit, from the target to the eye
  double distance = 1;            ///< metres from the target to the eye
  double roll = 0;                ///< radians
  glm::dvec2 pixel{0.0};          ///< where the target appears
};

View aimed_view(const Intrinsics& intrinsics, const CameraAim& aim);

/// Some hundred surface points of an object, world, metres: enough for its outline.
std::vector<glm::dvec3> outline_points(const Object& object, const Model& model);

/// Pixels within the convex outline of the projected points, inside the image or not; infinite if
/// one of them is not in front of the camera.
double outline_area(const View& view, std::span<const glm::dvec3> points);

/// The distance at which the points' outline has `area` pixels (above 0). Seen from nearer, things
/// are larger: the one solution is found by halving, to a thousandth.
double distance_for_area(const Intrinsics& intrinsics, CameraAim aim,
                         std::span<const glm::dvec3> points, double area);

/// Turns the camera, and takes it back where that is not enough, until the points lie at least
/// `margin` pixels inside the image.
CameraAim kept_inside(const Intrinsics& intrinsics, CameraAim aim,
                      std::span<const glm::dvec3> points, double margin);

/// Takes the eye up and back until it is above the surface, if there is one, and out of the boxes
/// around all things and distractors. A bin, a room and a surface are not in the way.
CameraAim kept_free(CameraAim aim, const Scene& scene, std::span<const Model> models);

}  // namespace orrery
