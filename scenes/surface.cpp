#include "scenes/surface.hpp"

#include <meshoptimizer.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <unordered_map>

namespace orrery {
namespace {

bool is_finite(const glm::vec3& v) {
  return std::isfinite(v.x) && std::isfinite(v.y) && std::isfinite(v.z);
}

/// Twice the area times the unit normal; double because a tiny part may lie far from the origin.
glm::dvec3 area_vector(const glm::vec3& a, const glm::vec3& b, const glm::vec3& c) {
  return glm::cross(glm::dvec3(b) - glm::dvec3(a), glm::dvec3(c) - glm::dvec3(a));
}

glm::dvec3 area_vector(const Surface& s, std::size_t triangle) {
  const std::uint32_t* i = &s.indices[3 * triangle];
  return area_vector(s.positions[i[0]], s.positions[i[1]], s.positions[i[2]]);
}

/// No area: thinner than a billionth of its longest edge.
bool is_degenerate(const Surface& s, std::size_t triangle) {
  const std::uint32_t* i = &s.indices[3 * triangle];
  double longest = 0;
  for (int k = 0; k < 3; ++k) {
    const glm::dvec3 edge = glm::dvec3(s.positions[i[k]]) - glm::dvec3(s.positions[i[(k + 1) % 3]]);
    longest = std::max(longest, glm::dot(edge, edge));
  }
  return !(glm::length(area_vector(s, triangle)) > 1e-9 * longest);
}

void drop_triangles(Surface& s, ImportReport& report) {
  std::size_t kept = 0;
  std::uint64_t not_numbers = 0;
  for (std::size_t t = 0; t < s.indices.size() / 3; ++t) {
    const std::uint32_t* i = &s.indices[3 * t];
    if (!std::all_of(i, i + 3, [&](std::uint32_t k) { return is_finite(s.positions[k]); })) {
      ++not_numbers;
    } else if (is_degenerate(s, t)) {
      ++report.degenerate_triangles;
    } else {
      std::copy(i, i + 3, s.indices.begin() + static_cast<std::ptrdiff_t>(3 * kept++));
    }
  }
  s.indices.resize(3 * kept);
  if (not_numbers > 0) {
    report.warnings.push_back(std::to_string(not_numbers) +
                              " triangles with a vertex that is no number were dropped");
  }
}

void repair_normals(Surface& s, ImportReport& report) {
  std::vector<std::uint8_t> broken(s.normals.size(), 0);
  for (std::size_t i = 0; i < s.normals.size(); ++i) {
    const float length = glm::length(s.normals[i]);
    if (std::isfinite(length) && length > 1e-6F) {
      s.normals[i] /= length;
    } else {
      broken[i] = 1;
      s.normals[i] = glm::vec3(0.0F);
    }
  }
  std::vector<glm::dvec3> sums(s.normals.size(), glm::dvec3(0.0));
  std::uint64_t repaired = 0;
  for (std::size_t k = 0; k < s.indices.size(); ++k) {
    if (broken[s.indices[k]] != 0) sums[s.indices[k]] += area_vector(s, k / 3);
  }
  for (std::size_t i = 0; i < s.normals.size(); ++i) {
    if (broken[i] == 0) continue;
    const double length = glm::length(sums[i]);
    if (length > 0) ++repaired;
    s.normals[i] = length > 0 ? glm::vec3(sums[i] / length) : glm::vec3(0, 0, 1);
  }
  if (repaired > 0) {
    report.warnings.push_back(std::to_string(repaired) +
                              " normals of no length were made from their triangles");
  }
}

// Tangents ---------------------------------------------------------------------------------------

struct Frame {
  glm::dvec3 tangent{0.0};    ///< where u grows
  glm::dvec3 bitangent{0.0};  ///< up in the texture: where v shrinks
};

Frame frame_of(const Surface& s, const std::uint32_t* i) {
  const glm::dvec3 e1 = glm::dvec3(s.positions[i[1]]) - glm::dvec3(s.positions[i[0]]);
  const glm::dvec3 e2 = glm::dvec3(s.positions[i[2]]) - glm::dvec3(s.positions[i[0]]);
  const glm::dvec2 d1 = glm::dvec2(s.uvs[i[1]]) - glm::dvec2(s.uvs[i[0]]);
  const glm::dvec2 d2 = glm::dvec2(s.uvs[i[2]]) - glm::dvec2(s.uvs[i[0]]);
  const double det = d1.x * d2.y - d2.x * d1.y;
  if (!(std::abs(det) > 1e-20)) return {};
  const glm::dvec3 tangent = (e1 * d2.y - e2 * d1.y) / det;
  const glm::dvec3 bitangent = (e1 * d2.x - e2 * d1.x) / det;
  if (!(glm::length(tangent) > 0 && glm::length(bitangent) > 0)) return {};
  return {glm::normalize(tangent), glm::normalize(bitangent)};
}

double corner_angle(const Surface& s, const std::uint32_t* i, int k) {
  const glm::dvec3 p(s.positions[i[k]]);
  const glm::dvec3 a = glm::normalize(glm::dvec3(s.positions[i[(k + 1) % 3]]) - p);
  const glm::dvec3 b = glm::normalize(glm::dvec3(s.positions[i[(k + 2) % 3]]) - p);
  return std::acos(std::clamp(glm::dot(a, b), -1.0, 1.0));
}

std::uint32_t copy_vertex(Surface& s, std::uint32_t i) {
  s.positions.push_back(s.positions[i]);
  s.normals.push_back(s.normals[i]);
  s.tangents.push_back(s.tangents[i]);
  s.uvs.push_back(s.uvs[i]);
  s.colors.push_back(s.colors[i]);
  return static_cast<std::uint32_t>(s.positions.size() - 1);
}

/// A unit vector across `normal`.
glm::dvec3 any_tangent(const glm::dvec3& normal) {
  const glm::dvec3 axis = std::abs(normal.x) < 0.7 ? glm::dvec3(1, 0, 0) : glm::dvec3(0, 1, 0);
  return glm::normalize(axis - normal * glm::dot(normal, axis));
}

// Orientation ------------------------------------------------------------------------------------

/// Which vertices of all surfaces lie at the same place: one number each, surface after surface.
std::vector<std::uint32_t> welded_positions(const std::vector<Surface>& surfaces) {
  std::vector<glm::vec3> all;
  for (const Surface& s : surfaces) {
    for (const glm::vec3& p : s.positions) all.push_back(p + 0.0F);  // -0 becomes 0
  }
  std::vector<std::uint32_t> place(all.size());
  if (!all.empty()) {
    meshopt_generateVertexRemap(place.data(), nullptr, all.size(), all.data(), all.size(),
                                sizeof(glm::vec3));
  }
  return place;
}

/// Shells of triangles that hang together, by union-find over places.
struct Shells {
  std::vector<std::uint32_t> parent;
  std::unordered_map<std::uint32_t, double> volume;  ///< six times, by root
  std::unordered_map<std::uint32_t, bool> open;      ///< by root

