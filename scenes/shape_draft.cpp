#include "scenes/shape_draft.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <glm/gtc/color_space.hpp>
#include <glm/gtc/constants.hpp>
#include <utility>

#include "scenes/texture.hpp"

namespace orrery {
namespace {

const double kHardEdge = std::cos(glm::radians(35.0));
constexpr int kCapRings = 5;

/// A circle of the tube; the normals lean along the path by `lean` at ends.
struct Ring {
  glm::dvec3 center, right, up, along;
  double radius = 0;
  double lean = 0;  ///< sine of the normal's angle out of the circle's plane, along the path
};

/// A triangle, unless two of its corners are one place.
void add_as_given(Surface& surface, const std::array<std::uint32_t, 3>& corners) {
  const auto same = [&](std::size_t a, std::size_t b) {
    return surface.positions[corners[a]] == surface.positions[corners[b]];
  };
  if (same(0, 1) || same(1, 2) || same(2, 0)) return;
  surface.indices.insert(surface.indices.end(), corners.begin(), corners.end());
}

void add_rings(Surface& surface, const std::vector<Ring>& rings, std::uint32_t segments) {
  const std::uint32_t first = vertices_of(surface);
  for (std::size_t row = 0; row < rings.size(); ++row) {
    const Ring& ring = rings[row];
    const double flat = std::sqrt(std::max(1 - ring.lean * ring.lean, 0.0));
    for (std::uint32_t i = 0; i <= segments; ++i) {
      const double angle = glm::two_pi<double>() * (i % segments) / segments;
      const glm::dvec3 way = std::cos(angle) * ring.right + std::sin(angle) * ring.up;
      add_vertex(surface, ring.center + ring.radius * way, flat * way + ring.lean * ring.along,
                 {static_cast<double>(i) / segments,
                  static_cast<double>(row) / static_cast<double>(rings.size() - 1)});
    }
  }
  for (std::uint32_t row = 0; row + 1 < rings.size(); ++row) {
    for (std::uint32_t i = 0; i < segments; ++i) {
      // Not by the normals: where a tube bends sharply its inner side folds, and must stay closed.
      const std::uint32_t a = first + row * (segments + 1) + i;
      add_as_given(surface, {a, a + 1, a + segments + 2});
      add_as_given(surface, {a, a + segments + 2, a + segments + 1});
    }
  }
}

/// Circles at the points of a path, turned as little as possible from one to the next.
std::vector<Ring> rings_along(std::span<const glm::dvec3> path, std::span<const double> radii,
                              bool closed) {
  const std::size_t n = path.size();
  const auto way = [&](std::size_t i) {
    const glm::dvec3 before = i > 0 ? path[i - 1] : (closed ? path[n - 1] : path[0]);
    const glm::dvec3 after = i + 1 < n ? path[i + 1] : (closed ? path[0] : path[n - 1]);
    return glm::normalize(after - before);
  };
  std::vector<Ring> rings;
  glm::dvec3 right(0);
  for (std::size_t i = 0; i < n; ++i) {
    const glm::dvec3 along = way(i);
    if (i == 0) {
      const glm::dvec3 other = std::abs(along.z) < 0.9 ? glm::dvec3(0, 0, 1) : glm::dvec3(1, 0, 0);
      right = glm::cross(along, other);
    }
    right = glm::normalize(right - glm::dot(right, along) * along);
    rings.push_back({path[i], right, glm::cross(along, right), along, radii[i], 0});
  }
  if (closed) rings.push_back(rings.front());
  return rings;
}

}  // namespace

Surface& ShapeDraft::part(const glm::vec3& color, float roughness, float metallic) {
  Material material;
  material.base_color = glm::vec4(glm::convertSRGBToLinear(color), 1.0F);
  material.roughness = roughness;
  material.metallic = metallic;
  model_.materials.push_back(material);
  return parts_.emplace_back();
}

Surface& ShapeDraft::printed(const Image<Rgba8>& picture, float roughness, Wrap wrap) {
  Surface& surface = part(glm::vec3(1.0F), roughness);
  material().base_color_texture = add_texture(
      model_, picture, {TexelKind::color, wrap, wrap, std::max(picture.width, picture.height)});
  return surface;
}

Model ShapeDraft::finished(const std::string& name, std::uint64_t variant) {
  return finished(name, std::to_string(variant));
}

Model ShapeDraft::finished(const std::string& name, const std::string& parameters) {
  return finished_shape(std::move(model_), name, parameters, {parts_.begin(), parts_.end()});
}

std::uint32_t vertices_of(const Surface& surface) {
  return static_cast<std::uint32_t>(surface.positions.size());
}

void move_from(Surface& surface, std::uint32_t first, const glm::dmat3& turn,
               const glm::dvec3& shift) {
  for (std::size_t i = first; i < surface.positions.size(); ++i) {
    surface.positions[i] = glm::vec3(turn * glm::dvec3(surface.positions[i]) + shift) + 0.0F;
    surface.normals[i] = glm::vec3(turn * glm::dvec3(surface.normals[i]));
  }
}

void lay_uv_from(Surface& surface, std::uint32_t first, double tile) {
  for (std::size_t i = first; i < surface.positions.size(); ++i) {
    const glm::vec3 n = glm::abs(surface.normals[i]);
    const glm::vec3 p = surface.positions[i] / static_cast<float>(tile);
    const bool level = n.z >= n.x && n.z >= n.y;
    surface.uvs[i] = level ? glm::vec2(p.x, -p.y) : glm::vec2(n.x > n.y ? p.y : p.x, -p.z);
  }
}

glm::dmat3 turn_about(int axis, double angle) {
  glm::dmat3 turn(1.0);
  const int a = (axis + 1) % 3;
  const int b = (axis + 2) % 3;
  turn[a][a] = turn[b][b] = std::cos(angle);
  turn[a][b] = std::sin(angle);
  turn[b][a] = -std::sin(angle);
  return turn;
}

std::vector<OutlinePoint> outline_through(std::span<const glm::dvec2> points) {
  std::vector<glm::dvec2> normals;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const glm::dvec2 along = glm::normalize(points[i + 1] - points[i]);
    normals.emplace_back(along.y, -along.x);
  }
  std::vector<OutlinePoint> outline{{points.front(), normals.front()}};
  for (std::size_t i = 1; i + 1 < points.size(); ++i) {
    if (glm::dot(normals[i - 1], normals[i]) > kHardEdge) {
      outline.push_back({points[i], glm::normalize(normals[i - 1] + normals[i])});
    } else {
      outline.push_back({points[i], normals[i - 1]});
      outline.push_back({points[i], normals[i]});
    }
  }
  outline.push_back({points.back(), normals.back()});
  return outline;
}

