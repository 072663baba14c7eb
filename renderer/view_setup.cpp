#include "renderer/view_setup.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <glm/gtc/packing.hpp>

#include "renderer/finish_setup.hpp"
#include "renderer/light_setup.hpp"
#include "renderer/prop_plane.hpp"

namespace orrery {
namespace {

using shader::Draw;
using shader::GpuMaterial;

/// Neither textures nor vertex colours: cheaper to shade.
bool is_plain(const GpuMaterial& m, bool white) {
  return white && m.base.w == 0 && m.detail.y == 0 && m.detail.w == 0 && m.emission.y == 0;
}

/// Which parts of a model.
enum class Parts { all, textured, plain };

/// Appends one draw per part of `model` at level `lod`.
class DrawList {
 public:
  DrawList(ViewSetup& setup, const Resident& resident) : setup_(setup), resident_(resident) {}

  void add(std::size_t model, std::size_t lod, std::uint32_t id, const Pose& camera_from_object,
           const glm::dmat4& clip_from_object, std::vector<DrawCall>& calls, const Look& look = {},
           Parts parts = Parts::all, const GpuMaterial* instead = nullptr) {
    const ResidentModel& resident = resident_.models[model];
    const glm::dmat4 m = matrix(camera_from_object);
    const FinishSetup finish(look, resident_, resident);
    for (const ResidentPart& part : resident.lods[lod]) {
      GpuMaterial material = instead ? *instead : finish.material(part.material);
      const bool wanted_plain = parts == Parts::plain;
      if (parts != Parts::all && is_plain(material, resident.white) != wanted_plain) continue;
      if (!instead) finish.give(material, part.material, setup_.finishes);
      const auto index = static_cast<std::uint32_t>(setup_.draws.size());
      Draw draw{.clip_from_object = glm::mat4(clip_from_object),
                .camera_from_object = {},
                .ids = {part.first_triangle, index, id, resident.first_vertex}};
      for (int row = 0; row < 3; ++row) {
        draw.camera_from_object[row] = glm::vec4(m[0][row], m[1][row], m[2][row], m[3][row]);
      }
      setup_.draws.push_back(draw);
      setup_.materials.push_back(material);
      calls.push_back({.draw = index,
                       .first_index = part.first_triangle * 3,
                       .indices = part.triangles * 3,
                       .first_vertex = resident.first_vertex,
                       .amodal_bit = id == 0 ? 0 : id - 1,
                       .cull = material.base.y == 0,
                       .masked = material.base.x == shader::kAlphaMask ||
                                 material.base.x == shader::kAlphaBlend,
                       .blended = material.base.x == shader::kAlphaBlend ||
                                  material.base.x == shader::kShadowCatcher});
    }
  }

