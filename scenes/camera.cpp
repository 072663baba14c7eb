#include "scenes/camera.hpp"

#include <cassert>
#include <cmath>

namespace orrery {

Intrinsics intrinsics_from_fov(int width, int height, double horizontal_fov) {
  const double focal_px = 0.5 * width / std::tan(0.5 * horizontal_fov);
  return {width, height, focal_px, focal_px, 0.5 * width, 0.5 * height};
}

std::optional<glm::dvec2> project(const Intrinsics& camera, const glm::dvec3& p) {
  if (p.z <= 0) return std::nullopt;
  return glm::dvec2(camera.fx * p.x / p.z + camera.cx, camera.fy * p.y / p.z + camera.cy);
}

glm::dvec3 unproject(const Intrinsics& camera, const glm::dvec2& pixel, double z) {
  return {(pixel.x - camera.cx) / camera.fx * z, (pixel.y - camera.cy) / camera.fy * z, z};
}

Pose camera_from_world_looking_at(const glm::dvec3& eye, const glm::dvec3& target, double roll) {
  assert(eye != target);
  const glm::dvec3 forward = glm::normalize(target - eye);
  // Straight up or down the world's z axis gives no "right"; the y axis stands in.
  const glm::dvec3 up = std::abs(forward.z) > 0.999999 ? glm::dvec3(0, 1, 0) : glm::dvec3(0, 0, 1);
  const glm::dvec3 right = glm::normalize(glm::cross(forward, up));
  const glm::dvec3 down = glm::cross(forward, right);
  const double c = std::cos(roll);
  const double s = std::sin(roll);
  const glm::dmat3 camera_axes(c * right + s * down, c * down - s * right, forward);
  const glm::dmat3 rotation = glm::transpose(camera_axes);
  return {rotation, 1.0, -(rotation * eye)};
}

}  // namespace orrery
