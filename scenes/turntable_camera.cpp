#include "scenes/turntable_camera.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/quaternion.hpp>
#include <limits>

#include "scenes/turntable.hpp"

namespace orrery {
namespace {

/// Camera at `distance` that sees its target at `pixel`.
View view_at(const Intrinsics& intrinsics, const Framing& framing, double distance,
             const glm::dvec2& pixel) {
  const glm::dvec3 eye = framing.target + distance * framing.direction;
  const Pose centred = camera_from_world_looking_at(eye, framing.target, framing.roll);
  // Where the lens sees nothing, no target can be: the nearest such place towards the middle.
  glm::dvec2 at = pixel;
  auto slope = slope_at(intrinsics, at);
  while (!slope) {
    at = 0.5 * (at + glm::dvec2(intrinsics.cx, intrinsics.cy));
    slope = slope_at(intrinsics, at);
  }
  const glm::dvec3 ray = glm::normalize(glm::dvec3(*slope, 1.0));
  const glm::dvec3 axis(-ray.y, ray.x, 0);  // turns (0,0,1) onto the ray
  const glm::dquat turn = glm::normalize(glm::dquat(1 + ray.z, axis));
  const glm::dmat3 rotation = glm::mat3_cast(turn) * centred.rotation;
  return {intrinsics, {rotation, 1.0, -(rotation * eye)}, 0.01 * distance};
}

/// Where the centre of a box of this size must lie along one axis of the image.
double wanted_center(double offset, double side, double image_side) {
  const double room = std::max(0.0, 0.5 * (image_side - side));
  const double inside = std::clamp(offset, -1.0, 1.0);
  return 0.5 * image_side + inside * room + (offset - inside) * side;
}

}  // namespace

Intrinsics intrinsics_of(const TurntableSpec& spec) {
  Lens lens;
  if (!spec.distortion.empty()) {
    std::array<double, 8> k{};
    std::copy(spec.distortion.begin(), spec.distortion.end(), k.begin());
    lens = lens_from(spec.fisheye ? LensModel::fisheye : LensModel::brown_conrady, k);
  }
  if (spec.k.empty())
    return intrinsics_from_fov(spec.width, spec.height, glm::radians(spec.fov), lens);
  const Intrinsics camera{spec.width, spec.height, spec.k[0], spec.k[1],
                          spec.k[2],  spec.k[3],   lens};
  check_lens(camera);
  return camera;
}

std::optional<PixelBox> projected_box(const View& view, std::span<const glm::dvec3> points) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  PixelBox box{glm::dvec2(kInfinity), glm::dvec2(-kInfinity)};
  for (const glm::dvec3& point : points) {
    const auto pixel = project(view.intrinsics, view.camera_from_world(point));
    if (!pixel) return std::nullopt;
    box.low = glm::min(box.low, *pixel);
    box.high = glm::max(box.high, *pixel);
  }
  return box;
}

View framed_view(const Intrinsics& intrinsics, const Framing& framing,
                 std::span<const glm::dvec3> points) {
  double radius = 0;
  for (const glm::dvec3& p : points) radius = std::max(radius, glm::distance(p, framing.target));
  const glm::dvec2 size(intrinsics.width, intrinsics.height);
  const double least = std::max(framing.least_distance, 1.05 * radius);
  glm::dvec2 pixel = 0.5 * size;
  double distance =
      std::max(least, framing.distance.value_or(2 * radius * intrinsics.fx / framing.side_px));
  // The box's side falls like 1 / distance and its centre moves with the target's pixel, nearly:
  // each round corrects both, and few are needed.
  for (int round = 0; round < 24; ++round) {
    const auto box = projected_box(view_at(intrinsics, framing, distance, pixel), points);
    if (!box) {
      distance *= 1.3;
      continue;
    }
    const glm::dvec2 side = box->high - box->low;
    const glm::dvec2 wanted(wanted_center(framing.offset.x, side.x, size.x),
                            wanted_center(framing.offset.y, side.y, size.y));
    const double ratio = framing.distance ? 1.0 : std::max(side.x, side.y) / framing.side_px;
    const glm::dvec2 miss = wanted - 0.5 * (box->low + box->high);
    if (std::abs(ratio - 1) < 1e-4 && glm::length(miss) < 0.05) break;
    distance = std::max(least, distance * ratio);
    pixel += miss;
  }
  return view_at(intrinsics, framing, distance, pixel);
}

}  // namespace orrery