 private:
  ViewSetup& setup_;
  const Resident& resident_;
};

GpuMaterial ground_material(const Ground& ground) {
  return {.base_color = glm::vec4(ground.color, 1),
          .emissive_metallic = glm::vec4(0),
          .surface = {ground.roughness, 1, 1, 0},
          .base = {ground.shadow_only ? shader::kShadowCatcher : shader::kAlphaOpaque, 1, 0, 0},
          .detail = glm::uvec4(0),
          .emission = glm::uvec4(0)};
}

/// The disc has unit size. The plane lies around the point below the eye and reaches so far that
/// its edge lies at the horizon.
Pose world_from_ground(const Ground& ground, const glm::dvec3& eye) {
  if (ground.kind == GroundKind::disc) {
    return {glm::dmat3(1.0), ground.radius, {0, 0, ground.height}};
  }
  return {glm::dmat3(1.0),
          3000 * std::max(1.0, std::abs(eye.z - ground.height)),
          {eye.x, eye.y, ground.height}};
}

void fill_background(const Scene& scene, const Resident& resident, shader::ViewConstants& c) {
  c.background = static_cast<std::uint32_t>(scene.background.kind);
  const bool transparent = scene.background.kind == BackgroundKind::transparent;
  c.background_color = transparent ? glm::vec4(0) : glm::vec4(scene.background.color, 1);
  if (scene.background.kind == BackgroundKind::photo) {
    c.photo = resident.photos[scene.background.photo];
    const glm::dvec2 size(resident.photo_sizes[scene.background.photo]);
    const double scale = std::min(size.x / c.width, size.y / c.height);
    c.photo_scale = glm::vec2(glm::dvec2(scale) / size);
  }
}

/// RGBA8 as srgb_from_linear in shaders/lib/tone.glsl rounds it.
std::uint32_t srgb_from_linear(const glm::vec4& color) {
  glm::vec4 display = color;
  for (int i = 0; i < 3; ++i) {
    const float x = color[i];
    display[i] = x < 0.0031308F ? 12.92F * x : 1.055F * std::pow(x, 1 / 2.4F) - 0.055F;
  }
  return glm::packUnorm4x8(display);
}

void fill_camera(const Shot& shot, const RenderSettings& settings, shader::ViewConstants& c) {
  const Intrinsics& k = shot.view.intrinsics;
  c.width = static_cast<std::uint32_t>(k.width);
  c.height = static_cast<std::uint32_t>(k.height);
  c.rate = settings.antialias ? 2 : 1;
  c.fx = static_cast<float>(k.fx);
  c.fy = static_cast<float>(k.fy);
  c.cx = static_cast<float>(k.cx);
  c.cy = static_cast<float>(k.cy);
  c.near_m = static_cast<float>(shot.view.near_m);
  c.exposure = shot.scene.exposure * shot.scene.white_balance;
  c.lens = static_cast<std::uint32_t>(k.lens.model);
  c.lens_widest = static_cast<float>(std::min(k.lens.widest, 1e6));
  for (std::size_t i = 0; i < k.lens.k.size(); ++i) c.lens_k[i] = static_cast<float>(k.lens.k[i]);
}

/// A visibility value is (draw + 1) above and the triangle below.
void name_triangles(ViewSetup& setup) {
  shader::ViewConstants& c = setup.constants;
  c.primitive_bits = 32 - static_cast<std::uint32_t>(std::bit_width(setup.draws.size() + 1));
  for (const DrawCall& call : setup.visible) {
    if (call.indices / 3 > 1U << c.primitive_bits) {
      throw Error("scene: a part of " + std::to_string(call.indices / 3) + " triangles among " +
                  std::to_string(setup.draws.size()) + " parts, wanted at most " +
                  std::to_string(1U << c.primitive_bits));
    }
  }
}

/// What the shadow maps that are asked for are drawn from.
void add_casters(DrawList& list, ViewSetup& setup, const Scene& scene, const Resident& resident) {
  for (ShadowRequest& request : setup.shadows) {
    const glm::dmat4 shadow_clip =
        shadow_clip_from_world(scene, resident, request.light, request.gobo);
    const auto add_caster = [&](std::uint32_t model, const Pose& world_from_object) {
      list.add(model, shadow_lod_of(resident.models[model]), 0, Pose{},
               shadow_clip * matrix(world_from_object), request.calls);
    };
    if (request.gobo) {
      const Gobo& gobo = *scene.lights[request.light].gobo;
      add_caster(gobo.model, gobo.world_from_object);
      continue;
    }
    for (const Object& object : scene.objects) add_caster(object.model, object.world_from_object);
    for (const Prop& prop : scene.props) {
      if (prop.casts_shadow) add_caster(prop.model, prop.world_from_object);
    }
    std::erase_if(request.calls, [](const DrawCall& call) { return call.blended; });
  }
}

Features features_of(const ViewSetup& setup) {
  const shader::ViewConstants& c = setup.constants;
  return {.background = c.background,
          .lights = std::min(c.lights, shader::kMaxKnownLights + 1),
          .see_through = setup.see_through,
          .masked = std::any_of(setup.visible.begin(), setup.visible.end(),
                                [](const DrawCall& call) { return call.masked; }),
          .amodal = setup.canvas.needed,
          .shadows = !setup.shadows.empty(),
          .finish = !setup.finishes.empty(),

          .lens = c.lens != shader::kLensPinhole};
}

}  // namespace

glm::dmat4 clip_from_camera(const View& view, double x, double y, double width, double height,
                            double rate, double sample_offset) {
  const Intrinsics& k = view.intrinsics;
  glm::dmat4 m(0.0);
  m[0][0] = 2 * rate * k.fx / width;
  m[2][0] = 2 * (rate * (k.cx - x) + sample_offset) / width - 1;
  m[1][1] = 2 * rate * k.fy / height;
  m[2][1] = 2 * (rate * (k.cy - y) + sample_offset) / height - 1;
  m[3][2] = view.near_m;
  m[2][3] = 1;
  return m;
}

std::uint32_t& layer_of(shader::ViewConstants& constants, const ShadowRequest& request) {
  return request.gobo ? constants.gobo[request.light].layer
                      : constants.light[request.light].shadow_layer;
}

std::uint32_t layer_of(const shader::ViewConstants& constants, const ShadowRequest& request) {
  return request.gobo ? constants.gobo[request.light].layer
                      : constants.light[request.light].shadow_layer;
}

glm::uvec2 lattice_size(const ViewSetup& setup) {
  const shader::ViewConstants& c = setup.constants;
  return c.rate == 2 ? glm::uvec2(2 * c.width + 1, 2 * c.height + 1)
                     : glm::uvec2(c.width, c.height);
}

ViewSetup view_setup_from(const Shot& shot, const Resident& resident,
                          const RenderSettings& settings) {
  ViewSetup setup;
  shader::ViewConstants& c = setup.constants;
  const Scene& scene = shot.scene;
  setup.camera = shot.view.intrinsics;
  fill_camera(shot, settings, c);
  fill_background(scene, resident, c);
  setup.background_srgb = srgb_from_linear(c.background_color);

  const glm::dvec2 lattice(lattice_size(setup));
  const glm::dmat4 clip =
      clip_from_camera(shot.view, 0, 0, lattice.x, lattice.y, c.rate, c.rate == 2 ? 0.5 : 0.0);
  DrawList list(setup, resident);
  const std::size_t count = scene.objects.size();
  const auto level_of = [&](std::uint32_t model, const Pose& world_from_object) {
    const ResidentModel& resident_model = resident.models[model];
    return lod_of(resident_model.lod_errors, resident_model.bounds, world_from_object, shot.view,
                  settings.lod_error_px);
  };
  const auto add_visible = [&](const auto& placed, std::uint32_t id, std::size_t level,
                               Parts parts) {
    const Pose pose = shot.view.camera_from_world * placed.world_from_object;
    list.add(placed.model, level, id, pose, clip * matrix(pose), setup.visible, placed.look, parts);
  };
  if (settings.prop) require_countable(count, scene.props.size());
  std::vector<std::size_t> lods(count);
  for (std::size_t i = 0; i < count; ++i) {
    lods[i] = level_of(scene.objects[i].model, scene.objects[i].world_from_object);
  }
  for (const Parts parts : {Parts::textured, Parts::plain}) {
    if (parts == Parts::plain) c.plain_from = static_cast<std::uint32_t>(setup.draws.size());
    for (std::size_t i = 0; i < count; ++i) {
      add_visible(scene.objects[i], static_cast<std::uint32_t>(i + 1), lods[i], parts);
    }
    for (std::size_t i = 0; i < scene.props.size(); ++i) {
      const Prop& prop = scene.props[i];
      add_visible(prop, prop_id(settings.prop, count, i),
                  level_of(prop.model, prop.world_from_object), parts);
    }
  }
  if (scene.ground.kind != GroundKind::none) {
    const glm::dvec3 eye = inverse(shot.view.camera_from_world).translation;
    const Pose pose = shot.view.camera_from_world * world_from_ground(scene.ground, eye);
    const GpuMaterial material = ground_material(scene.ground);
    list.add(scene.ground.kind == GroundKind::disc ? resident.disc() : resident.plane(), 0,
             prop_id(settings.prop, count, scene.props.size()), pose, clip * matrix(pose),
             setup.visible, {}, Parts::all, &material);
  }
  std::stable_partition(setup.visible.begin(), setup.visible.end(),
                        [](const DrawCall& call) { return !call.blended; });
  setup.see_through = !setup.visible.empty() && setup.visible.back().blended;
  // What is seen through something plain may be textured.
  if (setup.see_through) c.plain_from = static_cast<std::uint32_t>(setup.draws.size());

  name_triangles(setup);
  const Extents extents = extents_of(scene, shot.view, resident);
  c.bounds = surface_bounds(extents, scene, shot.view);
  if (settings.amodal) {
    setup.canvas = amodal_canvas(extents, scene, shot.view);
    c.canvas = {setup.canvas.x, setup.canvas.y, setup.canvas.width, setup.canvas.height};
    if (setup.canvas.needed) {
      const glm::dmat4 amodal_clip = clip_from_camera(
          shot.view, setup.canvas.x, setup.canvas.y, setup.canvas.width, setup.canvas.height, 1, 0);
      for (std::size_t i = 0; i < count; ++i) {
        const Pose pose = shot.view.camera_from_world * scene.objects[i].world_from_object;
        list.add(scene.objects[i].model, lods[i], static_cast<std::uint32_t>(i + 1), pose,
                 amodal_clip * matrix(pose), setup.amodal);
      }
    }
  }
  fill_lights(shot, resident, settings, setup);
  add_casters(list, setup, scene, resident);
  setup.features = features_of(setup);
  return setup;
}

std::size_t lod_of(std::span<const float> lod_errors, const Box3& bounds,
                   const Pose& world_from_object, const View& view, float error_px) {
  const glm::dvec3 centre(0.5F * (bounds.low + bounds.high));
  const double radius = 0.5 * glm::length(bounds.high - bounds.low) * world_from_object.scale;
  const glm::dvec3 in_camera = view.camera_from_world(world_from_object(centre));
  const double nearest = std::max(glm::length(in_camera) - radius, view.near_m);
  const double px_per_m =
      greatest_px_per_radian(view.intrinsics) / nearest * world_from_object.scale;
  std::size_t best = 0;
  for (std::size_t i = 1; i < lod_errors.size(); ++i) {
    if (lod_errors[i] * px_per_m <= static_cast<double>(error_px)) best = i;
  }
  return best;
}

std::size_t lod_of(const Model& model, const Object& object, const View& view, float error_px) {
  std::vector<float> errors;
  for (const Lod& lod : model.lods) errors.push_back(lod.error);
  return lod_of(errors, model.bounds, object.world_from_object, view, error_px);
}

}  // namespace orrery
