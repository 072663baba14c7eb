#include "scenes/convex_hull.hpp"

#include <BulletCollision/CollisionShapes/btConvexHullShape.h>
#include <BulletCollision/CollisionShapes/btConvexPolyhedron.h>
#include <LinearMath/btConvexHullComputer.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>

namespace orrery {
namespace {

constexpr double kMarginPart = 0.3;  ///< of the smallest radius, for thin pieces

struct Plane {
  glm::dvec3 normal{0.0};  ///< unit, or zero for a sliver
  double offset = 0;
};

Plane plane_of(const ConvexHull& hull, const std::vector<std::uint32_t>& face) {
  // Newell's sum: right for polygons that are only nearly flat.
  glm::dvec3 normal(0.0);
  glm::dvec3 middle(0.0);
  for (std::size_t i = 0; i < face.size(); ++i) {
    const glm::dvec3& a = hull.points[face[i]];
    const glm::dvec3& b = hull.points[face[(i + 1) % face.size()]];
    normal += glm::cross(a - hull.points[face[0]], b - hull.points[face[0]]);
    middle += a;
  }
  const double length = glm::length(normal);
  if (length <= 0) return {};
  normal /= length;
  return {normal, glm::dot(normal, middle) / static_cast<double>(face.size())};
}

/// The extreme points along the axes and between three of them: a first coarse hull, of so few that
/// most corners are left to what sticks out of it.
std::vector<std::size_t> extremes(std::span<const glm::dvec3> points) {
  std::vector<std::size_t> found;
  for (int code = 0; code < 27; ++code) {
    const glm::dvec3 direction(code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1);
    const int axes = static_cast<int>(glm::dot(direction, direction));
    if (axes != 1 && axes != 3) continue;
    std::size_t best = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (glm::dot(direction, points[i]) > glm::dot(direction, points[best])) best = i;
    }
    if (std::find(found.begin(), found.end(), best) == found.end()) found.push_back(best);
  }
  return found;
}

}  // namespace

ConvexHull convex_hull(std::span<const glm::dvec3> points) {
  ConvexHull hull;
  if (points.empty()) return hull;
  btConvexHullComputer computer;
  computer.compute(&points[0].x, sizeof(glm::dvec3), static_cast<int>(points.size()), 0, 0);
  for (int i = 0; i < computer.vertices.size(); ++i) {
    // The computer rounds to a grid; the corners themselves are exact.
    const int original = computer.original_vertex_index[i];
    hull.points.push_back(points[static_cast<std::size_t>(original)]);
  }
  for (int i = 0; i < computer.faces.size(); ++i) {
    const btConvexHullComputer::Edge* const first = &computer.edges[computer.faces[i]];
    const btConvexHullComputer::Edge* edge = first;
    std::vector<std::uint32_t> face;
    do {
      face.push_back(static_cast<std::uint32_t>(edge->getSourceVertex()));
      edge = edge->getNextEdgeOfFace();
    } while (edge != first);
    hull.faces.push_back(std::move(face));
  }
  return hull;
}

std::vector<glm::dvec3> hull_corners(std::span<const glm::dvec3> points, std::size_t most,
                                     double error) {
  const ConvexHull whole = convex_hull(points);
  const std::vector<glm::dvec3>& corners = whole.points;
  if (corners.size() <= 4) return corners;
  // From a coarse hull outwards: always the corner that sticks out furthest.
  std::vector<glm::dvec3> kept;
  for (const std::size_t i : extremes(corners)) kept.push_back(corners[i]);
  while (kept.size() < most) {
    const ConvexHull hull = convex_hull(kept);
    std::vector<Plane> planes;
    for (const auto& face : hull.faces) planes.push_back(plane_of(hull, face));
    // One corner a face and round: rounds are few, and no bulge takes all.
    std::map<std::size_t, double> outside;
    for (const Plane& p : planes) {
      double most_outside = error;
      std::optional<std::size_t> corner;
      for (std::size_t i = 0; i < corners.size(); ++i) {
        const double distance = glm::dot(p.normal, corners[i]) - p.offset;
        if (distance <= most_outside) continue;
        most_outside = distance;
        corner = i;
      }
      if (corner) outside[*corner] = std::max(outside[*corner], most_outside);
    }
    std::vector<std::pair<double, std::size_t>> furthest;
    for (const auto& [corner, distance] : outside) furthest.emplace_back(-distance, corner);
    if (furthest.empty()) break;
    const std::size_t take = std::clamp<std::size_t>((most - kept.size()) / 4, 1, furthest.size());
    std::sort(furthest.begin(), furthest.end());
    for (std::size_t k = 0; k < take; ++k) kept.push_back(corners[furthest[k].second]);
  }
  return convex_hull(kept).points;
}