  explicit Shells(std::size_t places) : parent(places) {
    std::iota(parent.begin(), parent.end(), 0U);
  }
  std::uint32_t root(std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent[root(a)] = root(b); }
};

Shells shells_of(const std::vector<Surface>& surfaces, const std::vector<std::uint32_t>& place) {
  Shells shells(place.size());
  std::unordered_map<std::uint64_t, std::uint32_t> edges;
  const auto for_each_triangle = [&](const auto& visit) {
    std::size_t first = 0;
    for (const Surface& s : surfaces) {
      for (std::size_t k = 0; k < s.indices.size(); k += 3) {
        visit(s, &s.indices[k], &place[first]);
      }
      first += s.positions.size();
    }
  };
  for_each_triangle([&](const Surface&, const std::uint32_t* i, const std::uint32_t* at) {
    for (int k = 0; k < 3; ++k) {
      const std::uint32_t a = at[i[k]];
      const std::uint32_t b = at[i[(k + 1) % 3]];
      shells.join(a, b);
      ++edges[(std::uint64_t{a} << 32) | b];
    }
  });
  for (const auto& [edge, count] : edges) {
    const auto back = edges.find((edge << 32) | (edge >> 32));
    if (count != 1 || back == edges.end() || back->second != 1) {
      shells.open[shells.root(static_cast<std::uint32_t>(edge))] = true;
    }
  }
  for_each_triangle([&](const Surface& s, const std::uint32_t* i, const std::uint32_t* at) {
    const glm::dvec3 origin(surfaces.front().positions.front());
    shells.volume[shells.root(at[i[0]])] += glm::dot(
        glm::dvec3(s.positions[i[0]]) - origin,
        glm::cross(glm::dvec3(s.positions[i[1]]) - origin, glm::dvec3(s.positions[i[2]]) - origin));
  });
  return shells;
}

}  // namespace

void repair(Surface& surface, ImportReport& report) {
  drop_triangles(surface, report);
  repair_normals(surface, report);
  for (glm::vec2& uv : surface.uvs) {
    if (!std::isfinite(uv.x) || !std::isfinite(uv.y)) uv = glm::vec2(0.0F);
  }
  for (glm::vec4& color : surface.colors) {
    for (int k = 0; k < 4; ++k) color[k] = std::isfinite(color[k]) ? color[k] : 1.0F;
  }
}

void add_tangents(Surface& s) {
  const std::size_t count = s.positions.size();
  std::vector<std::uint32_t> twin(count, 0);  // of the other handedness, 0: none yet
  std::vector<glm::dvec3> sums(count, glm::dvec3(0.0));
  std::vector<double> signs(count, 0.0);
  for (std::size_t t = 0; t < s.indices.size(); t += 3) {
    std::uint32_t* i = &s.indices[t];
    const Frame frame = frame_of(s, i);
    if (frame.tangent == glm::dvec3(0.0)) continue;
    for (int k = 0; k < 3; ++k) {
      if (s.tangents[i[k]].w != 0) continue;
      const glm::dvec3 n(s.normals[i[k]]);
      const double sign = glm::dot(glm::cross(n, frame.tangent), frame.bitangent) < 0 ? -1 : 1;
      const double angle = corner_angle(s, i, k);
      if (signs[i[k]] == -sign) {
        if (twin[i[k]] == 0) {
          twin[i[k]] = copy_vertex(s, i[k]);
          sums.emplace_back(0.0);
          signs.push_back(sign);
          twin.push_back(0);
        }
        i[k] = twin[i[k]];
      }
      signs[i[k]] = sign;
      sums[i[k]] += angle * (frame.tangent - n * glm::dot(n, frame.tangent));
    }
  }
  for (std::size_t i = 0; i < s.positions.size(); ++i) {
    if (s.tangents[i].w != 0) continue;
    const glm::dvec3 n(s.normals[i]);
    const glm::dvec3 tangent =
        glm::length(sums[i]) > 1e-12 ? glm::normalize(sums[i]) : any_tangent(n);
    s.tangents[i] = glm::vec4(glm::vec3(tangent), signs[i] < 0 ? -1.0F : 1.0F);
  }
}

void orient(std::vector<Surface>& surfaces, std::vector<Material>& materials) {
  const std::vector<std::uint32_t> place = welded_positions(surfaces);
  Shells shells = shells_of(surfaces, place);
  std::size_t first = 0;
  for (std::size_t m = 0; m < surfaces.size(); ++m) {
    Surface& s = surfaces[m];
    materials[m].double_sided = 0;
    double agreement = 0;
    for (std::size_t k = 0; k < s.indices.size(); k += 3) {
      const std::uint32_t shell = shells.root(place[first + s.indices[k]]);
      if (shells.open[shell]) {
        materials[m].double_sided = 1;
        continue;
      }
      if (shells.volume[shell] < 0) std::swap(s.indices[k + 1], s.indices[k + 2]);
      const glm::dvec3 area = area_vector(s, k / 3);
      for (std::size_t j = k; j < k + 3; ++j) {
        agreement += glm::dot(area, glm::dvec3(s.normals[s.indices[j]]));
      }
    }
    if (agreement < 0) {
      for (glm::vec3& n : s.normals) n = -n;
    }
    first += s.positions.size();
  }
}

void add_parts(Model& model, const std::vector<Surface>& surfaces) {
  model.lods.assign(1, {});
  for (std::size_t m = 0; m < surfaces.size(); ++m) {
    const Surface& s = surfaces[m];
    const auto base = static_cast<std::uint32_t>(model.vertices.size());
    for (std::size_t i = 0; i < s.positions.size(); ++i) {
      const glm::vec4 color = glm::clamp(s.colors[i], 0.0F, 1.0F) * 255.0F + 0.5F;
      const Rgba8 bytes(color);
      model.vertices.push_back({s.positions[i], packed_normal(s.normals[i]),
                                packed_tangent(glm::vec3(s.tangents[i]), s.tangents[i].w), s.uvs[i],
                                static_cast<std::uint32_t>(bytes.r) |
                                    static_cast<std::uint32_t>(bytes.g) << 8 |
                                    static_cast<std::uint32_t>(bytes.b) << 16 |
                                    static_cast<std::uint32_t>(bytes.a) << 24});
    }
    model.part_materials.push_back(static_cast<std::uint32_t>(m));
    model.lods[0].parts.push_back({static_cast<std::uint32_t>(model.indices.size()),
                                   static_cast<std::uint32_t>(s.indices.size())});
    for (const std::uint32_t i : s.indices) model.indices.push_back(base + i);
  }
}

}  // namespace orrery
