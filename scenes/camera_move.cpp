#include "scenes/camera_move.hpp"

#include <glm/gtc/quaternion.hpp>

#include "scenes/factor_value.hpp"

namespace orrery {

View moved_view(const View& view, const MotionSpec& spec, const Streams& streams) {
  const double angle = glm::radians(value_of(spec.rotation, streams, "camera/motion/rotation"));
  const double length = value_of(spec.translation, streams, "camera/motion/translation");
  const glm::dvec3 axis = streams.of("camera/motion/axis").direction();
  const glm::dvec3 direction = streams.of("camera/motion/direction").direction();
  const glm::dmat3 turn = glm::mat3_cast(glm::angleAxis(angle, axis));
  View next = view;
  const Pose next_from_camera{turn, 1.0, turn * (-length * direction)};
  next.camera_from_world = next_from_camera * view.camera_from_world;
  return next;
}

}  // namespace orrery
