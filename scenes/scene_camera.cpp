#include "scenes/scene_camera.hpp"

#include <string>

#include "scenes/backplate.hpp"
#include "scenes/factor_value.hpp"

namespace orrery {
namespace {

/// Looks down as the photo's camera did; the target lies in the lower half of the image, where a
/// photo's ground is.
View camera_on_photo(const BoundPlate& plate, const CameraSpec& spec, const glm::dvec3& target,
                     double azimuth, double distance, const Streams& streams) {
  View view;
  view.intrinsics = backplate_camera(plate.view, plate.size, spec.width, spec.height);
  const glm::dvec3 from = from_above(plate.view.elevation, azimuth);
  view.camera_from_world =
      camera_from_world_looking_at(target + distance * from, target, glm::radians(plate.view.roll));
  Rng place = streams.of("backplate/place");
  const glm::dvec2 pixel(spec.width * place.uniform(0.35, 0.65),
                         spec.height * place.uniform(0.5, 0.75));
  const glm::dvec3 ray = glm::normalize(unproject(view.intrinsics, pixel, 1));
  view.camera_from_world.translation = distance * ray - view.camera_from_world.rotation * target;
  return view;
}

}  // namespace

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
  const double distance = value(spec.distance, "distance");
  if (plate)
    return camera_on_photo(*plate, spec, target, value(spec.azimuth, "azimuth"), distance, streams);
  const glm::dvec3 from =
      from_above(value(spec.elevation, "elevation"), value(spec.azimuth, "azimuth"));
  View view;
  view.intrinsics =
      intrinsics_from_fov(spec.width, spec.height, glm::radians(value(spec.fov, "fov")));
  view.camera_from_world = camera_from_world_looking_at(target + distance * from, target,
                                                        glm::radians(value(spec.roll, "roll")));
  return view;
}

}  // namespace orrery
