#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/collision_shape.hpp"
#include "scenes/convex_hull.hpp"

namespace orrery {
namespace {

constexpr double kSameFace = 0.99985;  ///< cosine of about a degree

/// Faces of the whole hull with about the same direction.
struct Facet {
  glm::dvec3 normal;
  double area = 0;
  double offset = 0;  ///< of its outermost corner from the centre of mass
  double solid_angle = 0;
  std::vector<glm::dvec3> corners;  ///< from the centre of mass
};

/// Source: Van Oosterom and Strackee, The Solid Angle of a Plane Triangle, 1983.
double solid_angle(const glm::dvec3& a, const glm::dvec3& b, const glm::dvec3& c) {
  const double la = glm::length(a);
  const double lb = glm::length(b);
  const double lc = glm::length(c);
  const double top = glm::dot(a, glm::cross(b, c));
  const double bottom =
      la * lb * lc + glm::dot(a, b) * lc + glm::dot(a, c) * lb + glm::dot(b, c) * la;
  return std::max(0.0, 2.0 * std::atan2(top, bottom));
}

std::vector<Facet> facets_of(const CollisionShape& shape) {
  std::vector<glm::dvec3> points;
  for (const auto& hull : shape.hulls) {
    for (const glm::dvec3& p : hull) points.push_back(p - shape.center_of_mass);
  }
  const ConvexHull hull = convex_hull(points);
  std::vector<Facet> facets;
  for (const auto& face : hull.faces) {
    Facet one;
    glm::dvec3 twice_area(0.0);
    for (std::size_t i = 1; i + 1 < face.size(); ++i) {
      const glm::dvec3& a = hull.points[face[0]];
      const glm::dvec3& b = hull.points[face[i]];
      const glm::dvec3& c = hull.points[face[i + 1]];
      twice_area += glm::cross(b - a, c - a);
      one.solid_angle += solid_angle(a, b, c);
    }
    one.area = 0.5 * glm::length(twice_area);
    if (one.area <= 0) continue;
    one.normal = glm::normalize(twice_area);
    for (const std::uint32_t i : face) one.corners.push_back(hull.points[i]);
    facets.push_back(std::move(one));
  }
  // Largest first, so that slivers join their large neighbours.
  std::stable_sort(facets.begin(), facets.end(),
                   [](const Facet& a, const Facet& b) { return a.area > b.area; });
  std::vector<Facet> merged;
  for (Facet& facet : facets) {
    const auto same = std::find_if(merged.begin(), merged.end(), [&](const Facet& m) {
      return glm::dot(m.normal, facet.normal) > kSameFace;
    });
    if (same == merged.end()) {
      merged.push_back(std::move(facet));
    } else {
      same->solid_angle += facet.solid_angle;
      same->corners.insert(same->corners.end(), facet.corners.begin(), facet.corners.end());
    }
  }
  for (Facet& facet : merged) {
    for (const glm::dvec3& p : facet.corners) {
      facet.offset = std::max(facet.offset, glm::dot(facet.normal, p));
    }
  }
  return merged;
}

/// Turns `down` to -z by the shortest way.
glm::dmat3 rotation_to_down(const glm::dvec3& down) {
  const glm::dvec3 target(0, 0, -1);
  const double cosine = glm::dot(down, target);
  if (cosine > 1 - 1e-12) return glm::dmat3(1.0);
  // Half a turn about x.
  if (cosine < -1 + 1e-12) return glm::dmat3(1, 0, 0, 0, -1, 0, 0, 0, -1);
  const glm::dvec3 axis = glm::normalize(glm::cross(down, target));
  return glm::mat3_cast(glm::angleAxis(std::acos(cosine), axis));
}

bool point_over(const Facet& facet) {
  // In the facet's plane: its corners' convex outline holds the projected centre of mass.
  const glm::dmat3 flat = rotation_to_down(facet.normal);
  std::vector<glm::dvec2> outline;
  for (const glm::dvec3& p : facet.corners) outline.emplace_back(flat * p);
  std::vector<double> angles;
  for (const glm::dvec2& p : outline) angles.push_back(std::atan2(p.y, p.x));
  std::sort(angles.begin(), angles.end());
  double gap = angles.front() + glm::two_pi<double>() - angles.back();
  for (std::size_t i = 1; i < angles.size(); ++i) gap = std::max(gap, angles[i] - angles[i - 1]);
  return gap < glm::pi<double>();
}

/// Where an unstable facet rolls to: the one that shares corners with it and lies deepest towards
/// its nearest centre; rolling always lowers the centre of mass, so it ends.
std::size_t next_of(const std::vector<Facet>& facets, std::size_t from) {
  std::size_t best = from;
  double steepest = 0;
  for (std::size_t i = 0; i < facets.size(); ++i) {
    if (facets[i].offset >= facets[from].offset) continue;
    int shared = 0;
    for (const glm::dvec3& p : facets[from].corners) {
      const auto& other = facets[i].corners;
      shared += std::find(other.begin(), other.end(), p) != other.end() ? 1 : 0;
    }
    if (shared < 2) continue;
    const double turn =
        std::acos(glm::clamp(glm::dot(facets[i].normal, facets[from].normal), -1.0, 1.0));
    const double slope = (facets[from].offset - facets[i].offset) / std::max(turn, 1e-9);
    if (slope > steepest) {
      steepest = slope;
      best = i;
    }
  }
  return best;
}

}  // namespace

std::vector<RestingPose> resting_poses(const CollisionShape& shape) {
  const std::vector<Facet> facets = facets_of(shape);
  std::vector<double> share(facets.size(), 0.0);
  double all = 0;
  for (std::size_t i = 0; i < facets.size(); ++i) {
    std::size_t at = i;
    while (!point_over(facets[at])) {
      const std::size_t next = next_of(facets, at);
      if (next == at) break;
      at = next;
    }
    share[at] += facets[i].solid_angle;
    all += facets[i].solid_angle;
  }
  std::vector<RestingPose> poses;
  for (std::size_t i = 0; i < facets.size(); ++i) {
    if (share[i] <= 0) continue;
    const glm::dmat3 turned = rotation_to_down(facets[i].normal);
    RestingPose pose;
    pose.plane_from_object.rotation = turned;
    pose.plane_from_object.translation =
        glm::dvec3(0, 0, facets[i].offset) - turned * shape.center_of_mass;
    pose.probability = share[i] / all;
    poses.push_back(pose);
  }
  // Rounded, so that equal shares keep the order of the facets.
  std::stable_sort(poses.begin(), poses.end(), [](const RestingPose& a, const RestingPose& b) {
    return std::round(a.probability * 1e9) > std::round(b.probability * 1e9);
  });
  return poses;
}

}  // namespace orrery
