#include "scenes/physics_input.hpp"

#include <algorithm>
#include <glm/glm.hpp>
#include <string>

#include "scenes/error.hpp"

namespace orrery {
namespace {

void require(bool holds, std::size_t body, const char* what) {
  if (!holds) throw Error("settle: bodies[" + std::to_string(body) + "] " + what);
}

}  // namespace

double size_of(const Body& body) {
  glm::dvec3 low(1e30);
  glm::dvec3 high(-1e30);
  for (const auto& hull : body.shape->hulls) {
    for (const glm::dvec3& p : hull) {
      low = glm::min(low, p);
      high = glm::max(high, p);
    }
  }
  return body.world_from_object.scale * glm::distance(low, high);
}

double mass_of(const Body& body) {
  const double scale = body.world_from_object.scale;
  return body.density * body.shape->volume * scale * scale * scale;
}

double median(std::vector<double> values) {
  if (values.empty()) return 1;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void require_sound(std::span<const Body> bodies) {
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const Body& b = bodies[i];
    require(b.shape && !b.shape->hulls.empty(), i, "has no collision shape, wanted one");
    require(b.shape->volume > 0 && b.density > 0, i, "has no mass, wanted more than 0 kg");
    require(b.friction >= 0, i, "has a friction below 0, wanted 0 or more");
    require(b.restitution >= 0 && b.restitution <= 1, i, "has a restitution outside 0 to 1");
    require(b.world_from_object.scale > 0, i, "has a scale that is not above 0");
  }
}

}  // namespace orrery
