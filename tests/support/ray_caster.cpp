#include "tests/support/ray_caster.hpp"

#include <embree3/rtcore.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

namespace orrery {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTie = 1e-5;  // relative depth difference that single precision may turn around
// A sampler may weigh texels with eight bits, so the cut-off is uncertain by this much alpha.
constexpr float kAlphaBias = 2.0F / 255;
// A disc may be drawn as a polygon whose edges come this much nearer to the middle (192 corners).
constexpr double kRim = 1.4e-4;

struct Sample {
  double dx, dy;     // pixels from the pixel's centre
  float alpha_bias;  // added to the alpha that the surface has; below 0, a disc is smaller too
};
constexpr double kDiagonal = kSnap * 0.70710678;
constexpr std::array<Sample, 11> kSamples = {{{0, 0, 0},
                                              {kSnap, 0, 0},
                                              {-kSnap, 0, 0},
                                              {0, kSnap, 0},
                                              {0, -kSnap, 0},
                                              {kDiagonal, kDiagonal, 0},
                                              {-kDiagonal, kDiagonal, 0},
                                              {kDiagonal, -kDiagonal, 0},
                                              {-kDiagonal, -kDiagonal, 0},
                                              {0, 0, kAlphaBias},
                                              {0, 0, -kAlphaBias}}};

template <auto Release>
struct Releaser {
  template <class T>
  void operator()(T* thing) const {
    Release(thing);
  }
};
using Device = std::unique_ptr<RTCDeviceTy, Releaser<rtcReleaseDevice>>;
using EmbreeScene = std::unique_ptr<RTCSceneTy, Releaser<rtcReleaseScene>>;

// One model at one level of detail in the camera's frame.
struct Mesh {
  const Model* model = nullptr;
  std::vector<glm::dvec3> points;
  std::vector<glm::uvec3> triangles;
  std::vector<std::uint32_t> materials;  // of each triangle

  const Material& material(unsigned triangle) const {
    return model->materials[materials[triangle]];
  }
};

// What the filter needs beside the hit; Embree hands the context back.
struct Context {
  RTCIntersectContext embree;
  glm::dvec3 direction;
  float alpha_bias;
};

std::int64_t wrapped(std::int64_t i, std::int64_t n, Wrap wrap) {
  if (wrap == Wrap::clamp) return std::clamp<std::int64_t>(i, 0, n - 1);
  const std::int64_t period = wrap == Wrap::mirror ? 2 * n : n;
  const std::int64_t k = ((i % period) + period) % period;
  return k < n ? k : 2 * n - 1 - k;
}

float texture_alpha(const Model& model, const Texture& texture, const glm::vec2& uv) {
  const double x = static_cast<double>(uv.x) * texture.width - 0.5;
  const double y = static_cast<double>(uv.y) * texture.height - 0.5;
  const auto x0 = static_cast<std::int64_t>(std::floor(x));
  const auto y0 = static_cast<std::int64_t>(std::floor(y));
  const auto texel = [&](std::int64_t i, std::int64_t j) {
    const auto column = static_cast<std::uint64_t>(wrapped(i, texture.width, texture.wrap_u));
    const auto row = static_cast<std::uint64_t>(wrapped(j, texture.height, texture.wrap_v));
    return model.texels[texture.first_texel + row * texture.width + column].a / 255.0;
  };
  const double fx = x - static_cast<double>(x0);
  const double fy = y - static_cast<double>(y0);
  return static_cast<float>((1 - fy) * ((1 - fx) * texel(x0, y0) + fx * texel(x0 + 1, y0)) +
                            fy * ((1 - fx) * texel(x0, y0 + 1) + fx * texel(x0 + 1, y0 + 1)));
}

bool surface_is_there(const Mesh& mesh, unsigned triangle, const glm::vec3& weights,
                      const Context& context) {
  const Material& material = mesh.material(triangle);
  const glm::uvec3& t = mesh.triangles[triangle];
  if (material.double_sided == 0) {
    const glm::dvec3 normal =
        glm::cross(mesh.points[t.y] - mesh.points[t.x], mesh.points[t.z] - mesh.points[t.x]);
    if (glm::dot(normal, context.direction) >= 0) return false;
  }
  if (material.alpha_mode == AlphaMode::opaque) return true;
  glm::vec2 uv(0);
  float vertex_alpha = 0;
  for (int k = 0; k < 3; ++k) {
    const Vertex& vertex = mesh.model->vertices[t[k]];
    uv += weights[k] * vertex.uv;
    vertex_alpha += weights[k] * static_cast<float>(vertex.color >> 24) / 255.0F;
  }
  const float alpha = alpha_at(*mesh.model, material, vertex_alpha, uv) + context.alpha_bias;
  return alpha >= (material.alpha_mode == AlphaMode::mask ? material.alpha_cutoff : 1.0F / 255.0F);
}

void reject_what_is_not_there(const RTCFilterFunctionNArguments* args) {
  assert(args->N == 1);
  const auto& mesh = *static_cast<const Mesh*>(args->geometryUserPtr);
  const auto& context = *reinterpret_cast<const Context*>(args->context);
  const float u = RTCHitN_u(args->hit, 1, 0);
  const float v = RTCHitN_v(args->hit, 1, 0);
  if (!surface_is_there(mesh, RTCHitN_primID(args->hit, 1, 0), {1 - u - v, u, v}, context))
    args->valid[0] = 0;
}

Mesh mesh_in_camera(const Model& model, const Object& object, const View& view, std::size_t lod) {
  Mesh mesh;
  mesh.model = &model;
  const Pose camera_from_object = view.camera_from_world * object.world_from_object;
  for (const Vertex& vertex : model.vertices)
    mesh.points.push_back(camera_from_object(glm::dvec3(vertex.position)));
  const std::vector<IndexRange>& parts = model.lods.at(lod).parts;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (std::uint32_t i = 0; i < parts[part].count; i += 3) {
      const std::uint32_t* corner = &model.indices[parts[part].first + i];
      mesh.triangles.emplace_back(corner[0], corner[1], corner[2]);
      mesh.materials.push_back(model.part_materials[part]);
    }
  }
  return mesh;
}

