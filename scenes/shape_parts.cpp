#include "scenes/shape_parts.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <glm/gtc/constants.hpp>
#include <utility>

#include "scenes/cook_pack.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

constexpr int kBend = 4;  ///< grid lines from a face to the middle of a rounded edge

}  // namespace

std::uint32_t add_vertex(Surface& surface, const glm::dvec3& position, const glm::dvec3& normal,
                         const glm::dvec2& uv) {
  // + 0: the two zeros are one place.
  surface.positions.push_back(glm::vec3(position) + 0.0F);
  surface.normals.emplace_back(normal);
  surface.tangents.emplace_back(0.0F);
  surface.uvs.emplace_back(uv);
  surface.colors.emplace_back(1.0F);
  return static_cast<std::uint32_t>(surface.positions.size() - 1);
}

void add_triangle(Surface& surface, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  const glm::dvec3 p(surface.positions[a]);
  const glm::dvec3 e1 = glm::dvec3(surface.positions[b]) - p;
  const glm::dvec3 e2 = glm::dvec3(surface.positions[c]) - p;
  const glm::dvec3 face = glm::cross(e1, e2);
  const double longest = std::max(glm::dot(e1, e1), glm::dot(e2, e2));
  if (!(glm::length(face) > 1e-9 * longest)) return;
  const glm::vec3 normals = surface.normals[a] + surface.normals[b] + surface.normals[c];
  if (glm::dot(face, glm::dvec3(normals)) < 0) std::swap(b, c);
  surface.indices.insert(surface.indices.end(), {a, b, c});
}

void add_quad(Surface& surface, std::uint32_t a, std::uint32_t b, std::uint32_t c,
              std::uint32_t d) {
  add_triangle(surface, a, b, c);
  add_triangle(surface, a, c, d);
}

void add_turned(Surface& surface, const std::vector<OutlinePoint>& outline,
                std::uint32_t segments) {
  double length = 0;
  std::vector<double> so_far{0};
  for (std::size_t k = 1; k < outline.size(); ++k) {
    length += glm::distance(outline[k - 1].at, outline[k].at);
    so_far.push_back(length);
  }
  const auto first = static_cast<std::uint32_t>(surface.positions.size());
  for (std::size_t row = 0; row < outline.size(); ++row) {
    const auto& [at, normal] = outline[row];
    for (std::uint32_t i = 0; i <= segments; ++i) {
      // The seam's two columns must be the same points to the last bit.
      const double angle = glm::two_pi<double>() * (i % segments) / segments;
      const glm::dvec3 radial(std::cos(angle), std::sin(angle), 0);
      add_vertex(surface, at.x * radial + glm::dvec3(0, 0, at.y),
                 normal.x * radial + glm::dvec3(0, 0, normal.y),
                 {static_cast<double>(i) / segments, 1 - so_far[row] / length});
    }
  }
  for (std::uint32_t row = 0; row + 1 < outline.size(); ++row) {
    for (std::uint32_t i = 0; i < segments; ++i) {
      const std::uint32_t a = first + row * (segments + 1) + i;
      add_quad(surface, a, a + 1, a + segments + 2, a + segments + 1);
    }
  }
}

std::vector<double> bent_grid(double half, double radius, int flat) {
  std::vector<double> upper;
  if (radius > 0) {
    for (int k = 1; k < kBend; ++k) {
      upper.push_back(half - radius + radius * std::tan(glm::quarter_pi<double>() * k / kBend));
    }
    upper.push_back(half);
  }
  std::vector<double> lines;
  for (auto it = upper.rbegin(); it != upper.rend(); ++it) lines.push_back(-*it);
  const double inner = half - radius;
  if (inner > 0) {
    for (int k = 0; k <= flat; ++k) lines.push_back(inner * (2.0 * k / flat - 1));
  } else {
    lines.push_back(0);
  }
  lines.insert(lines.end(), upper.begin(), upper.end());
  return lines;
}

OnBox on_rounded_box(const glm::dvec3& sharp, const glm::dvec3& half, double radius, int axis,
                     double sign) {
  glm::dvec3 out(0);
  out[axis] = sign;
  if (radius <= 0) return {sharp, out};
  const glm::dvec3 inner = glm::clamp(sharp, radius - half, half - radius);
  const glm::dvec3 normal = glm::normalize(sharp - inner);
  return {inner + radius * normal, normal};
}

FaceAxes face_axes(int axis, double sign) {
  // The sides stand with z up; top and bottom have the y axis up.
  FaceAxes face{};
  face.out[axis] = sign;
  face.up = axis == 2 ? glm::dvec3(0, 1, 0) : glm::dvec3(0, 0, 1);
  face.right = glm::cross(face.up, face.out);
  return face;
}

void add_rounded_box(Surface& surface, const glm::dvec3& center, const glm::dvec3& size,
                     double radius) {
  const glm::dvec3 half = 0.5 * size;
  assert(radius >= 0 && radius <= std::min({half.x, half.y, half.z}));
  for (int face = 0; face < 6; ++face) {
    const int axis = face / 2;
    const double sign = face % 2 == 0 ? 1 : -1;
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    const FaceAxes axes = face_axes(axis, sign);
    const std::vector<double> across = bent_grid(half[a], radius, 1);
    const std::vector<double> along = bent_grid(half[b], radius, 1);
    const auto first = static_cast<std::uint32_t>(surface.positions.size());
    for (const double y : along) {
      for (const double x : across) {
        glm::dvec3 sharp(0);
        sharp[axis] = sign * half[axis];
        sharp[a] = x;
        sharp[b] = y;
        const OnBox p = on_rounded_box(sharp, half, radius, axis, sign);
        const glm::dvec3 unit = sharp / size;
        add_vertex(surface, center + p.position, p.normal,
                   {0.5 + glm::dot(unit, axes.right), 0.5 - glm::dot(unit, axes.up)});
      }
    }
    const auto columns = static_cast<std::uint32_t>(across.size());
    for (std::uint32_t j = 0; j + 1 < along.size(); ++j) {
      for (std::uint32_t i = 0; i + 1 < columns; ++i) {
        const std::uint32_t k = first + j * columns + i;
        add_quad(surface, k, k + 1, k + columns + 1, k + columns);
      }
    }
  }
}

Model finished_shape(Model model, const std::string& name, const std::string& parameters,
                     std::vector<Surface> parts) {
  assert(model.materials.size() == parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (model.materials[i].normal_texture >= 0) {
      add_tangents(parts[i]);
    } else {  // nobody looks at it: one value lets vertices weld
      parts[i].tangents.assign(parts[i].positions.size(), glm::vec4(1, 0, 0, 1));
    }
    model.report.triangles += parts[i].indices.size() / 3;
  }
  model.name = name;
  Sha256 hash;
  hash.add("orrery shape 1: " + name + " " + parameters);
  model.sha256 = hash.hex();
  add_parts(model, parts);
  cached_cook(model);
  return model;
}

std::string exact_text(std::initializer_list<double> numbers) {
  std::string text;
  for (const double number : numbers) {
    char digits[40];
    std::snprintf(digits, sizeof digits, "%a ", number);
    text += digits;
  }
  return text;
}

}  // namespace orrery
