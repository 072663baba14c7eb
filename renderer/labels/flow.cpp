#include "renderer/labels/flow.hpp"

#include <cmath>
#include <optional>

#include "renderer/labels/seen_surface.hpp"

namespace orrery {
namespace {

/// Whether the next view shows, at `place`, a surface at depth `z`; z 0: no surface at all.
bool is_seen(const SeenSurface& next, const glm::dvec2& place, double z) {
  constexpr double kTolerance = 0.002;
  const auto pixel = pixel_at(next, place);
  if (!pixel) return false;
  const glm::ivec2 corner(glm::floor(place - 0.5));
  for (int k = 0; k < 4; ++k) {
    const glm::ivec2 p = corner + glm::ivec2(k % 2, k / 2);
    const bool inside = p.x >= 0 && p.y >= 0 && p.x < next.depth.width && p.y < next.depth.height;
    if (!inside) continue;
    if (z == 0 && !(next.depth.at(p.x, p.y) > 0)) return true;
    const auto surface = z > 0 ? depth_carried_to(next, p, place) : std::nullopt;
    if (surface && std::abs(*surface - z) <= kTolerance * z) return true;
  }
  return false;
}

}  // namespace

Flow flow_to(const Frame& frame, const View& next, const ImageView<float>& next_depth) {
  const View& view = frame.shot->view;
  const Pose next_from_camera = next.camera_from_world * inverse(view.camera_from_world);
  const bool sky = frame.shot->scene.background.kind == BackgroundKind::sky;
  const SeenSurface seen{next_depth, {}};
  const int width = frame.depth.width;
  const int height = frame.depth.height;
  Flow flow{Image<glm::vec2>(width, height), Image<std::uint8_t>(width, height),
            Image<std::uint8_t>(width, height)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const glm::dvec2 here(x + 0.5, y + 0.5);
      const double z = static_cast<double>(frame.depth.at(x, y));
      if (!(z > 0) && !sky) continue;
      const glm::dvec3 there =
          z > 0 ? next_from_camera(unproject(view.intrinsics, here, z))
                : next_from_camera.rotation * unproject(view.intrinsics, here, 1.0);
      const auto place = project(next.intrinsics, there);
      if (!place || (z > 0 && there.z <= next.near_m)) continue;
      flow.pixels.at(x, y) = glm::vec2(*place - here);
      flow.known.at(x, y) = 1;
      flow.hidden.at(x, y) = is_seen(seen, *place, z > 0 ? there.z : 0.0) ? 0 : 1;
    }
  }
  return flow;
}

}  // namespace orrery
