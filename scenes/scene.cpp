#include "scenes/scene.hpp"

#include <cmath>

namespace orrery {

glm::dmat3 sky_from_world(double yaw, double tilt) {
  const glm::dmat3 back_by_yaw(std::cos(yaw), -std::sin(yaw), 0, std::sin(yaw), std::cos(yaw), 0, 0,
                               0, 1);
  const glm::dmat3 back_by_tilt(1, 0, 0, 0, std::cos(tilt), -std::sin(tilt), 0, std::sin(tilt),
                                std::cos(tilt));
  return back_by_yaw * back_by_tilt;
}

}  // namespace orrery
