#include "scenes/scene_camera.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <string>
#include <vector>

#include "scenes/backplate.hpp"
#include "scenes/camera_framing.hpp"
#include "scenes/factor_value.hpp"
#include "scenes/scene_lens.hpp"

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
  const glm::dvec2 pixel{spec.width * place.uniform(0.35, 0.65),
                         spec.height * place.uniform(0.5, 0.75)};
  const glm::dvec3 ray = glm::normalize(unproject(view.intrinsics, pixel, 1));
  view.camera_from_world.translation = distance * ray - view.camera_from_world.rotation * target;
  return view;
}

/// What the camera looks at: a run of Scene::objects, and their middle.
struct Subject {
  std::size_t first = 0;
  std::size_t count = 0;
  glm::dvec3 middle{0.0};
};

Subject subject_of(const Scene& scene, const CameraSpec& spec, const Streams& streams) {
  Rng choice = streams.of("camera/target");
  if (scene.objects.empty()) return {};
  if (spec.target == CameraTarget::pile) {
    Subject all{0, scene.objects.size(), {}};
    for (const Object& object : scene.objects) all.middle += object.world_from_object.translation;
    all.middle /= static_cast<double>(all.count);
    return all;
  }
  // One of the things is looked at: a middle between them may show none.
  const std::size_t which = choice.below(static_cast<std::uint32_t>(scene.objects.size()));
  return {which, 1, scene.objects[which].world_from_object.translation};
}

std::vector<glm::dvec3> outline_of(const Subject& subject, const Scene& scene,
                                   std::span<const Model> models) {
  std::vector<glm::dvec3> points;
  for (std::size_t i = subject.first; i < subject.first + subject.count; ++i) {
    const std::vector<glm::dvec3> own =
        outline_points(scene.objects[i], models[scene.objects[i].model]);
    points.insert(points.end(), own.begin(), own.end());
  }
  return points;
}

/// A person's eye beside the target, looking roughly there.
void hold_in_hands(CameraAim& aim, const CameraSpec& spec, const Intrinsics& intrinsics,
                   double azimuth_degrees, const Streams& streams) {
  const double reach = value_of(spec.handheld.reach, streams, "camera/handheld/reach");
  const double height = value_of(spec.handheld.height, streams, "camera/handheld/height");
  const double off = glm::radians(value_of(spec.handheld.aim, streams, "camera/handheld/aim"));
  const double side = streams.of("camera/handheld/side").uniform(0, glm::two_pi<double>());
  const double azimuth = glm::radians(azimuth_degrees);
  const glm::dvec3 away(reach * std::cos(azimuth), reach * std::sin(azimuth),
                        std::max(height - aim.target.z, 0.01));
  aim.distance = glm::length(away);
  aim.direction = away / aim.distance;
  const double shift = intrinsics.fx * std::tan(std::min(off, 1.4));
  aim.pixel += shift * glm::dvec2(std::cos(side), std::sin(side));
}

}  // namespace

PlacedCamera placed_camera(const Scene& scene, std::span<const Model> models,
                           const CameraSpec& spec, const BoundPlate* plate,
                           const Streams& streams) {
  const auto value = [&](const Distribution& d, const char* name) {
    return value_of(d, streams, std::string("camera/") + name);
  };
  const Subject subject = subject_of(scene, spec, streams);
  CameraAim aim;
  Rng aside = streams.of("camera/aside");
  aim.target = subject.middle + value(spec.offset, "offset") * aside.direction();
  const double azimuth = value(spec.azimuth, "azimuth");
  aim.direction = from_above(value(spec.elevation, "elevation"), azimuth);
  aim.distance = value(spec.distance, "distance");
  if (plate) {
    return {camera_on_photo(*plate, spec, aim.target, azimuth, aim.distance, streams),
            aim.distance};
  }
  aim.roll = glm::radians(value(spec.roll, "roll"));
  const Intrinsics intrinsics =
      intrinsics_from_fov(spec.width, spec.height, glm::radians(value(spec.fov, "fov")),
                          drawn_lens(spec.lens, streams));
  const glm::dvec2 size(intrinsics.width, intrinsics.height);
  const glm::dvec2 place(value(spec.place_x, "place_x"), value(spec.place_y, "place_y"));
  aim.pixel = glm::dvec2(intrinsics.cx, intrinsics.cy) + 0.5 * size * place;
  if (spec.placement == CameraPlacement::handheld) {
    hold_in_hands(aim, spec, intrinsics, azimuth, streams);
  }
  const double share = value(spec.apparent_size, "apparent_size");
  if (subject.count > 0 && (share > 0 || spec.margin >= 0)) {
    const std::vector<glm::dvec3> points = outline_of(subject, scene, models);
    if (share > 0) {
      aim.distance = distance_for_area(intrinsics, aim, points, share * size.x * size.y);
    }
    if (spec.margin >= 0) {
      aim = kept_inside(intrinsics, aim, points, spec.margin * std::min(size.x, size.y));
    }
  }
  aim = kept_free(aim, scene, models);
  return {aimed_view(intrinsics, aim), aim.distance};
}

}  // namespace orrery
