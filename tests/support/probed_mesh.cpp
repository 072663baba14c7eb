#include "tests/support/probed_mesh.hpp"

#include <embree3/rtcore.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace orrery {
namespace {

constexpr double kSpacing = 1.0 / 50;  ///< of the diagonal

using Triangle = std::array<glm::vec3, 3>;

std::vector<Triangle> triangles_of(const Model& model) {
  std::vector<Triangle> triangles;
  for (const IndexRange& part : model.lods.at(0).parts) {
    for (std::uint32_t i = part.first; i < part.first + part.count; i += 3) {
      const std::uint32_t* corner = &model.indices[i];
      triangles.push_back({model.vertices[corner[0]].position, model.vertices[corner[1]].position,
                           model.vertices[corner[2]].position});
    }
  }
  return triangles;
}

/// The middles of edges, halving the longest until all are short.
void add_between(const Triangle& t, float spacing, std::vector<glm::vec3>& points) {
  std::size_t longest = 0;
  float length = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    const float edge = glm::distance(t[k], t[(k + 1) % 3]);
    if (edge <= length) continue;
    length = edge;
    longest = k;
  }
  if (length <= spacing) return;
  const glm::vec3& a = t[longest];
  const glm::vec3& b = t[(longest + 1) % 3];
  const glm::vec3& c = t[(longest + 2) % 3];
  const glm::vec3 middle = 0.5F * (a + b);
  points.push_back(middle);
  add_between({a, middle, c}, spacing, points);
  add_between({middle, b, c}, spacing, points);
}

std::vector<glm::dvec3> samples_of(const std::vector<Triangle>& triangles, float spacing) {
  std::vector<glm::vec3> points;
  for (const Triangle& t : triangles) {
    points.insert(points.end(), t.begin(), t.end());
    add_between(t, spacing, points);
  }
  const auto before = [](const glm::vec3& a, const glm::vec3& b) {
    return std::array{a.x, a.y, a.z} < std::array{b.x, b.y, b.z};
  };
  std::sort(points.begin(), points.end(), before);
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return {points.begin(), points.end()};
}

/// Source: Ericson, Real-Time Collision Detection, 2005, section 5.1.5.
glm::dvec3 nearest_on(const Triangle& t, const glm::dvec3& p) {
  const glm::dvec3 a(t[0]);
  const glm::dvec3 ab = glm::dvec3(t[1]) - a;
  const glm::dvec3 ac = glm::dvec3(t[2]) - a;
  const auto along = [&](const glm::dvec3& q) {
    return std::array{glm::dot(ab, p - q), glm::dot(ac, p - q)};
  };
  const auto [d1, d2] = along(a);
  if (d1 <= 0 && d2 <= 0) return a;
  const auto [d3, d4] = along(a + ab);
  if (d3 >= 0 && d4 <= d3) return a + ab;
  const auto [d5, d6] = along(a + ac);
  if (d6 >= 0 && d5 <= d6) return a + ac;
  const double vc = d1 * d4 - d3 * d2;
  if (vc <= 0 && d1 >= 0 && d3 <= 0) return a + (d1 / (d1 - d3)) * ab;
  const double vb = d5 * d2 - d1 * d6;
  if (vb <= 0 && d2 >= 0 && d6 <= 0) return a + (d2 / (d2 - d6)) * ac;
  const double va = d3 * d6 - d5 * d4;
  const double e = d4 - d3;
  const double f = d5 - d6;
  if (va <= 0 && e >= 0 && f >= 0) return a + ab + (e / (e + f)) * (ac - ab);
  const double sum = va + vb + vc;
  return a + (vb / sum) * ab + (vc / sum) * ac;
}

RTCRay ray_from(const glm::dvec3& from, const glm::dvec3& direction, double reach) {
  RTCRay ray{};
  ray.org_x = static_cast<float>(from.x);
  ray.org_y = static_cast<float>(from.y);
  ray.org_z = static_cast<float>(from.z);
  ray.dir_x = static_cast<float>(direction.x);
  ray.dir_y = static_cast<float>(direction.y);
  ray.dir_z = static_cast<float>(direction.z);
  ray.tfar = static_cast<float>(reach);
  ray.mask = ~0U;
  return ray;
}

/// Counts surfaces that a ray leaves, less those that it enters; Embree hands the context back.
struct Crossings {
  RTCIntersectContext embree;
  int left = 0;
};

void count_and_go_on(const RTCFilterFunctionNArguments* args) {
  auto& crossings = *reinterpret_cast<Crossings*>(args->context);
  const float along = RTCRayN_dir_x(args->ray, 1, 0) * RTCHitN_Ng_x(args->hit, 1, 0) +
                      RTCRayN_dir_y(args->ray, 1, 0) * RTCHitN_Ng_y(args->hit, 1, 0) +
                      RTCRayN_dir_z(args->ray, 1, 0) * RTCHitN_Ng_z(args->hit, 1, 0);
  crossings.left += along > 0 ? 1 : -1;
  args->valid[0] = 0;
}

