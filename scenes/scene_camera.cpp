#include "scenes/scene_camera.hpp"

#include <string>

#include "scenes/backplate.hpp"
#include "scenes/factor_value.hpp"

namespace orrery {

View placed_camera(const Scene& scene, const CameraSpec& spec, const BoundPlate* plate,
                   const Streams& streams) {
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
  const double elevation = plate ? plate->view.elevation : value(spec.elevation, "elevation");
  const double roll = plate ? plate->view.roll : value(spec.roll, "roll");
  const glm::dvec3 from = from_above(elevation, value(spec.azimuth, "azimuth"));
  View view;
  view.intrinsics =
      plate ? backplate_camera(plate->view, plate->size, spec.width, spec.height)
            : intrinsics_from_fov(spec.width, spec.height, glm::radians(value(spec.fov, "fov")));
  view.camera_from_world = camera_from_world_looking_at(
      target + value(spec.distance, "distance") * from, target, glm::radians(roll));
  return view;
}

}  // namespace orrery
