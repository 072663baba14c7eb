#pragma once

#include <vector>

#include "renderer/gpu/buffer.hpp"
#include "scenes/scene.hpp"
#include "shaders/shared/types.h"

namespace orrery {

/// Where one part at one level of detail lies in the resident buffers.
struct ResidentPart {
  std::uint32_t first_triangle = 0;
  std::uint32_t triangles = 0;
  std::uint32_t material = 0;  ///< into Resident::materials
};

/// What the renderer keeps of a Model once its bytes are on the device.
struct ResidentModel {
  std::uint32_t first_vertex = 0;
  std::uint32_t first_material = 0;  ///< into Resident::materials
  Box3 bounds;
  bool white = false;                           ///< all vertex colours are white
  std::vector<float> lod_errors;                ///< metres
  std::vector<std::vector<ResidentPart>> lods;  ///< parts of each level of detail
};

/// All assets on the device, in a few long buffers.
struct Resident {
  /// `native`: the host shades, and keeps all texels; the device has no more of them than it needs
  /// to know which surfaces are there.
  Resident(const gpu::Device& device, const Assets& assets, bool native);

  gpu::Buffer vertices;
  gpu::Buffer triangles;
  gpu::Buffer texels;                      ///< all, or those that come first
  std::vector<std::uint32_t> host_texels;  ///< all, where the host shades
  gpu::Buffer sky_quads;
  std::vector<ResidentModel> models;  ///< Assets::models, then the ground disc and the ground plane
  std::vector<shader::GpuMaterial> materials;
  std::vector<std::array<glm::vec3, 9>> sky_irradiance;
  std::vector<shader::TextureRef> photos;
  std::vector<glm::uvec2> photo_sizes;  ///< of the source, for its aspect
  std::vector<shader::TextureRef> pictures;
  std::vector<shader::TextureRef> wear_masks;
  bool detail_maps = false;  ///< some material has a normal, ORM or emissive texture

  std::size_t disc() const { return models.size() - 2; }
  std::size_t plane() const { return models.size() - 1; }
  static constexpr std::uint32_t kSkyQuads =
      shader::kSkySide * shader::kSkySide +
      Sky::kSpecularLevels * shader::kSpecularSide * shader::kSpecularSide;
};

}  // namespace orrery
