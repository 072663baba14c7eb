#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "scenes/random.hpp"
#include "scenes/scene_sampler.hpp"
#include "scenes/turntable.hpp"

namespace orrery::testing {

/// A cloud of vertices: the sampler looks at nothing else.
inline Model cloud(const std::string& name, const glm::vec3& size, std::size_t count) {
  Model model;
  model.name = name;
  Rng rng(7, 0, name);
  for (std::size_t i = 0; i < count; ++i) {
    const glm::vec3 p = size * (0.5F * glm::vec3(rng.direction()) + glm::vec3(0.3F, 0.1F, 0.2F));
    model.vertices.push_back({p, 0, 0, {}, 0});
    model.bounds.low = i ? glm::min(model.bounds.low, p) : p;
    model.bounds.high = i ? glm::max(model.bounds.high, p) : p;
  }
  return model;
}

inline const Assets& assets() {
  static const Assets made = [] {
    Assets a;
    a.models.push_back(cloud("mug", {0.1F, 0.13F, 0.12F}, 900));
    a.models.push_back(cloud("rocket", {0.1F, 0.1F, 0.3F}, 20000));
    a.models.push_back(cloud("die", {0.02F, 0.02F, 0.02F}, 300));
    a.skies.resize(3);
    a.photos.resize(2);
    return a;
  }();
  return made;
}

inline TurntableSpec spec() { return default_turntable(); }

/// A scene whose one set holds every model, each of a class of its own, and that draws from all
/// skies and photos.
inline BoundScene bound_to(const TurntableSpec& turntable, const Assets& assets) {
  BoundScene bound;
  bound.spec.turntable = turntable;
  bound.spec.objects.resize(1);
  bound.spec.sensor = {};
  bound.sets.resize(1);
  for (std::uint32_t i = 0; i < assets.models.size(); ++i) {
    bound.sets[0].models.push_back(i);
    bound.sets[0].classes.push_back(i);
  }
  bound.skies = static_cast<std::uint32_t>(assets.skies.size());
  bound.photos = static_cast<std::uint32_t>(assets.photos.size());
  return bound;
}

inline Shot shot_of(const TurntableSpec& turntable, const Assets& assets, std::uint64_t seed,
                    std::uint64_t index) {
  return scene_shot(bound_to(turntable, assets), assets, seed, index);
}

inline bool same(const Pose& a, const Pose& b) {
  return a.rotation == b.rotation && a.scale == b.scale && a.translation == b.translation;
}

inline bool same(const Light& a, const Light& b) {
  return a.kind == b.kind && a.color == b.color && a.direction == b.direction &&
         a.position == b.position && a.radius == b.radius && a.inner_angle == b.inner_angle &&
         a.outer_angle == b.outer_angle && a.shadow == b.shadow;
}

inline bool same_objects(const Shot& a, const Shot& b) {
  return std::equal(a.scene.objects.begin(), a.scene.objects.end(), b.scene.objects.begin(),
                    b.scene.objects.end(), [](const Object& x, const Object& y) {
                      return x.model == y.model && x.class_id == y.class_id &&
                             same(x.world_from_object, y.world_from_object);
                    });
}

inline bool same_lights(const Shot& a, const Shot& b) {
  return std::equal(a.scene.lights.begin(), a.scene.lights.end(), b.scene.lights.begin(),
                    b.scene.lights.end(),
                    [](const Light& x, const Light& y) { return same(x, y); }) &&
         a.scene.sky_yaw == b.scene.sky_yaw && a.scene.sky_intensity == b.scene.sky_intensity;
}

inline bool same_stage(const Shot& a, const Shot& b) {
  const Scene& x = a.scene;
  const Scene& y = b.scene;
  return x.sky == y.sky && x.exposure == y.exposure && x.ground.kind == y.ground.kind &&
         x.ground.radius == y.ground.radius && x.ground.color == y.ground.color &&
         x.ground.roughness == y.ground.roughness && x.ground.shadow_only == y.ground.shadow_only &&
         x.background.kind == y.background.kind && x.background.color == y.background.color &&
         x.background.photo == y.background.photo;
}

inline bool same_view(const Shot& a, const Shot& b) {
  return same(a.view.camera_from_world, b.view.camera_from_world) && a.view.near_m == b.view.near_m;
}

inline std::vector<glm::dvec3> world_points(const Shot& shot, std::size_t object) {
  const Object& o = shot.scene.objects[object];
  std::vector<glm::dvec3> points;
  for (const Vertex& v : assets().models[o.model].vertices) {
    points.push_back(o.world_from_object(glm::dvec3(v.position)));
  }
  return points;
}

inline glm::dvec3 eye(const Shot& shot) { return inverse(shot.view.camera_from_world).translation; }

}  // namespace orrery::testing
