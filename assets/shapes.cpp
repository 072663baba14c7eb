#include "assets/shapes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>

namespace orrery::assets {
namespace {

constexpr double kTurn = glm::two_pi<double>();

/// Between the points of a polyline; beyond its ends it stops.
template <class T>
T along(const std::vector<T>& points, double at) {
  const double last = static_cast<double>(points.size() - 1);
  const double t = std::clamp(at, 0.0, last);
  const std::size_t k = std::min(static_cast<std::size_t>(t), points.size() - 2);
  return glm::mix(points[k], points[k + 1], t - static_cast<double>(k));
}

glm::dvec3 normal_of(const Surface& f, double i, double j) {
  constexpr double kStep = 1e-3;
  const glm::dvec3 di = f(i + kStep, j) - f(i - kStep, j);
  const glm::dvec3 dj = f(i, j + kStep) - f(i, j - kStep);
  return glm::cross(di, dj);
}

}  // namespace

void Mesh::add(const Mesh& other) {
  const std::uint32_t base = static_cast<std::uint32_t>(positions.size());
  positions.insert(positions.end(), other.positions.begin(), other.positions.end());
  normals.insert(normals.end(), other.normals.begin(), other.normals.end());
  uvs.insert(uvs.end(), other.uvs.begin(), other.uvs.end());
  for (const std::uint32_t index : other.indices) indices.push_back(base + index);
}

Mesh Mesh::moved(const glm::dmat4& m) const {
  Mesh out = *this;
  for (glm::vec3& p : out.positions) p = glm::vec3(m * glm::dvec4(glm::dvec3(p), 1));
  for (glm::vec3& n : out.normals) {
    n = glm::vec3(glm::normalize(glm::dmat3(m) * glm::dvec3(n)));
  }
  return out;
}

Mesh patch(int columns, int rows, const Surface& f, const Unwrap& uv) {
  Mesh mesh;
  for (int j = 0; j <= rows; ++j) {
    for (int i = 0; i <= columns; ++i) {
      glm::dvec3 normal = normal_of(f, i, j);
      if (glm::length(normal) < 1e-12) {  // a pole: its neighbourhood knows
        normal = normal_of(f, i, j + (j == 0 ? 0.02 : -0.02));
      }
      mesh.positions.emplace_back(f(i, j));
      mesh.normals.emplace_back(glm::normalize(normal));
      mesh.uvs.emplace_back(uv(i, j));
    }
  }
  const auto at = [&](int i, int j) { return static_cast<std::uint32_t>(j * (columns + 1) + i); };
  const auto triangle = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const glm::vec3& p = mesh.positions[a];
    if (glm::length(glm::cross(mesh.positions[b] - p, mesh.positions[c] - p)) < 1e-12F) return;
    mesh.indices.insert(mesh.indices.end(), {a, b, c});
  };
  for (int j = 0; j < rows; ++j) {
    for (int i = 0; i < columns; ++i) {
      triangle(at(i, j), at(i + 1, j), at(i + 1, j + 1));
      triangle(at(i, j), at(i + 1, j + 1), at(i, j + 1));
    }
  }
  return mesh;
}

std::vector<glm::dvec2> rounded(const std::vector<Corner>& corners, int steps) {
  std::vector<glm::dvec2> line{corners.front().at};
  for (std::size_t k = 1; k + 1 < corners.size(); ++k) {
    const glm::dvec2 p = corners[k].at;
    const glm::dvec2 back = glm::normalize(corners[k - 1].at - p);
    const glm::dvec2 forth = glm::normalize(corners[k + 1].at - p);
    const double half = 0.5 * std::acos(std::clamp(glm::dot(back, forth), -1.0, 1.0));
    if (corners[k].rounding <= 0 || half > 1.55) {
      line.push_back(p);
      continue;
    }
    const double tangent = corners[k].rounding / std::tan(half);
    const glm::dvec2 centre =
        p + glm::normalize(back + forth) * (corners[k].rounding / std::sin(half));
    const glm::dvec2 from = p + back * tangent - centre;
    const glm::dvec2 to = p + forth * tangent - centre;
    const double turn = std::atan2(from.x * to.y - from.y * to.x, glm::dot(from, to));
    for (int s = 0; s <= steps; ++s) {
      const double a = turn * s / steps;
      line.push_back(centre + glm::dvec2(from.x * std::cos(a) - from.y * std::sin(a),
                                         from.x * std::sin(a) + from.y * std::cos(a)));
    }
  }
  line.push_back(corners.back().at);
  return line;
}

Mesh lathe(const std::vector<glm::dvec2>& profile, int segments) {
  std::vector<double> length{0};
  for (std::size_t k = 1; k < profile.size(); ++k) {
    length.push_back(length.back() + glm::distance(profile[k - 1], profile[k]));
  }
  const auto f = [&](double i, double j) {
    const glm::dvec2 p = along(profile, j);
    const double a = kTurn * i / segments;
    return glm::dvec3(p.x * std::cos(a), p.x * std::sin(a), p.y);
  };
  const auto uv = [&](double i, double j) {
    return glm::dvec2(i / segments, along(length, j) / length.back());
  };
  return patch(segments, static_cast<int>(profile.size()) - 1, f, uv);
}

Mesh tube(const std::vector<glm::dvec3>& path, const std::vector<glm::dvec2>& radii,
          const glm::dvec3& side, int segments) {
  const double last = static_cast<double>(path.size() - 1);
  const auto f = [&](double i, double j) {
    const glm::dvec3 ahead = glm::normalize(along(path, j + 0.5) - along(path, j - 0.5));
    const glm::dvec3 up = glm::normalize(glm::cross(ahead, side));
    const glm::dvec3 right = glm::cross(up, ahead);
    const double a = kTurn * i / segments;
    const glm::dvec2 r = along(radii, j);
    return along(path, j) + right * (r.x * std::cos(a)) + up * (r.y * std::sin(a));
  };
  return patch(segments, static_cast<int>(path.size()) - 1, f,
               [&](double i, double j) { return glm::dvec2(i / segments, j / last); });
}

Mesh rounded_box(const glm::dvec3& half, double radius, double uv_per_metre) {
  constexpr int kSteps = 3;  // per quarter of an edge's half turn
  Mesh mesh;
  for (int face = 0; face < 6; ++face) {
    const int axis = face / 2;
    const double sign = face % 2 == 0 ? 1 : -1;
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    // Grid lines gather where the edge bends.
    const auto line = [&](double t, double extent) {
      const double low = std::min(t, double{kSteps}) / kSteps - 1;
      const double high = std::max(t - kSteps - 1, 0.0) / kSteps;
      const double flat = std::clamp(t - kSteps, 0.0, 1.0) * 2 - 1;
      return flat * (extent - radius) + radius * std::tan((low + high) * glm::quarter_pi<double>());
    };
    const auto on_box = [&](double i, double j) {
      glm::dvec3 p;
      p[axis] = sign * half[axis];
      p[a] = line(i, half[a]) * sign;
      p[b] = line(j, half[b]);
      return p;
    };
    const auto f = [&](double i, double j) {
      const glm::dvec3 p = on_box(i, j);
      const glm::dvec3 inner = glm::clamp(p, radius - half, half - radius);
      return inner + radius * glm::normalize(p - inner);
    };
    const auto uv = [&](double i, double j) {
      const glm::dvec3 p = on_box(i, j) * uv_per_metre;
      return glm::dvec2(p[b] + 0.37 * face, p[a] + 0.21 * face);
    };
    mesh.add(patch(2 * kSteps + 1, 2 * kSteps + 1, f, uv));
  }
  return mesh;
}

}  // namespace orrery::assets