void add_profile(Surface& surface, const std::vector<glm::dvec2>& points, std::uint32_t segments) {
  add_turned(surface, outline_through(points), segments);
}

void add_tube(Surface& surface, std::span<const glm::dvec3> path, std::span<const double> radii,
              std::uint32_t segments) {
  assert(path.size() >= 2 && path.size() == radii.size());
  const std::vector<Ring> middle = rings_along(path, radii, false);
  std::vector<Ring> rings;
  const auto cap = [&](const Ring& end, double side, int ring) {
    Ring bent = end;
    const double angle = glm::half_pi<double>() * ring / kCapRings;
    bent.radius = ring == kCapRings ? 0 : end.radius * std::cos(angle);
    bent.lean = side * std::sin(angle);
    bent.center += side * end.radius * std::sin(angle) * end.along;
    rings.push_back(bent);
  };
  for (int ring = kCapRings; ring > 0; --ring) cap(middle.front(), -1, ring);
  rings.insert(rings.end(), middle.begin(), middle.end());
  for (int ring = 1; ring <= kCapRings; ++ring) cap(middle.back(), 1, ring);
  add_rings(surface, rings, segments);
}

void add_tube(Surface& surface, std::span<const glm::dvec3> path, double radius,
              std::uint32_t segments) {
  add_tube(surface, path, std::vector<double>(path.size(), radius), segments);
}

