#include "renderer/view_setup.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "renderer/light_setup.hpp"

namespace orrery {
namespace {

using shader::Draw;
using shader::GpuMaterial;

/// Appends one draw per part of `model` at level `lod`.
class DrawList {
 public:
  DrawList(ViewSetup& setup, const Resident& resident) : setup_(setup), resident_(resident) {}

  void add(std::size_t model, std::size_t lod, std::uint32_t id, const Pose& camera_from_object,
           const glm::dmat4& clip_from_object, std::vector<DrawCall>& calls,
           const GpuMaterial* instead = nullptr) {
    const ResidentModel& resident = resident_.models[model];
    const glm::dmat4 m = matrix(camera_from_object);
    for (const ResidentPart& part : resident.lods[lod]) {
      const GpuMaterial& material = instead ? *instead : resident_.materials[part.material];
      const auto index = static_cast<std::uint32_t>(setup_.draws.size());
      Draw draw{.clip_from_object = glm::mat4(clip_from_object),
                .camera_from_object = {},
                .first_triangle = part.first_triangle,
                .material = index,
                .id = id,
                .first_vertex = resident.first_vertex};
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
                       .cull = material.double_sided == 0,
                       .masked = material.alpha_mode == shader::kAlphaMask ||
                                 material.alpha_mode == shader::kAlphaBlend,
                       .blended = material.alpha_mode == shader::kAlphaBlend ||
                                  material.alpha_mode == shader::kShadowCatcher});
    }
  }

 private:
  ViewSetup& setup_;
  const Resident& resident_;
};

/// Where an object appears: half-open bounds in pixels, or `anywhere` when part of it is not in
/// front of the camera.
struct Extent {
  double x0 = 1e30, y0 = 1e30, x1 = -1e30, y1 = -1e30;
  bool anywhere = false;
  bool nowhere = false;  ///< wholly behind the camera
  double low_z = 1e30;  ///< world height of the lowest corner
};

Extent extent_of(const Object& object, const Box3& bounds, const View& view) {
  Extent e;
  unsigned behind = 0;
  for (unsigned i = 0; i < 8; ++i) {
    const glm::dvec3 corner((i & 1U) != 0 ? bounds.high.x : bounds.low.x,
                            (i & 2U) != 0 ? bounds.high.y : bounds.low.y,
                            (i & 4U) != 0 ? bounds.high.z : bounds.low.z);
    const glm::dvec3 world = object.world_from_object(corner);
    e.low_z = std::min(e.low_z, world.z);
    const glm::dvec3 in_camera = view.camera_from_world(world);
    if (in_camera.z <= view.near_m) {
      ++behind;
      continue;
    }
    const glm::dvec2 p = *project(view.intrinsics, in_camera);
    e.x0 = std::min(e.x0, p.x);
    e.y0 = std::min(e.y0, p.y);
    e.x1 = std::max(e.x1, p.x);
    e.y1 = std::max(e.y1, p.y);
  }
  e.anywhere = behind > 0 && behind < 8;
  e.nowhere = behind == 8;
  return e;
}