EmbreeScene embree_scene(RTCDevice device, Mesh& mesh) {
  EmbreeScene scene(rtcNewScene(device));
  rtcSetSceneFlags(scene.get(), RTC_SCENE_FLAG_ROBUST);
  const RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
  auto* points = static_cast<glm::vec3*>(
      rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                              sizeof(glm::vec3), mesh.points.size()));
  std::transform(mesh.points.begin(), mesh.points.end(), points,
                 [](const glm::dvec3& p) { return glm::vec3(p); });
  auto* triangles = static_cast<glm::uvec3*>(
      rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3,
                              sizeof(glm::uvec3), mesh.triangles.size()));
  std::copy(mesh.triangles.begin(), mesh.triangles.end(), triangles);
  rtcSetGeometryUserData(geometry, &mesh);
  rtcSetGeometryIntersectFilterFunction(geometry, reject_what_is_not_there);
  rtcCommitGeometry(geometry);
  rtcAttachGeometry(scene.get(), geometry);
  rtcReleaseGeometry(geometry);
  rtcCommitScene(scene.get());
  return scene;
}

// Depth of the first surface along a ray from the camera, infinity if there is none.
double depth_of_mesh(RTCScene scene, const Mesh& mesh, const glm::dvec3& direction, double near_m,
                     float alpha_bias) {
  Context context{{}, direction, alpha_bias};
  rtcInitIntersectContext(&context.embree);
  RTCRayHit ray{};
  ray.ray.dir_x = static_cast<float>(direction.x);
  ray.ray.dir_y = static_cast<float>(direction.y);
  ray.ray.dir_z = 1;
  ray.ray.tnear = static_cast<float>(near_m);
  ray.ray.tfar = std::numeric_limits<float>::infinity();
  ray.ray.mask = ~0U;
  ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
  rtcIntersect1(scene, &context.embree, &ray);
  if (ray.hit.geomID == RTC_INVALID_GEOMETRY_ID) return kInfinity;
  // Single precision found the triangle; double precision says how far its plane is, within what
  // the triangle spans (a grazed plane is badly conditioned).
  const glm::uvec3& t = mesh.triangles[ray.hit.primID];
  const glm::dvec3& a = mesh.points[t.x];
  const glm::dvec3& b = mesh.points[t.y];
  const glm::dvec3& c = mesh.points[t.z];
  const glm::dvec3 normal = glm::cross(b - a, c - a);
  const double slope = glm::dot(normal, direction);
  const double depth = slope != 0 ? glm::dot(normal, a) / slope : a.z;
  return std::clamp(depth, std::max(near_m, std::min({a.z, b.z, c.z})),
                    std::max({a.z, b.z, c.z, near_m}));
}

