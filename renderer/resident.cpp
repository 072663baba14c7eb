#include "renderer/resident.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <glm/gtc/constants.hpp>
#include <glm/gtc/packing.hpp>
#include <map>
#include <set>
#include <string>

namespace orrery {
namespace {

using shader::GpuMaterial;
using shader::TextureRef;

/// A unit disc or square at z = 0 that faces up: a fan around its centre, so that every triangle
/// begins with a corner whose coordinates stay exact however large the thing is scaled.
Model flat_model(std::uint32_t corners) {
  Model model;
  const std::uint32_t up = packed_normal({0, 0, 1});
  const std::uint32_t along = packed_tangent({1, 0, 0}, 1);
  model.vertices.push_back({glm::vec3(0), up, along, glm::vec2(0), 0xFFFFFFFFU});
  for (std::uint32_t i = 0; i < corners; ++i) {
    const float angle =
        glm::two_pi<float>() * (static_cast<float>(i) + 0.5F) / static_cast<float>(corners);
    const glm::vec3 p(std::cos(angle), std::sin(angle), 0);
    model.vertices.push_back({p, up, along, glm::vec2(p), 0xFFFFFFFFU});
  }
  for (std::uint32_t i = 0; i < corners; ++i) {
    model.indices.insert(model.indices.end(), {0, 1 + i, 1 + (i + 1) % corners});
  }
  Material material;
  material.double_sided = 1;
  model.materials = {material};
  model.part_materials = {0};
  model.lods = {{0, {{0, static_cast<std::uint32_t>(model.indices.size())}}}};
  model.bounds = {{-1, -1, 0}, {1, 1, 0}};
  return model;
}

std::size_t chain_length(const Texture& texture) {
  std::size_t texels = 0;
  for (std::uint32_t k = 0; k < texture.levels; ++k) {
    texels += std::size_t{std::max(1U, texture.width >> k)} * std::max(1U, texture.height >> k);
  }
  return texels;
}

/// Everything that is appended model by model before one upload.
struct Arena {
  std::vector<Vertex> vertices;
  std::vector<std::uint32_t> indices;
  std::vector<std::uint32_t> texels;
  std::map<std::pair<const Model*, std::int32_t>, TextureRef> placed;

