#include "scenes/turntable_light.hpp"

#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/planckian.hpp"

namespace orrery {
namespace {

/// From where the light comes: unit, above the horizon.
glm::dvec3 from_above(Rng& rng, double low_degrees, double high_degrees) {
  const double elevation = glm::radians(rng.uniform(low_degrees, high_degrees));
  const double azimuth = rng.uniform(0, glm::two_pi<double>());
  return {std::cos(elevation) * std::cos(azimuth), std::cos(elevation) * std::sin(azimuth),
          std::sin(elevation)};
}

glm::vec3 tinted(Rng& rng, const Range& kelvin, double irradiance) {
  return glm::vec3(irradiance * planckian_color(rng.uniform(kelvin.low, kelvin.high)));
}

/// `rig` draws what a rig of lights is: its index is the rig's number.
Light key_light(const TurntableSpec& spec, const Streams& rig) {
  Rng direction = rig.of("rig/key/direction", "lights");
  Rng strength = rig.of("rig/key/strength", "lights");
  Rng tint = rig.of("rig/key/temperature", "lights");
  Rng size = rig.of("rig/key/radius", "lights");
  Light light;
  light.kind = LightKind::sun;
  light.direction = -from_above(direction, 25, 75);
  light.color = tinted(tint, spec.light_temperature,
                       strength.uniform(spec.sun_strength.low, spec.sun_strength.high));
  light.radius = size.uniform(0.005, 0.05);
  return light;
}

/// A weaker light at 3 to 7 scene radii, aimed near the centre; `number` counts from 0 in the rig.
Light further_light(const TurntableSpec& spec, const SceneBounds& bounds, const Streams& rig,
                    std::uint32_t number) {
  // One stream for each light of each rig: the number is the high half of the index.
  const Streams which{rig.seed, (std::uint64_t{number} << 32) | rig.index, rig.varied};
  Rng shape = which.of("rig/light/shape", "lights");
  Rng place = which.of("rig/light/place", "lights");
  Rng strength = which.of("rig/light/strength", "lights");
  Rng tint = which.of("rig/light/temperature", "lights");
  constexpr LightKind kKinds[] = {LightKind::sun, LightKind::spot, LightKind::area};
  Light light;
  light.kind = kKinds[shape.below(3)];
  const glm::dvec3 from = from_above(place, 20, 80);
  const double away = bounds.radius * place.uniform(3, 7);
  const glm::dvec3 aim = bounds.center + 0.3 * bounds.radius * place.direction();
  light.position = bounds.center + away * from;
  light.direction = glm::normalize(aim - light.position);
  double irradiance =
      strength.uniform(0.15, 0.6) * strength.uniform(spec.sun_strength.low, spec.sun_strength.high);
  const double softness = shape.unit();
  if (light.kind == LightKind::sun) {
    light.radius = glm::mix(0.01, 0.08, softness);
  } else {
    irradiance *= away * away;  // Light::color is what arrives at 1 m
    light.radius = bounds.radius * (light.kind == LightKind::area ? glm::mix(0.4, 1.2, softness)
                                                                  : glm::mix(0.05, 0.3, softness));
    light.outer_angle = std::atan2(bounds.radius, away) * glm::mix(1.1, 2.2, shape.unit());
    light.inner_angle = light.outer_angle * glm::mix(0.3, 0.9, shape.unit());
  }
  light.color = tinted(tint, spec.light_temperature, irradiance);
  return light;
}

}  // namespace

void light_scene(Scene& scene, const TurntableSpec& spec, const SceneBounds& bounds,
                 const Streams& rig) {
  Rng count = rig.of("rig/lights", "lights");
  Rng yaw = rig.of("rig/sky/yaw", "sky");
  Rng intensity = rig.of("rig/sky/intensity", "sky");
  scene.lights.push_back(key_light(spec, rig));
  const std::uint32_t low = static_cast<std::uint32_t>(std::lround(spec.lights.low));
  const std::uint32_t high = static_cast<std::uint32_t>(std::lround(spec.lights.high));
  const std::uint32_t further = low + count.below(high - low + 1);
  for (std::uint32_t number = 0; number < further; ++number) {
    scene.lights.push_back(further_light(spec, bounds, rig, number));
  }
  scene.sky_yaw = yaw.uniform(0, glm::two_pi<double>());
  scene.sky_intensity =
      static_cast<float>(intensity.uniform(spec.sky_intensity.low, spec.sky_intensity.high));
}

}  // namespace orrery
