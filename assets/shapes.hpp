#pragma once

#include <cstdint>
#include <functional>
#include <glm/glm.hpp>
#include <vector>

namespace orrery::assets {

/// Triangles with normals and texture positions; metres, z up, front faces counter-clockwise.
struct Mesh {
  std::vector<glm::vec3> positions;
  std::vector<glm::vec3> normals;
  std::vector<glm::vec2> uvs;  ///< (0,0) is the texture's top left
  std::vector<std::uint32_t> indices;

  void add(const Mesh& other);
  /// `m` must be a rotation, a uniform scale and a translation.
  Mesh moved(const glm::dmat4& m) const;
};

/// The surface f over the grid {0, …, columns} × {0, …, rows}, with normals from its derivatives:
/// they point to ∂f/∂i × ∂f/∂j. Both functions are also asked slightly outside the grid.
using Surface = std::function<glm::dvec3(double i, double j)>;
using Unwrap = std::function<glm::dvec2(double i, double j)>;
Mesh patch(int columns, int rows, const Surface& f, const Unwrap& uv);

/// A corner of a profile: where, and the radius that rounds it.
struct Corner {
  glm::dvec2 at;
  double rounding = 0;
};

/// The polyline through `corners` with an arc of `steps` segments at each rounded one.
std::vector<glm::dvec2> rounded(const std::vector<Corner>& corners, int steps);

/// A profile of (radius, height) turned about the z axis. Its outside is on the right of the way
/// the profile goes: from the bottom's centre outwards and up. u runs once round, v along the
/// profile's length.
Mesh lathe(const std::vector<glm::dvec2>& profile, int segments);

/// A tube with elliptic sections: `radii` at each point of the path, first along `side`.
Mesh tube(const std::vector<glm::dvec3>& path, const std::vector<glm::dvec2>& radii,
          const glm::dvec3& side, int segments);

/// A box about the origin with rounded edges; each face is unwrapped at `texels` per metre.
Mesh rounded_box(const glm::dvec3& half, double radius, double uv_per_metre);

}  // namespace orrery::assets
