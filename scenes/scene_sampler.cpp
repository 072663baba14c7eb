#include "scenes/scene_sampler.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <string>

#include "scenes/planckian.hpp"
#include "scenes/scene_placement.hpp"

namespace orrery {
namespace {

/// Values of one factor of one sample.
double value_of(const Distribution& d, const Streams& streams, const std::string& factor) {
  Rng rng = streams.of(factor);
  return drawn(d, rng);
}

glm::dvec3 from_above(double elevation_degrees, double azimuth_degrees) {
  const double e = glm::radians(elevation_degrees);
  const double a = glm::radians(azimuth_degrees);
  return {std::cos(e) * std::cos(a), std::cos(e) * std::sin(a), std::sin(e)};
}

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

void light_scene(Scene& scene, const BoundScene& bound, const Streams& streams) {
  const LightSpec& spec = bound.spec.lights;
  const auto count = static_cast<std::uint32_t>(value_of(spec.count, streams, "lights/count"));
  const double key = value_of(spec.strength, streams, "lights/strength");
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string factor = "lights/" + std::to_string(i) + "/";
    const auto value = [&](const Distribution& d, const char* name) {
      return value_of(d, streams, factor + name);
    };
    Light light;
    const bool sun = streams.of(factor + "kind").unit() < value(spec.sun, "sun");
    light.kind = sun ? LightKind::sun : LightKind::area;
    const glm::dvec3 from =
        from_above(value(spec.elevation, "elevation"), value(spec.azimuth, "azimuth"));
    light.direction = -from;
    double strength = i == 0 ? key : key * value(spec.fill, "fill");
    if (sun) {
      light.radius = 0.005;
    } else {
      const double distance = value(spec.distance, "distance");
      light.position = from * distance;
      light.radius = value(spec.radius, "radius");
      strength *= distance * distance;  // Light::color is what arrives at 1 m
    }
    light.color = glm::vec3(strength * planckian_color(value(spec.temperature, "temperature")));
    scene.lights.push_back(light);
  }
  scene.sky = streams.of("sky/choice").below(bound.skies);
  scene.sky_yaw = glm::radians(value_of(bound.spec.sky.yaw, streams, "sky/yaw"));
  scene.sky_intensity =
      static_cast<float>(value_of(bound.spec.sky.strength, streams, "sky/strength"));
}

/// What a camera's automatic chooses: a white surface that lies flat comes out at kWhite, linear.
double automatic_exposure(const Scene& scene, const Sky& sky) {
  constexpr double kWhite = 0.7;
  const std::array<glm::vec3, 9>& c = sky.irradiance;
  glm::dvec3 radiance = static_cast<double>(scene.sky_intensity) *
                        glm::max(glm::dvec3(c[0] + c[2] + 2.0F * c[6]), glm::dvec3(0.0));
  for (const Light& light : scene.lights) {
    const double away = light.kind == LightKind::sun ? 1.0 : glm::length(light.position);
    const double cosine = std::max(-light.direction.z, 0.0);
    radiance += glm::dvec3(light.color) * (cosine / (away * away * glm::pi<double>()));
  }
  const double luminance = glm::dot(radiance, glm::dvec3(0.2126, 0.7152, 0.0722));
  return kWhite / std::max(luminance, 1e-3);
}

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

}  // namespace

Shot scene_shot(const BoundScene& scene, const Assets& assets, std::uint64_t seed,
                std::uint64_t index) {
  const Streams streams{seed, index, scene.spec.vary};
  Shot shot;
  place_surface(shot.scene, scene, streams);
  place_bin(shot.scene, scene, streams);
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
