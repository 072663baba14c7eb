#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <string>
#include <vector>

#include "scenes/image.hpp"
#include "scenes/keypoints.hpp"

namespace orrery {

/// One corner, 32 bytes; the renderer reads it as it is.
struct Vertex {
  glm::vec3 position;     ///< metres, model frame (z up)
  std::uint32_t normal;   ///< unit vector, octahedral, two snorm16
  std::uint32_t tangent;  ///< unit vector, octahedral, snorm16 + snorm15; top bit: bitangent sign
  glm::vec2 uv;           ///< texture transform already applied; (0,0) is the texture's top left
  std::uint32_t color;    ///< linear RGBA8, multiplies the base colour
};
static_assert(sizeof(Vertex) == 32);

/// Octahedral unit vectors. Source: Cigolle et al., A Survey of Efficient Representations for
/// Independent Unit Vectors, JCGT 2014.
std::uint32_t packed_normal(const glm::vec3& unit);
glm::vec3 unpacked_normal(std::uint32_t packed);
/// `sign` is +1 or -1: bitangent = sign * cross(normal, tangent).
std::uint32_t packed_tangent(const glm::vec3& unit, float sign);

enum class AlphaMode : std::uint32_t { opaque, mask, blend };
enum class Wrap : std::uint32_t { repeat, clamp, mirror };

/// A mip chain of RGBA8 texels. Sides are powers of two; level k has sides max(1, side >> k) and
/// follows level k-1 directly, rows from the top. Colour texels hold 255·sqrt(linear): squaring is
/// a cheap and exact decode, and filtering happens on linear light. Data texels hold 255·value.
struct Texture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t levels = 0;
  Wrap wrap_u = Wrap::repeat;
  Wrap wrap_v = Wrap::repeat;
  std::uint64_t first_texel = 0;  ///< into Model::texels
};

/// glTF's metallic-roughness material. Texture indices point into Model::textures; -1 is none.
struct Material {
  glm::vec4 base_color{1.0F};  ///< linear, straight alpha
  glm::vec3 emissive{0.0F};    ///< linear radiance
  float metallic = 0.0F;
  float roughness = 0.7F;
  float normal_scale = 1.0F;
  float occlusion_strength = 1.0F;
  float alpha_cutoff = 0.5F;  ///< mask mode: below this the surface is not there
  AlphaMode alpha_mode = AlphaMode::opaque;
  std::uint32_t double_sided = 0;        ///< 0: back faces are culled
  std::int32_t base_color_texture = -1;  ///< colour and alpha
  std::int32_t normal_texture = -1;      ///< tangent space, y up (glTF)
  std::int32_t orm_texture = -1;         ///< occlusion (r), roughness (g), metallic (b)
  std::int32_t emissive_texture = -1;    ///< colour
};

/// Triangles of one material at one level of detail: a run of Model::indices.
struct IndexRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;  ///< a multiple of 3
};

/// One level of detail: one range per Model::part_materials entry, in that order.
struct Lod {
  float error = 0;  ///< greatest distance to level 0, metres
  std::vector<IndexRange> parts;
};

struct Box3 {
  glm::vec3 low{0.0F};
  glm::vec3 high{0.0F};
};

/// What the import found, for people and for `orrery inspect`.
struct ImportReport {
  std::uint64_t triangles = 0;
  std::uint64_t degenerate_triangles = 0;  ///< dropped: no area
  std::uint32_t nodes = 0;
  std::vector<std::string> material_names;
  std::vector<std::string> textures_found;
  std::vector<std::string> textures_missing;
  std::vector<std::string> warnings;
};

/// One importable thing, ready to render: metres, z up, node transforms applied, front faces
/// counter-clockwise seen from outside.
struct Model {
  std::string name;    ///< file stem
  std::string sha256;  ///< of the source bytes (all files read) and the import settings
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> indices;         ///< all levels of detail
  std::vector<std::uint32_t> part_materials;  ///< material of each part
  std::vector<Lod> lods;                      ///< [0] is the model itself; coarser follow
  std::vector<Material> materials;
  std::vector<Texture> textures;
  std::vector<Rgba8> texels;
  Box3 bounds;
  Keypoints keypoints;
  ImportReport report;
};

}  // namespace orrery