double depth_of_ground(const Ground& ground, const View& view, const glm::dvec3& direction,
                       double radius) {
  if (ground.kind == GroundKind::none) return kInfinity;
  const Pose world_from_camera = inverse(view.camera_from_world);
  const glm::dvec3 eye = world_from_camera.translation;
  const glm::dvec3 along = world_from_camera.rotation * direction;
  if (along.z == 0) return kInfinity;
  const double depth = (ground.height - eye.z) / along.z;
  const glm::dvec3 hit = eye + depth * along;
  if (!(depth >= view.near_m)) return kInfinity;
  if (ground.kind == GroundKind::disc && std::hypot(hit.x, hit.y) > radius) return kInfinity;
  return depth;
}

struct Rect {
  int x0, y0, x1, y1;  // half-open, image coordinates
};

// The pixels of the canvas that the mesh can touch.
Rect reach(const Mesh& mesh, const View& view, const Canvas& canvas) {
  const Rect whole{-canvas.offset_x, -canvas.offset_y, canvas.width - canvas.offset_x,
                   canvas.height - canvas.offset_y};
  glm::dvec2 low(kInfinity);
  glm::dvec2 high(-kInfinity);
  // A lens bends edges, so points along them tell more than their ends.
  const bool bends = view.intrinsics.lens.model != LensModel::pinhole;
  const int steps = bends ? 16 : 0;
  double stride = 0;
  bool all_seen = true;
  double nearest = kInfinity;
  double farthest = -kInfinity;
  for (const glm::uvec3& t : mesh.triangles) {
    for (int k = 0; k < 3; ++k) {
      const glm::dvec3& p = mesh.points[t[k]];
      nearest = std::min(nearest, p.z);
      farthest = std::max(farthest, p.z);
      const glm::dvec3& next = mesh.points[t[(k + 1) % 3]];
      glm::dvec2 before(kInfinity);
      for (int i = 0; i <= steps; ++i) {
        const auto pixel = project(view.intrinsics, p + (next - p) * (double(i) / 16));
        all_seen = all_seen && pixel;
        if (!pixel) continue;
        low = glm::min(low, *pixel);
        high = glm::max(high, *pixel);
        if (i > 0) stride = std::max(stride, glm::distance(before, *pixel));
        before = *pixel;
      }
    }
  }
  if (farthest < view.near_m) return {0, 0, 0, 0};
  if (nearest <= view.near_m || (bends && !all_seen)) return whole;
  low -= 0.25 * stride;
  high += 0.25 * stride;
  const auto bounded = [](double x, int from, int to) {
    return static_cast<int>(
        std::clamp(std::floor(x), static_cast<double>(from), static_cast<double>(to)));
  };
  return {bounded(low.x - 1, whole.x0, whole.x1), bounded(low.y - 1, whole.y0, whole.y1),
          bounded(high.x + 2, whole.x0, whole.x1), bounded(high.y + 2, whole.y0, whole.y1)};
}

// Nearest surface of one pixel for every sample, while instances arrive.
struct Nearest {
  std::array<double, kSamples.size()> depth;
  std::array<std::uint16_t, kSamples.size()> id{};
  double second = kInfinity;  // next surface of another id behind the centre's

  Nearest() { depth.fill(kInfinity); }

  void add(std::uint16_t other, const std::array<double, kSamples.size()>& depths) {
    second = std::min(second, std::max(depth[0], depths[0]));
    for (std::size_t k = 0; k < kSamples.size(); ++k) {
      if (depths[k] >= depth[k]) continue;
      depth[k] = depths[k];
      id[k] = other;
    }
  }
};

std::array<double, kSamples.size()> depths_at(const Intrinsics& camera, int x, int y,
                                              const auto& depth_along) {
  std::array<double, kSamples.size()> depths{};
  for (std::size_t k = 0; k < kSamples.size(); ++k) {
    const Sample& sample = kSamples[k];
    // A direction of unit depth, so that ray parameters are depths.
    const auto slope = slope_at(camera, {x + 0.5 + sample.dx, y + 0.5 + sample.dy});
    depths[k] = slope ? depth_along(glm::dvec3(*slope, 1.0), sample.alpha_bias) : kInfinity;
  }
  return depths;
}