struct Nearest {
  const std::vector<Triangle>* triangles;
  glm::dvec3 point;
  glm::dvec3 best{0.0};
  bool found = false;
};

bool take_nearer(RTCPointQueryFunctionArguments* args) {
  auto& nearest = *static_cast<Nearest*>(args->userPtr);
  const glm::dvec3 at = nearest_on((*nearest.triangles)[args->primID], nearest.point);
  const auto distance = static_cast<float>(glm::distance(at, nearest.point));
  if (distance >= args->query->radius) return false;
  args->query->radius = distance;
  nearest.best = at;
  nearest.found = true;
  return true;
}

}  // namespace

struct ProbedMesh::Surface {
  std::vector<Triangle> triangles;
  RTCDevice device = rtcNewDevice("threads=1");
  RTCScene scene = rtcNewScene(device);

  explicit Surface(std::vector<Triangle> from) : triangles(std::move(from)) {
    rtcSetSceneFlags(scene, RTC_SCENE_FLAG_ROBUST);
    const RTCGeometry geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE);
    auto* corners = static_cast<Triangle*>(
        rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                                sizeof(glm::vec3), 3 * triangles.size()));
    std::copy(triangles.begin(), triangles.end(), corners);
    auto* indices = static_cast<std::uint32_t*>(
        rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3,
                                3 * sizeof(std::uint32_t), triangles.size()));
    for (std::uint32_t i = 0; i < 3 * triangles.size(); ++i) indices[i] = i;
    rtcSetGeometryPointQueryFunction(geometry, take_nearer);
    rtcSetGeometryOccludedFilterFunction(geometry, count_and_go_on);
    rtcCommitGeometry(geometry);
    rtcAttachGeometry(scene, geometry);
    rtcReleaseGeometry(geometry);
    rtcCommitScene(scene);
  }
  ~Surface() {
    rtcReleaseScene(scene);
    rtcReleaseDevice(device);
  }
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;
};

ProbedMesh::ProbedMesh(const Model& model)
    : surface_(std::make_unique<Surface>(triangles_of(model))), bounds_(model.bounds) {
  const auto diagonal = glm::distance(bounds_.low, bounds_.high);
  samples_ = samples_of(surface_->triangles, static_cast<float>(kSpacing) * diagonal);
}

ProbedMesh::~ProbedMesh() = default;
ProbedMesh::ProbedMesh(ProbedMesh&&) noexcept = default;

std::optional<ProbedMesh::Hit> ProbedMesh::first_hit(const glm::dvec3& from,
                                                     const glm::dvec3& direction,
                                                     double reach) const {
  RTCIntersectContext context;
  rtcInitIntersectContext(&context);
  RTCRayHit ray{};
  ray.ray = ray_from(from, direction, reach);
  ray.hit.geomID = RTC_INVALID_GEOMETRY_ID;
  rtcIntersect1(surface_->scene, &context, &ray);
  if (ray.hit.geomID == RTC_INVALID_GEOMETRY_ID) return std::nullopt;
  const glm::dvec3 normal(ray.hit.Ng_x, ray.hit.Ng_y, ray.hit.Ng_z);
  const double along = glm::dot(glm::normalize(normal), glm::normalize(direction));
  return Hit{ray.ray.tfar, along < 0, std::abs(along)};
}

bool ProbedMesh::encloses(const glm::dvec3& point) const {
  // There and back along lines that no edge of a model is likely to follow.
  static constexpr std::array<std::array<double, 3>, 4> kDirections = {
      {{0.3127, 0.4721, 0.8243},
       {-0.3127, -0.4721, -0.8243},
       {0.7919, -0.5531, 0.2587},
       {-0.7919, 0.5531, -0.2587}}};
  return std::all_of(kDirections.begin(), kDirections.end(), [&](const auto& d) {
    Crossings crossings;
    rtcInitIntersectContext(&crossings.embree);
    RTCRay ray = ray_from(point, {d[0], d[1], d[2]}, std::numeric_limits<float>::infinity());
    rtcOccluded1(surface_->scene, &crossings.embree, &ray);
    return crossings.left > 0;
  });
}

std::optional<glm::dvec3> ProbedMesh::nearest(const glm::dvec3& point, double reach) const {
  RTCPointQuery query{static_cast<float>(point.x), static_cast<float>(point.y),
                      static_cast<float>(point.z), 0, static_cast<float>(reach)};
  RTCPointQueryContext context;
  rtcInitPointQueryContext(&context);
  Nearest nearest{&surface_->triangles, point};
  rtcPointQuery(surface_->scene, &query, &context, nullptr, &nearest);
  if (!nearest.found) return std::nullopt;
  return nearest.best;
}

}  // namespace orrery
