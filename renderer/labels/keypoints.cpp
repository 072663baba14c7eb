#include "renderer/labels/keypoints.hpp"

#include "renderer/labels/seen_surface.hpp"

namespace orrery {
namespace {

constexpr double kOfDiagonal = 0.002;
constexpr double kOfDepth = 1e-4;

/// Whether what is seen at `pixel` lies in front of a point that deep at `place`.
bool hides(const SeenSurface& seen, const glm::ivec2& pixel, const glm::dvec2& place, double z,
           double tolerance) {
  const auto surface = depth_carried_to(seen, pixel, place);
  return surface && *surface < z - tolerance;
}

/// Whether the instance's own surface hides the point, wherever it is seen around there.
bool hidden_by_itself(const SeenSurface& seen, const glm::ivec2& pixel, std::uint32_t id,
                      const glm::dvec2& place, double z, double tolerance) {
  for (int y = pixel.y - 1; y <= pixel.y + 1; ++y) {
    for (int x = pixel.x - 1; x <= pixel.x + 1; ++x) {
      const bool inside = x >= 0 && y >= 0 && x < seen.id.width && y < seen.id.height;
      if (inside && seen.id.at(x, y) == id && !hides(seen, {x, y}, place, z, tolerance)) {
        return false;
      }
    }
  }
  return true;
}

KeypointState state_of(const SeenSurface& seen, std::uint32_t id, const glm::dvec2& place, double z,
                       double tolerance, bool inside) {
  const auto pixel = pixel_at(seen, place);
  if (!pixel) return KeypointState::outside;
  if (seen.id.at(pixel->x, pixel->y) != id) {
    return hides(seen, *pixel, place, z, tolerance) ? KeypointState::hidden_by_another
                                                    : KeypointState::visible;
  }
  const bool hidden = !inside && hidden_by_itself(seen, *pixel, id, place, z, tolerance);
  return hidden ? KeypointState::hidden_by_itself : KeypointState::visible;
}

}  // namespace

std::vector<KeypointLabel> keypoint_labels(const Frame& frame, std::uint32_t id,
                                           const Model& model) {
  const View& view = frame.shot->view;
  const Pose camera_from_object =
      view.camera_from_world * frame.shot->scene.objects[id - 1].world_from_object;
  const double diagonal = glm::length(glm::dvec3(model.bounds.high - model.bounds.low));
  const SeenSurface seen{frame.depth, frame.id};
  std::vector<KeypointLabel> labels;
  for (const Keypoint& point : model.keypoints.points) {
    const glm::dvec3 in_camera = camera_from_object(point.position);
    KeypointLabel label{point.name, KeypointState::outside, project(view.intrinsics, in_camera)};
    if (label.pixel && in_camera.z > view.near_m) {
      const double tolerance =
          kOfDiagonal * diagonal * camera_from_object.scale + kOfDepth * in_camera.z;
      label.state = state_of(seen, id, *label.pixel, in_camera.z, tolerance, point.inside);
    }
    labels.push_back(std::move(label));
  }
  return labels;
}

}  // namespace orrery