/// The amodal pass is skipped where it could only repeat the visible masks.
AmodalCanvas canvas_of(const Scene& scene, const View& view, const Resident& resident) {
  const int w = view.intrinsics.width;
  const int h = view.intrinsics.height;
  const glm::dvec3 eye = inverse(view.camera_from_world).translation;
  std::vector<Extent> extents;
  AmodalCanvas canvas{0, 0, w, h, false};
  int x1 = w;
  int y1 = h;
  for (const Object& object : scene.objects) {
    const Extent e = extent_of(object, resident.models[object.model].bounds, view);
    if (e.nowhere) continue;
    const bool has_ground = scene.ground.kind != GroundKind::none;
    const double size = resident.models[object.model].bounds.high.z + 1.0;
    const bool sunk = has_ground && (eye.z <= scene.ground.height ||
                                     e.low_z < scene.ground.height - 1e-6 * size);
    const bool leaves = e.anywhere || e.x0 < 1 || e.y0 < 1 || e.x1 > w - 1 || e.y1 > h - 1;
    canvas.needed |= sunk || leaves;
    for (const Extent& other : extents) {
      canvas.needed |= e.x0 - 1 < other.x1 && other.x0 - 1 < e.x1 && e.y0 - 1 < other.y1 &&
                       other.y0 - 1 < e.y1;
    }
    extents.push_back(e);
    const auto pixel = [](double p, int low, int high) {
      return static_cast<int>(std::clamp(p, static_cast<double>(low), static_cast<double>(high)));
    };
    // At most one image to each side, as the BOP benchmark counts.
    canvas.x = std::min(canvas.x, e.anywhere ? -w : pixel(std::floor(e.x0) - 1, -w, 0));
    canvas.y = std::min(canvas.y, e.anywhere ? -h : pixel(std::floor(e.y0) - 1, -h, 0));
    x1 = std::max(x1, e.anywhere ? 2 * w : pixel(std::ceil(e.x1) + 1, w, 2 * w));
    y1 = std::max(y1, e.anywhere ? 2 * h : pixel(std::ceil(e.y1) + 1, h, 2 * h));
  }
  canvas.width = x1 - canvas.x;
  canvas.height = y1 - canvas.y;
  return canvas;
}

GpuMaterial ground_material(const Ground& ground) {
  return {.base_color = glm::vec4(ground.color, 1),
          .emissive = glm::vec3(0),
          .metallic = 0,
          .roughness = ground.roughness,
          .normal_scale = 1,
          .occlusion_strength = 1,
          .alpha_cutoff = 0,
          .alpha_mode = ground.shadow_only ? shader::kShadowCatcher : shader::kAlphaOpaque,
          .double_sided = 1,
          .base_color_texture = {},
          .normal_texture = {},
          .orm_texture = {},
          .emissive_texture = {}};
}

/// The disc has unit size. The plane lies around the point below the eye and reaches so far that its
/// edge lies at the horizon.
Pose world_from_ground(const Ground& ground, const glm::dvec3& eye) {
  if (ground.kind == GroundKind::disc) {
    return {glm::dmat3(1.0), ground.radius, {0, 0, ground.height}};
  }
  return {glm::dmat3(1.0), 3000 * std::max(1.0, std::abs(eye.z - ground.height)),
          {eye.x, eye.y, ground.height}};
}

