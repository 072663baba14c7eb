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

glm::dvec3 light_on_flat_white(const Scene& scene, const Sky& sky) {
  const std::array<glm::vec3, 9>& c = sky.irradiance;
  glm::dvec3 radiance = static_cast<double>(scene.sky_intensity) *
                        glm::max(glm::dvec3(c[0] + c[2] + 2.0F * c[6]), glm::dvec3(0.0));
  for (const Light& light : scene.lights) {
    const double away = light.kind == LightKind::sun ? 1.0 : glm::length(light.position);
    const double cosine = std::max(-light.direction.z, 0.0);
    radiance += glm::dvec3(light.color) * (cosine / (away * away * glm::pi<double>()));
  }
  return radiance;
}

void expose(Scene& scene, const Sky& sky, const CameraSpec& camera, const Streams& streams) {
  constexpr double kWhite = 0.9;  // where flat white comes out, linear: as bright as phones have it
  const glm::dvec3 white = glm::max(light_on_flat_white(scene, sky), glm::dvec3(1e-3));
  const double luminance = glm::dot(white, glm::dvec3(0.2126, 0.7152, 0.0722));
  const double stops = value_of(camera.exposure, streams, "camera/exposure");
  scene.exposure = static_cast<float>(kWhite / luminance * std::exp2(stops));
  const double adapted = value_of(camera.white_balance, streams, "camera/white_balance");
  scene.white_balance = glm::vec3(glm::pow(luminance / white, glm::dvec3(adapted)));
}

}  // namespace orrery
