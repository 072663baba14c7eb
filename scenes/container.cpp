#include "scenes/container.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <span>
#include <vector>

namespace orrery {
namespace {

constexpr int kDirections = 8;

/// Whether a ray leaves a convex piece somewhere: Cyrus and Beck's clipping, 1978.
bool meets(std::span<const glm::dvec3> corners, const HullFeatures& features, const glm::dvec3& at,
           const glm::dvec3& along) {
  double enter = 0;
  double leave = 1e30;
  for (const auto& face : features.faces) {
    const glm::dvec3& a = corners[face[0]];
    const glm::dvec3 out = glm::cross(corners[face[1]] - a, corners[face[2]] - a);
    const double away = glm::dot(out, at - a);
    const double slope = glm::dot(out, along);
    if (slope == 0) {
      if (away > 0) return false;
    } else if (slope > 0) {
      leave = std::min(leave, -away / slope);
    } else {
      enter = std::max(enter, -away / slope);
    }
  }
  return enter <= leave;
}

}  // namespace

bool walled_in(const CollisionShape& container, const glm::dvec3& at) {
  for (int i = 0; i < kDirections; ++i) {
    const double angle = glm::two_pi<double>() * i / kDirections;
    const glm::dvec3 along(std::cos(angle), std::sin(angle), 0);
    bool met = false;
    for (std::size_t h = 0; h < container.hulls.size() && !met; ++h) {
      met = meets(container.hulls[h], container.features[h], at, along);
    }
    if (!met) return false;
  }
  return true;
}

}  // namespace orrery
