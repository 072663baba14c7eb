#include "scenes/scene_light.hpp"

#include <algorithm>
#include <array>
#include <glm/gtc/constants.hpp>
#include <string>

#include "scenes/factor_value.hpp"
#include "scenes/planckian.hpp"

namespace orrery {

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

}  // namespace orrery