CastInstance cast_instance(RTCDevice device, Mesh& mesh, const View& view, const Canvas& canvas,
                           std::uint16_t id, Image<Nearest>& nearest) {
  CastInstance result{{canvas.width, canvas.height}, {canvas.width, canvas.height}};
  const EmbreeScene scene = embree_scene(device, mesh);
  const Intrinsics& camera = view.intrinsics;
  const Rect rect = reach(mesh, view, canvas);
  for (int y = rect.y0; y < rect.y1; ++y) {
    for (int x = rect.x0; x < rect.x1; ++x) {
      const auto depths =
          depths_at(camera, x, y, [&](const glm::dvec3& direction, float alpha_bias) {
            return depth_of_mesh(scene.get(), mesh, direction, view.near_m, alpha_bias);
          });
      const bool there = depths[0] < kInfinity;
      const bool edge = std::any_of(depths.begin(), depths.end(),
                                    [&](double depth) { return (depth < kInfinity) != there; });
      result.there.at(x + canvas.offset_x, y + canvas.offset_y) = there ? 1 : 0;
      result.edge.at(x + canvas.offset_x, y + canvas.offset_y) = edge ? 1 : 0;
      if (x >= 0 && y >= 0 && x < camera.width && y < camera.height)
        nearest.at(x, y).add(id, depths);
    }
  }
  return result;
}

}  // namespace

float alpha_at(const Model& model, const Material& material, float vertex_alpha,
               const glm::vec2& uv) {
  const float alpha = material.base_color.a * vertex_alpha;
  if (material.base_color_texture < 0) return alpha;
  const auto index = static_cast<std::size_t>(material.base_color_texture);
  return alpha * texture_alpha(model, model.textures[index], uv);
}

CastScene cast(const Assets& assets, const Shot& shot, std::span<const std::size_t> lods,
               const Canvas& canvas) {
  const Scene& scene = shot.scene;
  assert(lods.size() == scene.objects.size() + scene.props.size());
  const Device device(rtcNewDevice("threads=1"));
  const Intrinsics& camera = shot.view.intrinsics;
  const int w = camera.width;
  const int h = camera.height;
  Image<Nearest> nearest(w, h);
  CastScene result{{w, h}, {w, h}, {w, h}, {w, h}, {w, h}, canvas, {}};
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      nearest.at(x, y).add(0, depths_at(camera, x, y, [&](const glm::dvec3& direction, float bias) {
                             const Ground& ground = shot.scene.ground;
                             return depth_of_ground(
                                 ground, shot.view, direction,
                                 bias < 0 ? ground.radius * (1 - kRim) : ground.radius);
                           }));
    }
  }
  for (std::size_t i = 0; i < shot.scene.objects.size(); ++i) {
    const Object& object = shot.scene.objects[i];
    Mesh mesh = mesh_in_camera(assets.models.at(object.model), object, shot.view, lods[i]);
    result.instances.push_back(cast_instance(device.get(), mesh, shot.view, canvas,
                                             static_cast<std::uint16_t>(i + 1), nearest));
  }
  for (std::size_t i = 0; i < scene.props.size(); ++i) {
    const Object prop{scene.props[i].model, 0, scene.props[i].world_from_object};
    Mesh mesh = mesh_in_camera(assets.models.at(prop.model), prop, shot.view,
                               lods[scene.objects.size() + i]);
    cast_instance(device.get(), mesh, shot.view, canvas, 0, nearest);
  }
  for (int y = 0; y < h; ++y) {
    for (int x = 0; x < w; ++x) {
      const Nearest& n = nearest.at(x, y);
      // Where nothing is, an image's depth is 0.
      const auto in_image = [](double depth) { return depth < kInfinity ? depth : 0.0; };
      const bool moved =
          std::any_of(n.id.begin(), n.id.end(), [&](std::uint16_t id) { return id != n.id[0]; });
      const bool tied = n.second < kInfinity && n.second - n.depth[0] <= kTie * n.depth[0];
      result.id.at(x, y) = n.id[0];
      double low = kInfinity;
      double high = 0;
      for (const double depth : n.depth) {
        low = std::min(low, in_image(depth));
        high = std::max(high, in_image(depth));
      }
      result.depth.at(x, y) = in_image(n.depth[0]);
      result.depth_low.at(x, y) = low;
      result.depth_high.at(x, y) = high;
      result.silhouette.at(x, y) = moved || tied ? 1 : 0;
    }
  }
  return result;
}

}  // namespace orrery
