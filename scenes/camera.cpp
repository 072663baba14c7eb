#include "scenes/camera.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "scenes/error.hpp"

namespace orrery {
namespace {

std::string degrees(double radians) { return std::to_string(glm::degrees(radians)) + " deg"; }

}  // namespace

Intrinsics intrinsics_from_fov(int width, int height, double horizontal_fov, const Lens& lens) {
  const double slope = std::tan(0.5 * horizontal_fov);
  if (lens.model == LensModel::pinhole) {
    const double focal_px = 0.5 * width / slope;
    return {width, height, focal_px, focal_px, 0.5 * width, 0.5 * height};
  }
  const auto right = bent(lens, {slope, 0});
  const auto left = bent(lens, {-slope, 0});
  if (!right || !left) {
    throw Error("camera: a field of view of " + degrees(horizontal_fov) + ", wanted at most the " +
                degrees(2 * std::atan(lens.widest)) + " that the lens sees");
  }
  const double focal_px = width / (right->x - left->x);
  Intrinsics camera{width, height, focal_px, focal_px, 0.5 * width, 0.5 * height, lens};
  check_lens(camera);
  return camera;
}

void check_lens(const Intrinsics& camera) {
  if (!camera.lens.folds) return;
  const auto check = [&](double x, double y) {
    if (slope_at(camera, {x, y})) return;
    throw Error("camera.lens: the distortion folds " + degrees(std::atan(camera.lens.widest)) +
                " from the axis, inside the image at pixel (" + std::to_string(x) + ", " +
                std::to_string(y) + "); wanted a lens that holds up to the image's corners");
  };
  // What reaches the border reaches all inside it.
  for (int x = 0; x <= camera.width; x += 4) {
    check(x, 0);
    check(x, camera.height);
  }
  for (int y = 0; y <= camera.height; y += 4) {
    check(0, y);
    check(camera.width, y);
  }
  check(camera.width, camera.height);
}

std::optional<glm::dvec2> project(const Intrinsics& camera, const glm::dvec3& p) {
  if (p.z <= 0) return std::nullopt;
  if (camera.lens.model == LensModel::pinhole) {
    return glm::dvec2(camera.fx * p.x / p.z + camera.cx, camera.fy * p.y / p.z + camera.cy);
  }
  const auto image = bent(camera.lens, {p.x / p.z, p.y / p.z});
  if (!image) return std::nullopt;
  return glm::dvec2(camera.fx * image->x + camera.cx, camera.fy * image->y + camera.cy);
}

std::optional<glm::dvec2> slope_at(const Intrinsics& camera, const glm::dvec2& pixel,
                                   const glm::dvec2& near) {
  return unbent(camera.lens, {(pixel.x - camera.cx) / camera.fx, (pixel.y - camera.cy) / camera.fy},
                near);
}

glm::dvec3 unproject(const Intrinsics& camera, const glm::dvec2& pixel, double z) {
  const auto slope = slope_at(camera, pixel);
  if (!slope) {
    throw Error("camera: pixel (" + std::to_string(pixel.x) + ", " + std::to_string(pixel.y) +
                ") lies outside the lens's field, wanted one inside");
  }
  return {slope->x * z, slope->y * z, z};
}

double greatest_px_per_radian(const Intrinsics& camera) {
  double greatest = std::max(camera.fx, camera.fy);
  if (camera.lens.model == LensModel::pinhole) return greatest;
  constexpr int kPlaces = 5;
  constexpr double kStep = 1e-5;
  for (int i = 0; i < kPlaces * kPlaces; ++i) {
    const glm::ivec2 place(i % kPlaces, i / kPlaces);
    const glm::dvec2 pixel =
        glm::dvec2(camera.width, camera.height) * glm::dvec2(place) / (kPlaces - 1.0);
    const auto slope = slope_at(camera, pixel);
    if (!slope) continue;
    for (const glm::dvec2 step : {glm::dvec2(kStep, 0), glm::dvec2(0, kStep)}) {
      const auto aside = project(camera, {slope->x - step.x, slope->y - step.y, 1});
      if (!aside) continue;
      greatest =
          std::max(greatest, glm::distance(*aside, pixel) / kStep * (1 + glm::dot(*slope, *slope)));
    }
  }
  return greatest;
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
