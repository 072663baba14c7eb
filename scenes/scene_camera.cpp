#include "scenes/scene_camera.hpp"

#include <string>

#include "scenes/factor_value.hpp"

namespace orrery {

View placed_camera(const Scene& scene, const CameraSpec& spec, const Streams& streams) {
  const auto value = [&](const Distribution& d, const char* name) {
    return value_of(d, streams, std::string("camera/") + name);
  };
  // One of the things is looked at: a middle between them may show none.
  glm::dvec3 target(0.0);
  Rng choice = streams.of("camera/target");
  if (!scene.objects.empty()) {
    const std::uint32_t which = choice.below(static_cast<std::uint32_t>(scene.objects.size()));
    target = scene.objects[which].world_from_object.translation;
  }
  Rng aside = streams.of("camera/aside");
  target += value(spec.offset, "offset") * aside.direction();
  const glm::dvec3 from =
      from_above(value(spec.elevation, "elevation"), value(spec.azimuth, "azimuth"));
  View view;
  view.intrinsics =
      intrinsics_from_fov(spec.width, spec.height, glm::radians(value(spec.fov, "fov")));
  view.camera_from_world =
      camera_from_world_looking_at(target + value(spec.distance, "distance") * from, target,
                                   glm::radians(value(spec.roll, "roll")));
  return view;
}

}  // namespace orrery
