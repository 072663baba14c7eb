#include "renderer/light_setup.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <glm/gtc/constants.hpp>

namespace orrery {
namespace {

struct Sphere {
  glm::dvec3 centre{0.0};
  double radius = 0;
};

/// A sphere around everything that casts a shadow.
Sphere bounds_of(const Scene& scene, const Resident& resident) {
  glm::dvec3 low(1e30);
  glm::dvec3 high(-1e30);
  const auto grow = [&](std::uint32_t model, const Pose& world_from_object) {
    const Box3& box = resident.models[model].bounds;
    const glm::dvec3 centre = world_from_object(glm::dvec3(0.5F * (box.low + box.high)));
    const double r = 0.5 * glm::length(box.high - box.low) * world_from_object.scale;
    low = glm::min(low, centre - r);
    high = glm::max(high, centre + r);
  };
  for (const Object& object : scene.objects) grow(object.model, object.world_from_object);
  for (const Prop& prop : scene.props) {
    if (prop.casts_shadow) grow(prop.model, prop.world_from_object);
  }
  if (low.x > high.x) return {};
  return {0.5 * (low + high), 0.5 * glm::length(high - low)};
}

/// How a light's shadow map looks at the scene.
struct ShadowView {
  glm::dmat4 clip_from_world{1.0};
  double texel = 0;  ///< sun: metres; others: radians
  double depth = 0;  ///< sun: metres from depth 0 to 1; others: near plane
};

ShadowView shadow_view(const Light& light, const Sphere& sphere) {
  const double radius = std::max(sphere.radius, 1e-6) * 1.02;
  const glm::dvec3 to_centre = sphere.centre - light.position;
  const glm::dvec3 forward = light.kind == LightKind::sun || glm::length(to_centre) < 1e-9
                                 ? light.direction
                                 : glm::normalize(to_centre);
  const glm::dvec3 helper = std::abs(forward.z) > 0.9 ? glm::dvec3(1, 0, 0) : glm::dvec3(0, 0, 1);
  const glm::dvec3 right = glm::normalize(glm::cross(forward, helper));
  const glm::dvec3 down = glm::cross(forward, right);
  const glm::dmat3 rotation = glm::transpose(glm::dmat3(right, down, forward));
  glm::dmat4 clip(0.0);
  ShadowView view;
  glm::dvec3 eye = light.position;
  if (light.kind == LightKind::sun) {
    eye = sphere.centre - forward * radius;
    clip[0][0] = clip[1][1] = 1 / radius;
    clip[2][2] = 0.5 / radius;
    clip[3][3] = 1;
    view.texel = 2 * radius / shader::kShadowSide;
    view.depth = 2 * radius;
  } else {
    const double reach = glm::length(to_centre);
    const double half = reach > 1.1 * radius ? std::asin(radius / reach) : glm::radians(70.0);
    const double near_m = std::max(reach - radius, 0.02 * reach) + 1e-9;
    clip[0][0] = clip[1][1] = 1 / std::tan(half);
    clip[2][2] = 1;  // depth 1 - near / z
    clip[3][2] = -near_m;
    clip[2][3] = 1;
    view.texel = 2 * std::tan(half) / shader::kShadowSide;
    view.depth = near_m;
  }
  glm::dmat4 from_world(rotation);
  from_world[3] = glm::dvec4(-(rotation * eye), 1);
  view.clip_from_world = clip * from_world;
  return view;
}

void append_bytes(std::string& key, const void* data, std::size_t size) {
  key.append(static_cast<const char*>(data), size);
}

/// Everything that a shadow map depends on.
std::string shadow_key(const Scene& scene, const Light& light) {
  std::string key;
  append_bytes(key, &light.kind, sizeof light.kind);
  append_bytes(key, &light.direction, sizeof light.direction);
  append_bytes(key, &light.position, sizeof light.position);
  const auto append_caster = [&](std::uint32_t model, const Pose& world_from_object) {
    append_bytes(key, &model, sizeof model);
    append_bytes(key, &world_from_object, sizeof world_from_object);
  };
  for (const Object& object : scene.objects) append_caster(object.model, object.world_from_object);
  for (const Prop& prop : scene.props) {
    if (prop.casts_shadow) append_caster(prop.model, prop.world_from_object);
  }
  return key;
}

shader::GpuLight gpu_light(const Light& light, const View& view, const ShadowView& shadow) {
  const glm::dmat4 camera_from_world = matrix(view.camera_from_world);
  // Clip space [-1,1]² to texture space [0,1]².
  glm::dmat4 texture_from_clip(1.0);
  texture_from_clip[0][0] = texture_from_clip[1][1] = 0.5;
  texture_from_clip[3] = glm::dvec4(0.5, 0.5, 0, 1);
  return {.color = light.color,
          .kind = static_cast<std::uint32_t>(light.kind),
          .direction = glm::vec3(view.camera_from_world.rotation * light.direction),
          .radius = static_cast<float>(light.radius),
          .position = glm::vec3(view.camera_from_world(light.position)),
          .cos_inner = static_cast<float>(std::cos(light.inner_angle)),
          .cos_outer = static_cast<float>(std::cos(light.outer_angle)),
          .shadow_layer = shader::kNoShadow,
          .texel = static_cast<float>(shadow.texel),
          .depth_range = static_cast<float>(shadow.depth),
          .shadow_from_camera = glm::mat4(texture_from_clip * shadow.clip_from_world *
                                          glm::inverse(camera_from_world))};
}

/// How a gobo's map looks at it: along the light, centred on the gobo.
glm::dmat4 gobo_clip(const Light& light, const Gobo& gobo) {
  const glm::dvec3 forward = light.direction;
  const glm::dvec3 helper = std::abs(forward.z) > 0.9 ? glm::dvec3(1, 0, 0) : glm::dvec3(0, 0, 1);
  const glm::dvec3 right = glm::normalize(glm::cross(forward, helper));
  const glm::dvec3 down = glm::cross(forward, right);
  const glm::dmat3 rotation = glm::transpose(glm::dmat3(right, down, forward));
  glm::dmat4 from_world(rotation);
  from_world[3] = glm::dvec4(-(rotation * gobo.world_from_object.translation), 1);
  glm::dmat4 clip(1.0);
  clip[0][0] = clip[1][1] = 1 / gobo.reach;
  // A slanting gobo reaches further along the light than across.
  clip[2][2] = 0.1 / gobo.reach;
  clip[3][2] = 0.5;
  return clip * from_world;
}

/// Soft as at the middle of the scene, which is where the world's z axis stands.
shader::GpuGobo gpu_gobo(const Light& light, const View& view) {
  shader::GpuGobo gobo{.from_camera = glm::mat4(1), .blur = 0, .layer = shader::kNoShadow};
  if (!light.gobo || light.kind != LightKind::sun) return gobo;
  const double away =
      std::max(-glm::dot(light.gobo->world_from_object.translation, light.direction), 0.0);
  glm::dmat4 texture_from_clip(1.0);
  texture_from_clip[0][0] = texture_from_clip[1][1] = 0.5;
  texture_from_clip[3] = glm::dvec4(0.5, 0.5, 0, 1);
  gobo.from_camera = glm::mat4(texture_from_clip * gobo_clip(light, *light.gobo) *
                               glm::inverse(matrix(view.camera_from_world)));
  const double blur = light.radius * away / (2 * light.gobo->reach);
  gobo.blur = static_cast<float>(std::max(blur, 0.7 / shader::kShadowSide));
  return gobo;
}

std::string gobo_key(const Light& light) {
  std::string key = "gobo";
  append_bytes(key, &light.direction, sizeof light.direction);
  append_bytes(key, &light.gobo->model, sizeof light.gobo->model);
  append_bytes(key, &light.gobo->world_from_object, sizeof light.gobo->world_from_object);
  append_bytes(key, &light.gobo->reach, sizeof light.gobo->reach);
  return key;
}

/// Light that the ground sends up: its albedo times what it receives, over π.
glm::vec3 bounce_of(const Scene& scene, const std::array<glm::vec3, 9>& irradiance) {
  glm::vec3 received =
      scene.sky_intensity * scene.sky_tint *
      diffuse_of(irradiance, sky_from_world(scene.sky_yaw, scene.sky_tilt) * glm::dvec3(0, 0, 1));
  for (const Light& light : scene.lights) {
    if (light.kind != LightKind::sun) continue;
    const auto cosine = static_cast<float>(std::max(-light.direction.z, 0.0));
    received += light.color * cosine / glm::pi<float>();
  }
  // The object shades part of the ground that it sees.
  return 0.6F * scene.ground.color * received;
}

void fill_skies(const Shot& shot, const Resident& resident, shader::ViewConstants& c) {
  const Scene& scene = shot.scene;
  const glm::dmat3 world_from_camera = glm::transpose(shot.view.camera_from_world.rotation);
  c.up = glm::vec3(shot.view.camera_from_world.rotation[2]);
  c.sky_from_camera = glm::mat3(sky_from_world(scene.sky_yaw, scene.sky_tilt) * world_from_camera);
  const std::array<glm::vec3, 9>& irradiance = resident.sky_irradiance[scene.sky];
  std::copy(irradiance.begin(), irradiance.end(), c.irradiance);
  c.sky_intensity = scene.sky_intensity * scene.sky_tint;
  c.sky_first_quad = scene.sky * Resident::kSkyQuads;
  const SkyView seen = scene.background.sky.value_or(
      SkyView{scene.sky, scene.sky_yaw, scene.sky_tilt, scene.sky_intensity});
  c.background_from_camera = glm::mat3(sky_from_world(seen.yaw, seen.tilt) * world_from_camera);
  c.background_intensity = seen.intensity;
  c.background_first_quad = seen.sky * Resident::kSkyQuads;
  const bool ground = scene.ground.kind != GroundKind::none;
  c.ground = ground ? 1 : 0;
  c.ground_bounce = ground ? bounce_of(scene, irradiance) : glm::vec3(0);
}

}  // namespace

glm::dmat4 shadow_clip_from_world(const Scene& scene, const Resident& resident, std::uint32_t light,
                                  bool gobo) {
  if (gobo) return gobo_clip(scene.lights[light], *scene.lights[light].gobo);
  return shadow_view(scene.lights[light], bounds_of(scene, resident)).clip_from_world;
}

std::size_t shadow_lod_of(const ResidentModel& model) {
  const float texel = glm::length(model.bounds.high - model.bounds.low) / shader::kShadowSide;
  std::size_t best = 0;
  for (std::size_t i = 1; i < model.lod_errors.size(); ++i) {
    if (model.lod_errors[i] <= 0.5F * texel) best = i;
  }
  return best;
}

void fill_lights(const Shot& shot, const Resident& resident, const RenderSettings& settings,
                 ViewSetup& setup) {
  const Scene& scene = shot.scene;
  shader::ViewConstants& c = setup.constants;
  if (scene.lights.size() > shader::kMaxLights) {
    throw Error("scene: " + std::to_string(scene.lights.size()) + " lights, wanted at most " +
                std::to_string(shader::kMaxLights));
  }
  const Sphere sphere = bounds_of(scene, resident);
  c.lights = static_cast<std::uint32_t>(scene.lights.size());
  for (std::uint32_t i = 0; i < c.lights; ++i) {
    const Light& light = scene.lights[i];
    c.light[i] = gpu_light(light, shot.view, shadow_view(light, sphere));
    if (settings.shadows && light.shadow && sphere.radius > 0) {
      setup.shadows.push_back({shadow_key(scene, light), i, false, {}});
    }
    c.gobo[i] = gpu_gobo(light, shot.view);
    if (settings.shadows && light.gobo && light.kind == LightKind::sun) {
      setup.shadows.push_back({gobo_key(light), i, true, {}});
    }
  }
  fill_skies(shot, resident, c);
  c.occlusion_radius = settings.ambient_occlusion ? static_cast<float>(0.25 * sphere.radius) : 0.0F;
}

}  // namespace orrery
