#include "scenes/scene_sampler.hpp"

#include <algorithm>
#include <cmath>

#include "scenes/factor_value.hpp"
#include "scenes/scene_camera.hpp"
#include "scenes/scene_light.hpp"
#include "scenes/scene_placement.hpp"

namespace orrery {
namespace {

void place_surface(Scene& scene, const BoundScene& bound, const Streams& streams) {
  if (bound.surfaces.empty()) return;
  Prop table;
  Rng choice = streams.of("surface/material");
  table.model = bound.surfaces[choice.below(static_cast<std::uint32_t>(bound.surfaces.size()))];
  table.look.tint =
      glm::vec3(glm::dvec3(value_of(bound.spec.surface.tint, streams, "surface/tint")));
  table.casts_shadow = false;  // nothing is below it
  scene.props.push_back(table);
}

void place_bin(Scene& scene, const BoundScene& bound, const Streams& streams) {
  if (!bound.bin) return;
  Prop bin{*bound.bin, {}, {}, true};
  Rng look = streams.of("surface/bin");
  bin.look.tint =
      glm::vec3(glm::dvec3(look.uniform(0.1, 0.9), look.uniform(0.1, 0.9), look.uniform(0.1, 0.9)));
  scene.props.push_back(bin);
}

void place_shelf(Scene& scene, const BoundScene& bound, const Streams& streams) {
  if (bound.shelves.empty()) return;
  Rng choice = streams.of("surface/shelf");
  const std::uint32_t which = choice.below(static_cast<std::uint32_t>(bound.shelves.size()));
  Prop shelf;
  shelf.model = bound.shelves[which];
  scene.props.push_back(shelf);
}

}  // namespace

Shot scene_shot(const BoundScene& scene, const Assets& assets, std::uint64_t seed,
                std::uint64_t index) {
  const Streams streams{seed, index, scene.spec.vary};
  Shot shot;
  place_surface(shot.scene, scene, streams);
  place_bin(shot.scene, scene, streams);
  place_shelf(shot.scene, scene, streams);
  place_things(shot.scene, scene, assets, streams);
  light_scene(shot.scene, scene, streams);
  shot.scene.background.kind = BackgroundKind::sky;
  shot.scene.exposure = static_cast<float>(
      automatic_exposure(shot.scene, assets.skies[shot.scene.sky]) *
      std::exp2(value_of(scene.spec.camera.exposure, streams, "camera/exposure")));
  shot.view = placed_camera(shot.scene, scene.spec.camera, streams);
  const bool other_sensor =
      std::find(scene.spec.vary.begin(), scene.spec.vary.end(), "sensor") != scene.spec.vary.end();
  shot.sensor = drawn_sensor(scene.spec.sensor,
                             value_of(scene.spec.camera.distance, streams, "camera/distance"),
                             other_sensor ? ~seed : seed, index);
  return shot;
}

}  // namespace orrery
