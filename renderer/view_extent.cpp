#include "renderer/view_extent.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace orrery {
namespace {

glm::dvec3 corner_of(const Box3& bounds, unsigned i) {
  return {(i & 1U) != 0 ? bounds.high.x : bounds.low.x,
          (i & 2U) != 0 ? bounds.high.y : bounds.low.y,
          (i & 4U) != 0 ? bounds.high.z : bounds.low.z};
}

/// Widens `e` from a box's corners to its edges, which a lens bends. False if it does not see all
/// of them. What lies in a box lies, in the image, between its edges.
bool cover_edges(Extent& e, const Pose& world_from_object, const Box3& bounds, const View& view) {
  constexpr int kSteps = 8;
  for (unsigned i = 0; i < 8; ++i) {
    for (const unsigned bit : {1U, 2U, 4U}) {
      if ((i & bit) != 0) continue;
      const auto at = [&](unsigned k) {
        return view.camera_from_world(world_from_object(corner_of(bounds, k)));
      };
      const glm::dvec3 from = at(i);
      const glm::dvec3 to = at(i | bit);
      std::array<glm::dvec2, kSteps + 1> edge{};
      for (int k = 0; k <= kSteps; ++k) {
        const auto pixel = project(view.intrinsics, glm::mix(from, to, k / double{kSteps}));
        if (!pixel) return false;
        edge[static_cast<std::size_t>(k)] = *pixel;
      }
      // A curve leaves its chords by an eighth of the second difference; twice that is safe.
      glm::dvec2 bend(0.0);
      for (std::size_t k = 1; k < kSteps; ++k) {
        bend = glm::max(bend, 0.25 * glm::abs(edge[k - 1] - 2.0 * edge[k] + edge[k + 1]));
      }
      for (const glm::dvec2& p : edge) {
        e.x0 = std::min(e.x0, p.x - bend.x);
        e.y0 = std::min(e.y0, p.y - bend.y);
        e.x1 = std::max(e.x1, p.x + bend.x);
        e.y1 = std::max(e.y1, p.y + bend.y);
      }
    }
  }
  return true;
}

Extent extent_of(const Pose& world_from_object, const Box3& bounds, const View& view) {
  Extent e;
  unsigned behind = 0;
  const bool pinhole = view.intrinsics.lens.model == LensModel::pinhole;
  for (unsigned i = 0; i < 8; ++i) {
    const glm::dvec3 corner = corner_of(bounds, i);
    const glm::dvec3 world = world_from_object(corner);
    e.low_z = std::min(e.low_z, world.z);
    e.high_z = std::max(e.high_z, world.z);
    const glm::dvec3 in_camera = view.camera_from_world(world);
    if (in_camera.z <= view.near_m) {
      ++behind;
      continue;
    }
    if (!pinhole) continue;
    const glm::dvec2 p = *project(view.intrinsics, in_camera);
    e.x0 = std::min(e.x0, p.x);
    e.y0 = std::min(e.y0, p.y);
    e.x1 = std::max(e.x1, p.x);
    e.y1 = std::max(e.y1, p.y);
  }
  e.anywhere = behind > 0 && behind < 8;
  e.nowhere = behind == 8;
  if (!pinhole && behind == 0) e.anywhere = !cover_edges(e, world_from_object, bounds, view);
  return e;
}

int pixel(double p, int low, int high) {
  return static_cast<int>(std::clamp(p, static_cast<double>(low), static_cast<double>(high)));
}

bool overlap(const Extent& a, const Extent& b) {
  return a.x0 - 1 < b.x1 && b.x0 - 1 < a.x1 && a.y0 - 1 < b.y1 && b.y0 - 1 < a.y1;
}

}  // namespace

Extents extents_of(const Scene& scene, const View& view, const Resident& resident) {
  Extents extents;
  for (const Object& object : scene.objects) {
    extents.objects.push_back(
        extent_of(object.world_from_object, resident.models[object.model].bounds, view));
  }
  for (const Prop& prop : scene.props) {
    extents.props.push_back(
        extent_of(prop.world_from_object, resident.models[prop.model].bounds, view));
  }
  return extents;
}

glm::uvec4 surface_bounds(const Extents& extents, const Scene& scene, const View& view) {
  const int w = view.intrinsics.width;
  const int h = view.intrinsics.height;
  glm::ivec4 bounds(w, h, 0, 0);
  bool everywhere = scene.ground.kind != GroundKind::none;
  const auto cover = [&](const Extent& e) {
    everywhere |= e.anywhere;
    if (e.nowhere) return;
    bounds.x = std::min(bounds.x, pixel(std::floor(e.x0) - 2, 0, w));
    bounds.y = std::min(bounds.y, pixel(std::floor(e.y0) - 2, 0, h));
    bounds.z = std::max(bounds.z, pixel(std::ceil(e.x1) + 2, 0, w));
    bounds.w = std::max(bounds.w, pixel(std::ceil(e.y1) + 2, 0, h));
  };
  for (const Extent& e : extents.objects) cover(e);
  for (const Extent& e : extents.props) cover(e);
  if (everywhere) return {0, 0, w, h};
  if (bounds.x >= bounds.z || bounds.y >= bounds.w) return glm::uvec4(0);
  return glm::uvec4(bounds);
}

AmodalCanvas amodal_canvas(const Extents& extents, const Scene& scene, const View& view) {
  const int w = view.intrinsics.width;
  const int h = view.intrinsics.height;
  const double eye_z = inverse(view.camera_from_world).translation.z;
  const bool below_ground = scene.ground.kind != GroundKind::none && eye_z <= scene.ground.height;
  AmodalCanvas canvas{0, 0, w, h, false};
  int x1 = w;
  int y1 = h;
  for (std::size_t i = 0; i < extents.objects.size(); ++i) {
    const Extent& e = extents.objects[i];
    if (e.nowhere) continue;
    // Objects rest on the ground up to rounding.
    const bool sunk = scene.ground.kind != GroundKind::none &&
                      e.low_z < scene.ground.height - 1e-4 * (e.high_z - e.low_z);
    const bool leaves = e.anywhere || e.x0 < 1 || e.y0 < 1 || e.x1 > w - 1 || e.y1 > h - 1;
    canvas.needed |= below_ground || sunk || leaves;
    for (std::size_t j = 0; j < i; ++j) {
      canvas.needed |= !extents.objects[j].nowhere && overlap(e, extents.objects[j]);
    }
    for (const Extent& prop : extents.props) {
      canvas.needed |= prop.anywhere || (!prop.nowhere && overlap(e, prop));
    }
    canvas.x = std::min(canvas.x, e.anywhere ? -w : pixel(std::floor(e.x0) - 1, -w, 0));
    canvas.y = std::min(canvas.y, e.anywhere ? -h : pixel(std::floor(e.y0) - 1, -h, 0));
    x1 = std::max(x1, e.anywhere ? 2 * w : pixel(std::ceil(e.x1) + 1, w, 2 * w));
    y1 = std::max(y1, e.anywhere ? 2 * h : pixel(std::ceil(e.y1) + 1, h, 2 * h));
  }
  canvas.width = x1 - canvas.x;
  canvas.height = y1 - canvas.y;
  return canvas;
}

}  // namespace orrery
