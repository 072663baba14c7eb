#include "scenes/scene_light.hpp"

#include <algorithm>
#include <array>
#include <glm/gtc/constants.hpp>
#include <string>

#include "scenes/factor_value.hpp"
#include "scenes/gobo.hpp"
#include "scenes/planckian.hpp"

namespace orrery {
namespace {

/// What stands before light `number`, a sun that shines along `direction`.
std::optional<Gobo> drawn_gobo(const BoundScene& bound, const Streams& streams,
                               const std::string& factor, const glm::dvec3& direction) {
  const GoboSpec& weights = bound.spec.lights.gobo;
  const std::array<double, kGoboNames.size()> kinds{weights.window, weights.blinds, weights.leaves};
  double left = streams.of(factor + "gobo").unit() *
                (weights.none + weights.window + weights.blinds + weights.leaves);
  std::size_t kind = 0;
  while (kind < kinds.size() && (left -= kinds[kind]) >= 0) ++kind;
  if (kind == kinds.size() || bound.gobos[kind].empty()) return std::nullopt;
  const std::vector<std::uint32_t>& models = bound.gobos[kind];
  Rng choice = streams.of(factor + "gobo/variant");
  Gobo gobo;
  gobo.model = models[choice.below(static_cast<std::uint32_t>(models.size()))];
  const double size = value_of(bound.spec.lights.gobo_size, streams, factor + "gobo/size");
  const double away = value_of(bound.spec.lights.gobo_distance, streams, factor + "gobo/distance");
  Rng place = streams.of(factor + "gobo/place");
  // Windows stand upright, twigs hang anyhow.
  const bool upright = kind < 2;
  const double turn = upright ? place.uniform(-0.15, 0.15) : place.uniform(0, 6.283);
  const glm::dvec3 back = -direction;
  const glm::dvec3 helper = std::abs(back.z) > 0.99 ? glm::dvec3(0, 1, 0) : glm::dvec3(0, 0, 1);
  const glm::dvec3 right = glm::normalize(glm::cross(helper, back));
  const glm::dvec3 up = glm::cross(back, right);
  const glm::dvec3 x = std::cos(turn) * right + std::sin(turn) * up;
  const glm::dvec3 y = std::cos(turn) * up - std::sin(turn) * right;
  const double aside = kGoboOpening * size;
  const glm::dvec2 offset{place.uniform(-aside, aside), place.uniform(-aside, aside)};
  gobo.world_from_object = {glm::dmat3(x, y, back), size,
                            away * back + offset.x * x + offset.y * y};
  gobo.reach = kGoboReach * size;
  return gobo;
}

Light drawn_light(const BoundScene& bound, const Streams& streams, std::uint32_t number,
                  double key) {
  const LightSpec& spec = bound.spec.lights;
  const std::string factor = "lights/" + std::to_string(number) + "/";
  const auto value = [&](const Distribution& d, const char* name) {
    return value_of(d, streams, factor + name);
  };
  Light light;
  const bool sun = streams.of(factor + "kind").unit() < value(spec.sun, "sun");
  const glm::dvec3 from =
      from_above(value(spec.elevation, "elevation"), value(spec.azimuth, "azimuth"));
  light.direction = -from;
  double strength = number == 0 ? key : key * value(spec.fill, "fill");
  if (sun) {
    light.kind = LightKind::sun;
    light.radius = 0.005;
    light.gobo = drawn_gobo(bound, streams, factor, light.direction);
  } else {
    const bool spot = streams.of(factor + "spot/kind").unit() < value(spec.spot, "spot");
    light.kind = spot ? LightKind::spot : LightKind::area;
    const double distance = value(spec.distance, "distance");
    light.position = from * distance;
    light.radius = value(spec.radius, "radius");
    strength *= distance * distance;  // Light::color is what arrives at 1 m
    light.outer_angle = glm::radians(value(spec.cone, "cone"));
    light.inner_angle = 0.6 * light.outer_angle;
  }
  light.color = glm::vec3(strength * planckian_color(value(spec.temperature, "temperature")));
  return light;
}

}  // namespace

void light_scene(Scene& scene, const BoundScene& bound, const Streams& streams) {
  const LightSpec& spec = bound.spec.lights;
  const auto count = static_cast<std::uint32_t>(value_of(spec.count, streams, "lights/count"));
  const double key = value_of(spec.strength, streams, "lights/strength");
  for (std::uint32_t i = 0; i < count; ++i) {
    scene.lights.push_back(drawn_light(bound, streams, i, key));
  }
  scene.sky = streams.of("sky/choice").below(bound.skies);
  scene.sky_yaw = glm::radians(value_of(bound.spec.sky.yaw, streams, "sky/yaw"));
  scene.sky_tilt = glm::radians(value_of(bound.spec.sky.tilt, streams, "sky/tilt"));
  scene.sky_intensity =
      static_cast<float>(value_of(bound.spec.sky.strength, streams, "sky/strength"));
}

glm::dvec3 flat_radiance(const Scene& scene, const Sky& sky) {
  /// Of a gobo, roughly: a photographer's meter sees light and shade.
  constexpr double kThroughGobo = 0.6;
  const glm::dmat3 turned = sky_from_world(scene.sky_yaw, scene.sky_tilt);
  glm::dvec3 radiance = static_cast<double>(scene.sky_intensity) * glm::dvec3(scene.sky_tint) *
                        glm::dvec3(diffuse_of(sky.irradiance, turned * glm::dvec3(0, 0, 1)));
  for (const Light& light : scene.lights) {
    const double away = light.kind == LightKind::sun ? 1.0 : glm::length(light.position);
    const double cosine =
        std::max(light.kind == LightKind::sun ? -light.direction.z : light.position.z / away, 0.0);
    const double through = light.gobo ? kThroughGobo : 1.0;
    const double along = light.kind == LightKind::area
                             ? std::max(-glm::dot(light.position / away, light.direction), 0.0)
                             : 1.0;
    radiance +=
        through * glm::dvec3(light.color) * (along * cosine / (away * away * glm::pi<double>()));
  }
  return radiance;
}

double luminance_of(const glm::dvec3& color) {
  return glm::dot(color, glm::dvec3(0.2126, 0.7152, 0.0722));
}

void expose(Scene& scene, const Sky& sky, const CameraSpec& camera, const Streams& streams) {
  constexpr double kWhite = 0.9;  // where flat white comes out, linear: as bright as phones have it
  const glm::dvec3 white = glm::max(flat_radiance(scene, sky), glm::dvec3(1e-3));
  const double luminance = luminance_of(white);
  const double stops = value_of(camera.exposure, streams, "camera/exposure");
  scene.exposure = static_cast<float>(kWhite / luminance * std::exp2(stops));
  const double adapted = value_of(camera.white_balance, streams, "camera/white_balance");
  scene.white_balance = glm::vec3(glm::pow(luminance / white, glm::dvec3(adapted)));
}

}  // namespace orrery
