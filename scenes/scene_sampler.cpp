#include "scenes/scene_sampler.hpp"

#include <algorithm>
#include <cmath>

#include "scenes/camera_move.hpp"
#include "scenes/factor_value.hpp"
#include "scenes/scene_backplate.hpp"
#include "scenes/scene_camera.hpp"
#include "scenes/scene_light.hpp"
#include "scenes/scene_placement.hpp"
#include "scenes/scene_room.hpp"
#include "scenes/scene_surface.hpp"
#include "scenes/turntable.hpp"

namespace orrery {
namespace {

void place_bin(Scene& scene, const BoundScene& bound, const Streams& streams) {
  if (!bound.bin) return;
  Prop bin{*bound.bin, {}, {}, true, Stuff::bin};
  Rng look = streams.of("surface/bin");
  bin.look.tint =
      glm::vec3(glm::dvec3{look.uniform(0.1, 0.9), look.uniform(0.1, 0.9), look.uniform(0.1, 0.9)});
  scene.props.push_back(bin);
}

void place_shelf(Scene& scene, const BoundScene& bound, const Streams& streams) {
  if (bound.shelves.empty()) return;
  Rng choice = streams.of("surface/shelf");
  const std::uint32_t which = choice.below(static_cast<std::uint32_t>(bound.shelves.size()));
  Prop shelf;
  shelf.model = bound.shelves[which];
  shelf.stuff = Stuff::shelf;
  scene.props.push_back(shelf);
}

/// Things on a surface, in a bin or in the air, before the sensor. `subject` becomes the distance
/// of what the camera looks at.
Shot placed_shot(const BoundScene& scene, const Assets& assets, const Streams& streams,
                 double& subject) {
  Shot shot;
  const BoundPlate* plate = drawn_backplate(scene, streams);
  if (!plate) place_surface(shot.scene, scene, assets, streams);
  place_bin(shot.scene, scene, streams);
  place_shelf(shot.scene, scene, streams);
  place_things(shot.scene, scene, assets, streams);
  light_scene(shot.scene, scene, streams);
  if (!plate) enter_room(shot.scene, scene, assets, streams);
  const Sky& sky = assets.skies[shot.scene.sky];
  if (plate) {
    stand_on_photo(shot.scene, *plate, sky);
    // The photo shows what its camera chose; things may differ from it by less.
    const double stops = value_of(scene.spec.camera.exposure, streams, "camera/exposure");
    shot.scene.exposure *= static_cast<float>(std::exp2(0.25 * stops));
  } else {
    expose(shot.scene, sky, scene.spec.camera, streams);
  }
  const PlacedCamera camera =
      placed_camera(shot.scene, assets.models, scene.spec.camera, plate, streams);
  shot.view = camera.view;
  subject = camera.distance;
  return shot;
}

}  // namespace

Shot scene_shot(const BoundScene& scene, const Assets& assets, std::uint64_t seed,
                std::uint64_t index) {
  const Streams streams{seed, index, scene.spec.vary};
  Shot shot;
  double subject = 1;
  if (scene.spec.turntable) {
    shot = turntable_shot(scene, assets, streams);
    subject = shot.view.camera_from_world(shot.scene.objects[0].world_from_object.translation).z;
  } else {
    shot = placed_shot(scene, assets, streams, subject);
  }
  if (scene.spec.labels.flow) {
    shot.next_view = moved_view(shot.view, scene.spec.camera.motion, streams);
  }
  const bool other_sensor =
      std::find(scene.spec.vary.begin(), scene.spec.vary.end(), "sensor") != scene.spec.vary.end();
  shot.sensor = drawn_sensor(scene.spec.sensor, subject, other_sensor ? ~seed : seed, index);
  return shot;
}

std::vector<std::uint32_t> scene_models(const BoundScene& scene, std::uint64_t seed,
                                        std::uint64_t index) {
  const Streams streams{seed, index, scene.spec.vary};
  if (scene.spec.turntable) return turntable_models(scene, streams);
  std::vector<std::uint32_t> models;
  for (std::size_t set = 0; set < scene.sets.size(); ++set) {
    for (const std::uint32_t which : drawn_models(scene, set, streams)) {
      models.push_back(scene.sets[set].models[which]);
    }
  }
  return models;
}

}  // namespace orrery
