#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <span>
#include <vector>

namespace orrery {

/// A convex polyhedron; flat or empty where its points span no volume.
struct ConvexHull {
  std::vector<glm::dvec3> points;                 ///< its corners
  std::vector<std::vector<std::uint32_t>> faces;  ///< counter-clockwise seen from outside
};

/// Coplanar neighbours may come as several faces.
ConvexHull convex_hull(std::span<const glm::dvec3> points);

/// At most `most` of the points, those that keep the hull's shape best; all corners if they are
/// few enough or `error` (metres) is kept with fewer.
std::vector<glm::dvec3> hull_corners(std::span<const glm::dvec3> points, std::size_t most,
                                     double error);

/// What contacts need of a convex piece beside its corners.
struct HullFeatures {
  /// Into its corners, counter-clockwise seen from outside; coplanar ones are one face.
  std::vector<std::vector<std::uint32_t>> faces;
  std::vector<glm::dvec3> core;  ///< corners of the hull moved inwards by the margin, metres
  double margin = 0;             ///< metres
};

/// Those of a hull with these corners, all of which must be corners; the margin is at most `most`
/// metres and a part of the hull's own thickness. The corners may be brought into another order.
HullFeatures features_of(std::vector<glm::dvec3>& corners, double most);

/// Integrals over a solid of density 1.
struct SolidMoments {
  double volume = 0;          ///< m³
  glm::dvec3 first{0.0};      ///< ∫x, m⁴
  glm::dmat3 second{0.0};     ///< ∫x xᵀ, m⁵
  glm::dvec3 center() const;  ///< m; the origin where there is no volume
};

/// Adds the tetrahedron from the origin to a triangle; summed over a closed surface that is
/// counter-clockwise seen from outside, this gives the integrals over its inside.
void add_tetrahedron(SolidMoments& sum, const glm::dvec3& a, const glm::dvec3& b,
                     const glm::dvec3& c);

SolidMoments moments_of(const ConvexHull& hull);

}  // namespace orrery
