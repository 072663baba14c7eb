#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <vector>

#include "scenes/model.hpp"

namespace orrery {

/// The triangles of one material while they are imported: unpacked, metres, z up.
/// All attributes have one entry per vertex.
struct Surface {
  std::vector<glm::vec3> positions;
  std::vector<glm::vec3> normals;
  std::vector<glm::vec4> tangents;  ///< w: sign of the bitangent; w = 0: not known
  std::vector<glm::vec2> uvs;       ///< (0,0) is the texture's top left
  std::vector<glm::vec4> colors;    ///< linear
  std::vector<std::uint32_t> indices;
};

/// Drops triangles that have no area or a vertex that is no number, and gives vertices without a
/// usable normal that of their triangles. What it did is added to the report.
void repair(Surface& surface, ImportReport& report);

/// Tangents from uv and normals where none are known, vertices split where the texture is
/// mirrored. Angle-weighted like MikkTSpace. The bitangent points up in the texture.
void add_tangents(Surface& surface);

/// For formats whose winding means nothing: closed, consistently wound shells are turned so that
/// they face outwards, and a material is single-sided where all its shells are of that kind.
/// `materials[i]` is that of `surfaces[i]`.
void orient(std::vector<Surface>& surfaces, std::vector<Material>& materials);

/// Appends each surface to the model as one part of its only level of detail.
void add_parts(Model& model, const std::vector<Surface>& surfaces);

}  // namespace orrery