HullFeatures features_of(std::vector<glm::dvec3>& corners, double most) {
  HullFeatures features;
  // About one unit in size, for which Bullet's tolerances are made.
  double size = 1e-12;
  for (const glm::dvec3& p : corners) size = std::max(size, glm::distance(p, corners[0]));
  btConvexHullShape shape;
  for (const glm::dvec3& p : corners) {
    const glm::dvec3 unit = (p - corners[0]) / size;
    shape.addPoint(btVector3(unit.x, unit.y, unit.z), false);
  }
  shape.setMargin(0);
  shape.recalcLocalAabb();
  shape.initializePolyhedralFeatures();
  const btConvexPolyhedron& polyhedron = *shape.getConvexPolyhedron();
  std::vector<glm::dvec3> ordered;
  for (int i = 0; i < polyhedron.m_vertices.size(); ++i) {
    const btVector3& v = polyhedron.m_vertices[i];
    const glm::dvec3 there = corners[0] + size * glm::dvec3(v.x(), v.y(), v.z());
    // Bullet rounds to a grid; the corners themselves are exact.
    ordered.push_back(*std::min_element(corners.begin(), corners.end(),
                                        [&](const glm::dvec3& a, const glm::dvec3& b) {
                                          return glm::distance(a, there) < glm::distance(b, there);
                                        }));
  }
  for (int i = 0; i < polyhedron.m_faces.size(); ++i) {
    std::vector<std::uint32_t> face;
    for (int k = 0; k < polyhedron.m_faces[i].m_indices.size(); ++k) {
      face.push_back(static_cast<std::uint32_t>(polyhedron.m_faces[i].m_indices[k]));
    }
    features.faces.push_back(std::move(face));
  }
  corners = std::move(ordered);
  btConvexHullComputer shrunk;
  features.margin = shrunk.compute(&corners[0].x, sizeof(glm::dvec3),
                                   static_cast<int>(corners.size()), most, kMarginPart);
  if (features.margin > 0) {
    for (int i = 0; i < shrunk.vertices.size(); ++i) {
      const btVector3& v = shrunk.vertices[i];
      features.core.emplace_back(v.x(), v.y(), v.z());
    }
  } else {
    features.core = corners;
    features.margin = 0;
  }
  return features;
}

glm::dvec3 SolidMoments::center() const { return volume > 0 ? first / volume : glm::dvec3(0.0); }

void add_tetrahedron(SolidMoments& sum, const glm::dvec3& a, const glm::dvec3& b,
                     const glm::dvec3& c) {
  const double volume = glm::dot(a, glm::cross(b, c)) / 6.0;
  const glm::dvec3 s = a + b + c;
  sum.volume += volume;
  sum.first += volume / 4.0 * s;
  // Source: Blow and Binstock, How to find the inertia tensor of a 3D solid body, 2004.
  sum.second += volume / 20.0 *
                (glm::outerProduct(a, a) + glm::outerProduct(b, b) + glm::outerProduct(c, c) +
                 glm::outerProduct(s, s));
}

SolidMoments moments_of(const ConvexHull& hull) {
  SolidMoments sum;
  for (const auto& face : hull.faces) {
    for (std::size_t i = 1; i + 1 < face.size(); ++i) {
      add_tetrahedron(sum, hull.points[face[0]], hull.points[face[i]], hull.points[face[i + 1]]);
    }
  }
  return sum;
}

}  // namespace orrery
