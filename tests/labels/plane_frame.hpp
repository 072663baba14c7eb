#pragma once

#include <functional>

#include "renderer/frame.hpp"

namespace orrery::testing {

/// A frame of rays against planes, exactly at pixel centres: each pixel shows the nearest of
/// `surfaces`, which say how deep they are along a ray (x, y, 1), or 0.
struct PlaneFrame {
  struct Surface {
    std::uint16_t id;
    std::function<double(const glm::dvec3& ray)> depth;
  };
  Shot shot;
  Image<std::uint16_t> id;
  Image<float> depth;
  Frame frame;

  PlaneFrame(const View& view, const std::vector<Surface>& surfaces)
      : id(view.intrinsics.width, view.intrinsics.height),
        depth(view.intrinsics.width, view.intrinsics.height) {
    shot.view = view;
    for (int y = 0; y < id.height; ++y) {
      for (int x = 0; x < id.width; ++x) {
        const glm::dvec3 ray = unproject(view.intrinsics, {x + 0.5, y + 0.5}, 1.0);
        double nearest = 1e9;
        for (const Surface& surface : surfaces) {
          const double z = surface.depth(ray);
          if (z <= 0 || z >= nearest) continue;
          nearest = z;
          id.at(x, y) = surface.id;
          depth.at(x, y) = static_cast<float>(z);
        }
      }
    }
    frame.shot = &shot;
    frame.id = id;
    frame.depth = depth;
  }
  PlaneFrame(const PlaneFrame&) = delete;
};

/// The plane through (0, 0, z) that falls away to the right as steeply as `slope` says: x by 1, z
/// by `slope`; only where |x| and |y| are below `half`.
inline std::function<double(const glm::dvec3&)> slanted(double z, double slope, double half) {
  return [=](const glm::dvec3& ray) {
    const double depth = z / (1 - slope * ray.x);
    const bool inside = std::abs(ray.x * depth) < half && std::abs(ray.y * depth) < half;
    return depth > 0 && inside ? depth : 0.0;
  };
}

}  // namespace orrery::testing