  TextureRef place(const Texture& texture, std::span<const Rgba8> of) {
    const std::size_t first = texels.size();
    const auto chain = of.subspan(texture.first_texel, chain_length(texture));
    // Native code gathers by signed indices.
    if (first + chain.size() > INT32_MAX) {
      throw Error("textures: more than 2^31 texels in one run, wanted fewer or smaller ones");
    }
    texels.resize(first + chain.size());
    std::memcpy(texels.data() + first, chain.data(), chain.size_bytes());
    const auto log2 = [](std::uint32_t side) {
      return static_cast<std::uint32_t>(std::bit_width(side) - 1);
    };
    return {static_cast<std::uint32_t>(first),
            log2(texture.width) | log2(texture.height) << 5 | texture.levels << 10 |
                static_cast<std::uint32_t>(texture.wrap_u) << 15 |
                static_cast<std::uint32_t>(texture.wrap_v) << 17};
  }
  /// Once, however many materials have it; index -1 is no texture.
  TextureRef place(const Model& model, std::int32_t index) {
    if (index < 0) return {};
    const auto [at, fresh] = placed.try_emplace({&model, index});
    if (fresh) at->second = place(model.textures[static_cast<std::size_t>(index)], model.texels);
    return at->second;
  }
};

GpuMaterial gpu_material(const Material& m, const Model& model, Arena& arena) {
  const TextureRef base = arena.place(model, m.base_color_texture);
  const TextureRef normal = arena.place(model, m.normal_texture);
  const TextureRef orm = arena.place(model, m.orm_texture);
  const TextureRef emissive = arena.place(model, m.emissive_texture);
  return {.base_color = m.base_color,
          .emissive_metallic = {m.emissive, m.metallic},
          .surface = {m.roughness, m.normal_scale, m.occlusion_strength, m.alpha_cutoff},
          .base = {static_cast<std::uint32_t>(m.alpha_mode), m.double_sided, base.first_texel,
                   base.packed},
          .detail = {normal.first_texel, normal.packed, orm.first_texel, orm.packed},
          .emission = {emissive.first_texel, emissive.packed, 0, 0}};
}

ResidentModel append(const Model& model, Arena& arena, std::vector<GpuMaterial>& materials) {
  ResidentModel resident;
  resident.first_vertex = static_cast<std::uint32_t>(arena.vertices.size());
  resident.bounds = model.bounds;
  resident.white = std::all_of(model.vertices.begin(), model.vertices.end(),
                               [](const Vertex& v) { return v.color == 0xFFFFFFFFU; });
  const auto first_triangle = static_cast<std::uint32_t>(arena.indices.size() / 3);
  const auto first_material = static_cast<std::uint32_t>(materials.size());
  resident.first_material = first_material;
  for (const Material& material : model.materials) {
    materials.push_back(gpu_material(material, model, arena));
  }
  for (const Lod& lod : model.lods) {
    resident.lod_errors.push_back(lod.error);
    std::vector<ResidentPart>& parts = resident.lods.emplace_back();
    for (std::size_t i = 0; i < lod.parts.size(); ++i) {
      if (lod.parts[i].count == 0) continue;
      parts.push_back({first_triangle + lod.parts[i].first / 3, lod.parts[i].count / 3,
                       first_material + model.part_materials[i]});
    }
  }
  arena.vertices.insert(arena.vertices.end(), model.vertices.begin(), model.vertices.end());
  arena.indices.insert(arena.indices.end(), model.indices.begin(), model.indices.end());
  return resident;
}

glm::vec3 equirectangular(const Image<glm::vec3>& image, const glm::vec3& d) {
  const float u = 0.5F + std::atan2(d.y, d.x) / glm::two_pi<float>();
  const float v = std::acos(std::clamp(d.z, -1.0F, 1.0F)) / glm::pi<float>();
  const float x = u * static_cast<float>(image.width) - 0.5F;
  const float y = std::clamp(v * static_cast<float>(image.height) - 0.5F, 0.0F,
                             static_cast<float>(image.height - 1));
  const int x0 = static_cast<int>(std::floor(x));
  const int y0 = static_cast<int>(y);
  const float fx = x - static_cast<float>(x0);
  const float fy = y - static_cast<float>(y0);
  const auto at = [&](int i, int j) {
    return image.at((i % image.width + image.width) % image.width, std::min(j, image.height - 1));
  };
  return glm::mix(glm::mix(at(x0, y0), at(x0 + 1, y0), fx),
                  glm::mix(at(x0, y0 + 1), at(x0 + 1, y0 + 1), fx), fy);
}

/// Resampled to the octahedral square, whose edge texels lie on the square's edge; each element
/// holds a texel with its right, lower and diagonal neighbours.
void append_octahedral(const Image<glm::vec3>& image, std::uint32_t side,
                       std::vector<glm::uvec4>& quads) {
  std::vector<std::uint32_t> texels;
  for (std::uint32_t j = 0; j < side; ++j) {
    for (std::uint32_t i = 0; i < side; ++i) {
      const glm::vec2 p = glm::vec2(i, j) / static_cast<float>(side - 1) * 2.0F - 1.0F;
      glm::vec3 n(p, 1.0F - std::abs(p.x) - std::abs(p.y));
      const float fold = std::max(-n.z, 0.0F);
      n.x += n.x >= 0 ? -fold : fold;
      n.y += n.y >= 0 ? -fold : fold;
      const glm::vec3 radiance = equirectangular(image, glm::normalize(n));
      texels.push_back(glm::packF3x9_E1x5(glm::clamp(radiance, 0.0F, 60000.0F)));
    }
  }
  for (std::uint32_t j = 0; j < side; ++j) {
    for (std::uint32_t i = 0; i < side; ++i) {
      const std::uint32_t here = j * side + i;
      const std::uint32_t right = i + 1 < side ? 1 : 0;
      const std::uint32_t below = j + 1 < side ? side : 0;
      quads.emplace_back(texels[here], texels[here + right], texels[here + below],
                         texels[here + right + below]);
    }
  }
}

/// A photo as a mip chain of colour texels with sides that are powers of two.
TextureRef append_photo(const Image<Rgba8>& photo, Arena& arena) {
  const auto side = [](int pixels) {
    return std::min(2048U, std::bit_floor(static_cast<std::uint32_t>(pixels)));
  };
  Image<glm::vec3> level(static_cast<int>(side(photo.width)), static_cast<int>(side(photo.height)));
  const auto linear = [](std::uint8_t s) {
    const float x = static_cast<float>(s) / 255.0F;
    return x <= 0.04045F ? x / 12.92F : std::pow((x + 0.055F) / 1.055F, 2.4F);
  };
  std::array<float, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = linear(static_cast<std::uint8_t>(i));
  for (int y = 0; y < level.height; ++y) {
    for (int x = 0; x < level.width; ++x) {  // box filter: each target texel averages its area
      const int x0 = x * photo.width / level.width;
      const int x1 = std::max(x0 + 1, (x + 1) * photo.width / level.width);
      const int y0 = y * photo.height / level.height;
      const int y1 = std::max(y0 + 1, (y + 1) * photo.height / level.height);
      glm::vec3 sum(0);
      for (int j = y0; j < y1; ++j) {
        for (int i = x0; i < x1; ++i) {
          const Rgba8& p = photo.at(i, j);
          sum += glm::vec3(table[p.r], table[p.g], table[p.b]);
        }
      }
      level.at(x, y) = sum / static_cast<float>((x1 - x0) * (y1 - y0));
    }
  }
  const Texture texture{static_cast<std::uint32_t>(level.width),
                        static_cast<std::uint32_t>(level.height),
                        static_cast<std::uint32_t>(std::bit_width(
                            static_cast<std::uint32_t>(std::max(level.width, level.height)))),
                        Wrap::mirror,
                        Wrap::mirror,
                        0};
  std::vector<Rgba8> texels;
  for (std::uint32_t k = 0; k < texture.levels; ++k) {
    for (const glm::vec3& p : level.pixels) {
      texels.emplace_back(glm::u8vec3(glm::round(255.0F * glm::sqrt(p))), 255);
    }
    Image<glm::vec3> half(std::max(1, level.width / 2), std::max(1, level.height / 2));
    for (int y = 0; y < half.height; ++y) {
      for (int x = 0; x < half.width; ++x) {
        const int x1 = std::min(2 * x + 1, level.width - 1);
        const int y1 = std::min(2 * y + 1, level.height - 1);
        half.at(x, y) = 0.25F * (level.at(2 * x, 2 * y) + level.at(x1, 2 * y) +
                                 level.at(2 * x, y1) + level.at(x1, y1));
      }
    }
    level = std::move(half);
  }
  return arena.place(texture, texels);
}

/// `what` names the values, `advice` how to have fewer.
template <class T>
gpu::Buffer uploaded(const gpu::Device& device, std::span<const T> values, const std::string& what,
                     const std::string& advice) {
  const std::uint64_t bytes = values.size_bytes();
  if (bytes > device.max_storage_bytes()) {
    throw Error(what + ": all models of the run have " + std::to_string(bytes >> 20) +
                " MiB, wanted at most the " + std::to_string(device.max_storage_bytes() >> 20) +
                " MiB that " + device.info().name + " can bind (" + advice + ")");
  }
  return gpu::buffer_from_bytes(device, std::as_bytes(values));
}

/// What decides whether a surface is there comes first: the device reads it even where native code
/// shades.
void place_cutouts(Arena& arena, const Assets& assets) {
  std::set<std::string> known;
  for (const Model& model : assets.models) {
    if (!model.sha256.empty() && !known.insert(model.sha256).second) continue;
    for (const Material& material : model.materials) {
      if (material.alpha_mode != AlphaMode::opaque) arena.place(model, material.base_color_texture);
    }
  }
}

}  // namespace

Resident::Resident(const gpu::Device& device, const Assets& assets, bool native) {
  Arena arena;
  place_cutouts(arena, assets);
  const std::size_t cutouts = arena.texels.size();
  std::map<std::string, std::size_t> known;  // one model may stand in several sets
  for (const Model& model : assets.models) {
    const auto [at, fresh] = known.try_emplace(model.sha256, models.size());
    const bool again = !fresh && !model.sha256.empty();
    models.push_back(again ? models[at->second] : append(model, arena, materials));
  }
  models.push_back(append(flat_model(192), arena, materials));
  models.push_back(append(flat_model(4), arena, materials));
  for (const Image<Rgba8>& photo : assets.photos) {
    photos.push_back(append_photo(photo, arena));
    photo_sizes.emplace_back(photo.width, photo.height);
  }
  for (const PictureTexture& p : assets.pictures)
    pictures.push_back(arena.place(p.texture, p.texels));
  for (const PictureTexture& p : assets.wear_masks)
    wear_masks.push_back(arena.place(p.texture, p.texels));
  std::vector<glm::uvec4> sky;
  for (const Sky& s : assets.skies) {
    append_octahedral(s.radiance, shader::kSkySide, sky);
    for (const Image<glm::vec3>& level : s.specular) {
      append_octahedral(level, shader::kSpecularSide, sky);
    }
    sky_irradiance.push_back(s.irradiance);
  }
  for (const GpuMaterial& m : materials) {
    detail_maps |= m.detail.y != 0 || m.detail.w != 0 || m.emission.y != 0;
  }
  vertices = uploaded<Vertex>(device, arena.vertices, "vertices", "fewer models a run");
  triangles = uploaded<std::uint32_t>(device, arena.indices, "triangles", "fewer models a run");
  const auto bound =
      std::span<const std::uint32_t>(arena.texels).first(native ? cutouts : arena.texels.size());
  texels = uploaded(device, bound, "textures", "--max-texture, or fewer a run");
  if (native) host_texels = std::move(arena.texels);
  sky_quads = uploaded<glm::uvec4>(device, sky, "skies", "fewer skies a run");
}

}  // namespace orrery
