#pragma once

#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>
#include <optional>

#include "scenes/lens.hpp"

namespace orrery {

/// A rigid motion with one uniform scale: x ↦ rotation · (scale · x) + translation.
/// Named destination first: `world_from_object`.
struct Pose {
  glm::dmat3 rotation{1.0};  ///< orthonormal, determinant +1
  double scale = 1.0;        ///< above 0
  glm::dvec3 translation{0.0};

  glm::dvec3 operator()(const glm::dvec3& x) const { return rotation * (scale * x) + translation; }
};

/// c_from_b * b_from_a = c_from_a.
inline Pose operator*(const Pose& c_from_b, const Pose& b_from_a) {
  return {c_from_b.rotation * b_from_a.rotation, c_from_b.scale * b_from_a.scale,
          c_from_b(b_from_a.translation)};
}

inline Pose inverse(const Pose& b_from_a) {
  const glm::dmat3 back = glm::transpose(b_from_a.rotation);
  return {back, 1.0 / b_from_a.scale, back * (b_from_a.translation * (-1.0 / b_from_a.scale))};
}

inline glm::dmat4 matrix(const Pose& pose) {
  glm::dmat4 m(pose.rotation * pose.scale);
  m[3] = glm::dvec4(pose.translation, 1.0);
  return m;
}

/// A camera. Camera frame: x right, y down, z forward (OpenCV, BOP).
/// A pixel is a unit square and (0,0) is the image's top-left corner.
struct Intrinsics {
  int width = 640;        ///< pixels
  int height = 480;       ///< pixels
  double fx = 0, fy = 0;  ///< focal lengths, pixels
  double cx = 0, cy = 0;  ///< principal point, pixels from the top-left corner
  Lens lens{};

  bool operator==(const Intrinsics&) const = default;
};

/// Square pixels and a centred principal point. `horizontal_fov` is the full angle, radians, as it
/// is seen through the lens: the rays at half of it to both sides end a width apart. Throws Error
/// if the lens does not see as wide, or folds inside the image.
Intrinsics intrinsics_from_fov(int width, int height, double horizontal_fov, const Lens& lens = {});

/// Throws Error if the lens folds inside the image: then no ray, or several, would end in a pixel.
/// What lies beyond 89° from the axis may be in the image: nothing is seen there.
void check_lens(const Intrinsics& camera);

/// One camera at one place.
struct View {
  Intrinsics intrinsics;
  Pose camera_from_world;  ///< scale 1
  double near_m = 0.01;    ///< nothing nearer is seen, metres along the optical axis
};

/// Image position, in pixels, of a point given in the camera frame; nothing if it is not in front
/// or the lens does not see it.
std::optional<glm::dvec2> project(const Intrinsics& camera, const glm::dvec3& point_in_camera);

/// Slope (x/z, y/z) of the ray that ends at `pixel`; nothing outside the lens's field. `near` as in
/// unbent().
std::optional<glm::dvec2> slope_at(const Intrinsics& camera, const glm::dvec2& pixel,
                                   const glm::dvec2& near = glm::dvec2(0.0));

/// Point in the camera frame at depth `z` (metres along the optical axis) seen at `pixel`, which
/// lies in the lens's field, or Error.
glm::dvec3 unproject(const Intrinsics& camera, const glm::dvec2& pixel, double z);

/// Pixels that a radian across the line of sight spans: of a pinhole on its axis, of a lens where
/// it is most within the image.
double greatest_px_per_radian(const Intrinsics& camera);

/// Camera at `eye` with `target` in the principal direction and `roll` (radians) about it; at
/// roll 0 the world's z axis points up in the image.
Pose camera_from_world_looking_at(const glm::dvec3& eye, const glm::dvec3& target, double roll = 0);

}  // namespace orrery
