#include "scenes/cook.hpp"

#include <meshoptimizer.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <span>

#include "scenes/surface_distance.hpp"

namespace orrery {
namespace {

constexpr std::size_t kMaxLevels = 8;
constexpr std::size_t kFewestTriangles = 200;
constexpr std::size_t kSamples = 30000;  ///< triangles looked at to measure a level's error
constexpr double kDrift = 0.02;  ///< more triangles than this against their normals spoil a level
constexpr double kWorthwhile = 0.85;  ///< a level must have fewer than this part of the last

using Indices = std::vector<std::uint32_t>;

const float* positions(const Model& model) { return &model.vertices[0].position.x; }

std::span<const std::uint32_t> part_of(const Model& model, std::size_t level, std::size_t part) {
  const IndexRange range = model.lods[level].parts[part];
  return {model.indices.data() + range.first, range.count};
}

void weld(Model& model) {
  Indices remap(model.vertices.size());
  const std::size_t count =
      meshopt_generateVertexRemap(remap.data(), model.indices.data(), model.indices.size(),
                                  model.vertices.data(), model.vertices.size(), sizeof(Vertex));
  meshopt_remapIndexBuffer(model.indices.data(), model.indices.data(), model.indices.size(),
                           remap.data());
  meshopt_remapVertexBuffer(model.vertices.data(), model.vertices.data(), model.vertices.size(),
                            sizeof(Vertex), remap.data());
  model.vertices.resize(count);
}

Indices ordered(const Model& model, std::span<const std::uint32_t> triangles) {
  constexpr float kOverdraw = 1.05F;  // how much worse the cache may get for less overdraw
  const std::size_t vertices = model.vertices.size();
  Indices cached(triangles.size());
  Indices out(triangles.size());
  meshopt_optimizeVertexCache(cached.data(), triangles.data(), triangles.size(), vertices);
  meshopt_optimizeOverdraw(out.data(), cached.data(), cached.size(), positions(model), vertices,
                           sizeof(Vertex), kOverdraw);
  return out;
}

void order(Model& model) {
  for (std::size_t part = 0; part < model.part_materials.size(); ++part) {
    const Indices out = ordered(model, part_of(model, 0, part));
    std::copy(out.begin(), out.end(),
              model.indices.begin() + static_cast<std::ptrdiff_t>(model.lods[0].parts[part].first));
  }
  model.vertices.resize(meshopt_optimizeVertexFetch(model.vertices.data(), model.indices.data(),
                                                    model.indices.size(), model.vertices.data(),
                                                    model.vertices.size(), sizeof(Vertex)));
}

bool has_one_color(const Model& model, std::span<const std::uint32_t> triangles) {
  return std::all_of(triangles.begin(), triangles.end(), [&](std::uint32_t i) {
    return model.vertices[i].color == model.vertices[triangles[0]].color;
  });
}

/// Part of the triangles that face away from the normals of two or more of their vertices.
double disagreeing(const Model& model, std::span<const std::uint32_t> triangles) {
  std::size_t count = 0;
  for (std::size_t k = 0; k + 2 < triangles.size(); k += 3) {
    const Vertex* v[3] = {&model.vertices[triangles[k]], &model.vertices[triangles[k + 1]],
                          &model.vertices[triangles[k + 2]]};
    const glm::dvec3 a(v[0]->position);
    const glm::dvec3 face =
        glm::cross(glm::dvec3(v[1]->position) - a, glm::dvec3(v[2]->position) - a);
    int against = 0;
    for (const Vertex* corner : v) {
      against += glm::dot(face, glm::dvec3(unpacked_normal(corner->normal))) < 0 ? 1 : 0;
    }
    count += against >= 2 ? 1 : 0;
  }
  return triangles.empty()
             ? 0
             : static_cast<double>(count) / (static_cast<double>(triangles.size()) / 3);
}

std::vector<glm::dvec3> corners(const Model& model, std::span<const std::uint32_t> triangles) {
  std::vector<glm::dvec3> out;
  out.reserve(triangles.size());
  for (const std::uint32_t i : triangles) out.emplace_back(model.vertices[i].position);
  return out;
}

/// The farthest that corners, edge middles and centres of `from` lie from the surface `to`.
double farthest(const std::vector<glm::dvec3>& from, const SurfaceDistance& to) {
  double worst = 0;
  const std::size_t step = 3 * (1 + from.size() / 3 / kSamples);
  for (std::size_t k = 0; k + 2 < from.size(); k += step) {
    const glm::dvec3 &a = from[k], &b = from[k + 1], &c = from[k + 2];
    for (const glm::dvec3& p :
         {a, b, c, (a + b) / 2.0, (b + c) / 2.0, (c + a) / 2.0, (a + b + c) / 3.0}) {
      worst = std::max(worst, to(p));
    }
  }
  return worst;
}

/// How far the two surfaces are apart at most, measured at many points of both.
double apart(const Model& model, std::span<const std::uint32_t> one,
             std::span<const std::uint32_t> other) {
  const std::vector<glm::dvec3> a = corners(model, one);
  const std::vector<glm::dvec3> b = corners(model, other);
  return std::max(farthest(a, SurfaceDistance(b)), farthest(b, SurfaceDistance(a)));
}

struct Simpler {
  Indices triangles;
  float error = 0;  ///< metres
};

/// The part at about `keep` of its triangles; the part itself where that cannot be had.
Simpler simplified(const Model& model, std::size_t part, double keep) {
  const auto full = part_of(model, 0, part);
  const Simpler unchanged{Indices(full.begin(), full.end()), 0};
  const std::size_t full_count = full.size() / 3;
  const auto target = static_cast<std::size_t>(static_cast<double>(full_count) * keep) * 3;
  if (target < 3 || !has_one_color(model, full)) return unchanged;

  // meshoptimizer takes time and memory per vertex of the buffer: give it this part's alone.
  Indices local(full.begin(), full.end());
  Indices own = local;
  std::sort(own.begin(), own.end());
  own.erase(std::unique(own.begin(), own.end()), own.end());
  std::vector<glm::vec3> places;
  for (const std::uint32_t i : own) places.push_back(model.vertices[i].position);
  for (std::uint32_t& i : local) {
    i = static_cast<std::uint32_t>(std::lower_bound(own.begin(), own.end(), i) - own.begin());
  }
  Simpler out{Indices(local.size()), 0};
  out.triangles.resize(meshopt_simplify(out.triangles.data(), local.data(), local.size(),
                                        &places[0].x, places.size(), sizeof(glm::vec3), target,
                                        std::numeric_limits<float>::max(),
                                        meshopt_SimplifyLockBorder, &out.error));
  for (std::uint32_t& i : out.triangles) i = own[i];
  out.error *= meshopt_simplifyScale(&places[0].x, places.size(), sizeof(glm::vec3));
  const bool drifted = disagreeing(model, out.triangles) > disagreeing(model, full) + kDrift;
  if (out.triangles.size() < 3 || !std::isfinite(out.error) || drifted) return unchanged;
  // The quadrics' estimate is often too low by half.
  out.error = std::max(out.error, static_cast<float>(apart(model, full, out.triangles)));
  return out;
}

std::size_t triangles_in(const Lod& lod) {
  std::size_t count = 0;
  for (const IndexRange& part : lod.parts) count += part.count / 3;
  return count;
}

}  // namespace

void add_levels(Model& model) {
  const std::size_t parts = model.part_materials.size();
  double keep = 1;
  while (model.lods.size() < kMaxLevels) {
    keep /= 2;
    const Lod& last = model.lods.back();
    std::vector<Simpler> level;
    std::size_t count = 0;
    for (std::size_t part = 0; part < parts; ++part) {
      level.push_back(simplified(model, part, keep));
      // A part that can get no simpler keeps what the last level had.
      if (level.back().triangles.size() >= last.parts[part].count) level.back().triangles.clear();
      count += level.back().triangles.empty() ? last.parts[part].count / 3
                                              : level.back().triangles.size() / 3;
    }
    const auto before = static_cast<double>(triangles_in(last));
    if (count < kFewestTriangles || static_cast<double>(count) > kWorthwhile * before) return;
    Lod next{last.error, last.parts};
    for (std::size_t part = 0; part < parts; ++part) {
      if (level[part].triangles.empty()) continue;
      const Indices out = ordered(model, level[part].triangles);
      next.parts[part] = {static_cast<std::uint32_t>(model.indices.size()),
                          static_cast<std::uint32_t>(out.size())};
      next.error = std::max(next.error, level[part].error);
      model.indices.insert(model.indices.end(), out.begin(), out.end());
    }
    model.lods.push_back(std::move(next));
  }
}

void arrange(Model& model) {
  assert(model.lods.size() == 1 && !model.indices.empty());
  weld(model);
  order(model);
  model.bounds = {model.vertices[0].position, model.vertices[0].position};
  for (const Vertex& v : model.vertices) {
    model.bounds.low = glm::min(model.bounds.low, v.position);
    model.bounds.high = glm::max(model.bounds.high, v.position);
  }
}

void cook(Model& model) {
  arrange(model);
  add_levels(model);
}

}  // namespace orrery