void add_ring(Surface& surface, std::span<const glm::dvec3> path, double radius,
              std::uint32_t segments) {
  add_rings(surface, rings_along(path, std::vector<double>(path.size(), radius), true), segments);
}

void add_prism(Surface& top, Surface& rest, std::span<const glm::dvec2> polygon, double low,
               double high) {
  glm::dvec2 least(polygon.front());
  glm::dvec2 most(polygon.front());
  for (const glm::dvec2& p : polygon) {
    least = glm::min(least, p);
    most = glm::max(most, p);
  }
  const auto uv = [&](const glm::dvec2& p) {
    return glm::dvec2((p.x - least.x) / (most.x - least.x), (most.y - p.y) / (most.y - least.y));
  };
  const std::size_t n = polygon.size();
  for (const double side : {1.0, -1.0}) {  // fans from the middle
    Surface& face = side > 0 ? top : rest;
    const double z = side > 0 ? high : low;
    const glm::dvec2 middle = 0.5 * (least + most);
    const std::uint32_t hub = add_vertex(face, {middle, z}, {0, 0, side}, uv(middle));
    for (const glm::dvec2& p : polygon) add_vertex(face, {p, z}, {0, 0, side}, uv(p));
    for (std::uint32_t i = 0; i < n; ++i) {
      add_triangle(face, hub, hub + 1 + i, hub + 1 + (i + 1) % static_cast<std::uint32_t>(n));
    }
  }
  const auto outwards = [&](std::size_t i) {
    const glm::dvec2 along = glm::normalize(polygon[(i + 1) % n] - polygon[i % n]);
    return glm::dvec2(along.y, -along.x);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const glm::dvec2 own = outwards(i);
    const auto normal = [&](const glm::dvec2& other) {
      return glm::dot(own, other) > kHardEdge ? glm::normalize(own + other) : own;
    };
    const glm::dvec2 here = normal(outwards(i + n - 1));
    const glm::dvec2 there = normal(outwards(i + 1));
    const glm::dvec2 next = polygon[(i + 1) % n];
    const std::uint32_t a = add_vertex(rest, {polygon[i], low}, {here, 0}, uv(polygon[i]));
    add_vertex(rest, {next, low}, {there, 0}, uv(next));
    add_vertex(rest, {next, high}, {there, 0}, uv(next));
    add_vertex(rest, {polygon[i], high}, {here, 0}, uv(polygon[i]));
    add_quad(rest, a, a + 1, a + 2, a + 3);
  }
}

std::vector<glm::dvec2> regular_polygon(int corners, double radius, double first_angle) {
  std::vector<glm::dvec2> polygon;
  for (int i = 0; i < corners; ++i) {
    const double angle = first_angle + glm::two_pi<double>() * i / corners;
    polygon.emplace_back(radius * std::cos(angle), radius * std::sin(angle));
  }
  return polygon;
}

std::vector<glm::dvec2> rounded_rectangle(const glm::dvec2& size, double radius, int steps) {
  std::vector<glm::dvec2> polygon;
  for (int quarter = 0; quarter < 4; ++quarter) {
    const glm::dvec2 side(quarter == 0 || quarter == 3 ? 1 : -1, quarter < 2 ? 1 : -1);
    for (int k = 0; k <= steps; ++k) {
      const double angle = glm::half_pi<double>() * (quarter + static_cast<double>(k) / steps);
      polygon.push_back(side * (0.5 * size - radius) +
                        radius * glm::dvec2(std::cos(angle), std::sin(angle)));
    }
  }
  return polygon;
}

}  // namespace orrery