void fill_background(const Scene& scene, const Resident& resident, shader::ViewConstants& c) {
  c.background = static_cast<std::uint32_t>(scene.background.kind);
  const bool transparent = scene.background.kind == BackgroundKind::transparent;
  c.background_color =
      transparent ? glm::vec4(0) : glm::vec4(scene.background.color, 1);
  if (scene.background.kind == BackgroundKind::photo) {
    c.photo = resident.photos[scene.background.photo];
    const glm::dvec2 size(resident.photo_sizes[scene.background.photo]);
    const double scale = std::min(size.x / c.width, size.y / c.height);
    c.photo_scale = glm::vec2(glm::dvec2(scale) / size);
  }
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
  c.exposure = shot.scene.exposure;
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

glm::uvec2 lattice_size(const ViewSetup& setup) {
  const shader::ViewConstants& c = setup.constants;
  return c.rate == 2 ? glm::uvec2(2 * c.width + 1, 2 * c.height + 1) : glm::uvec2(c.width, c.height);
}

ViewSetup view_setup_from(const Shot& shot, const Resident& resident,
                          const RenderSettings& settings) {
  ViewSetup setup;
  shader::ViewConstants& c = setup.constants;
  const Scene& scene = shot.scene;
  fill_camera(shot, settings, c);
  fill_background(scene, resident, c);

  const glm::dvec2 lattice(lattice_size(setup));
  const glm::dmat4 clip =
      clip_from_camera(shot.view, 0, 0, lattice.x, lattice.y, c.rate, c.rate == 2 ? 0.5 : 0.0);
  DrawList list(setup, resident);
  const std::size_t count = scene.objects.size();
  std::vector<std::size_t> lods(count);
  std::vector<DrawCall> see_through;
  for (std::size_t i = 0; i < count; ++i) {
    const Object& object = scene.objects[i];
    const ResidentModel& model = resident.models[object.model];
    lods[i] = lod_of(model.lod_errors, model.bounds, object, shot.view, settings.lod_error_px);
    const Pose camera_from_object = shot.view.camera_from_world * object.world_from_object;
    list.add(object.model, lods[i], static_cast<std::uint32_t>(i + 1), camera_from_object,
             clip * matrix(camera_from_object), setup.visible);
  }
  if (scene.ground.kind != GroundKind::none) {
    const glm::dvec3 eye = inverse(shot.view.camera_from_world).translation;
    const Pose camera_from_ground =
        shot.view.camera_from_world * world_from_ground(scene.ground, eye);
    const GpuMaterial material = ground_material(scene.ground);
    list.add(scene.ground.kind == GroundKind::disc ? resident.disc() : resident.plane(), 0, 0,
             camera_from_ground, clip * matrix(camera_from_ground), setup.visible, &material);
  }
  std::stable_partition(setup.visible.begin(), setup.visible.end(),
                        [](const DrawCall& call) { return !call.blended; });
  setup.see_through = !setup.visible.empty() && setup.visible.back().blended;

  // A visibility value is (draw + 1) above and the triangle below.
  c.primitive_bits = 32 - static_cast<std::uint32_t>(std::bit_width(setup.draws.size() + 1));
  for (const DrawCall& call : setup.visible) {
    if (call.indices / 3 > 1U << c.primitive_bits) {
      throw Error("scene: a part of " + std::to_string(call.indices / 3) + " triangles among " +
                  std::to_string(setup.draws.size()) + " parts, wanted at most " +
                  std::to_string(1U << c.primitive_bits));
    }
  }

  if (settings.amodal) {
    setup.canvas = canvas_of(scene, shot.view, resident);
    if (setup.canvas.needed) {
      const glm::dmat4 amodal_clip =
          clip_from_camera(shot.view, setup.canvas.x, setup.canvas.y, setup.canvas.width,
                           setup.canvas.height, 1, 0);
      for (std::size_t i = 0; i < count; ++i) {
        const Pose pose = shot.view.camera_from_world * scene.objects[i].world_from_object;
        list.add(scene.objects[i].model, lods[i], static_cast<std::uint32_t>(i + 1), pose,
                 amodal_clip * matrix(pose), setup.amodal);
      }
    }
  }
  fill_lights(shot, resident, settings, setup);
  for (ShadowRequest& request : setup.shadows) {
    const glm::dmat4 shadow_clip = shadow_clip_from_world(shot.scene, resident, request.light);
    for (const Object& object : scene.objects) {
      const ResidentModel& model = resident.models[object.model];
      list.add(object.model, shadow_lod_of(model), 0, Pose{},
               shadow_clip * matrix(object.world_from_object), request.calls);
    }
    std::erase_if(request.calls, [](const DrawCall& call) { return call.blended; });
  }
  return setup;
}

std::size_t lod_of(std::span<const float> lod_errors, const Box3& bounds, const Object& object,
                   const View& view, float error_px) {
  const glm::dvec3 centre(0.5F * (bounds.low + bounds.high));
  const double radius = 0.5 * glm::length(bounds.high - bounds.low) * object.world_from_object.scale;
  const glm::dvec3 in_camera = view.camera_from_world(object.world_from_object(centre));
  const double nearest = std::max(glm::length(in_camera) - radius, view.near_m);
  const double px_per_m =
      std::max(view.intrinsics.fx, view.intrinsics.fy) / nearest * object.world_from_object.scale;
  std::size_t best = 0;
  for (std::size_t i = 1; i < lod_errors.size(); ++i) {
    if (lod_errors[i] * px_per_m <= static_cast<double>(error_px)) best = i;
  }
  return best;
}

std::size_t lod_of(const Model& model, const Object& object, const View& view, float error_px) {
  std::vector<float> errors;
  for (const Lod& lod : model.lods) errors.push_back(lod.error);
  return lod_of(errors, model.bounds, object, view, error_px);
}

}  // namespace orrery
