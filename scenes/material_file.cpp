#include "scenes/material_file.hpp"

#include <assimp/GltfMaterial.h>
#include <assimp/material.h>
#include <assimp/scene.h>

#include <algorithm>
#include <cmath>

#include "scenes/error.hpp"

namespace orrery {
namespace {

std::optional<float> number(const aiMaterial& m, const char* key, unsigned type, unsigned slot) {
  float value = 0;
  if (m.Get(key, type, slot, value) != aiReturn_SUCCESS || !std::isfinite(value)) return {};
  return value;
}

std::optional<glm::vec4> color(const aiMaterial& m, const char* key, unsigned type, unsigned slot) {
  aiColor4D c;
  if (m.Get(key, type, slot, c) != aiReturn_SUCCESS) return {};
  const glm::vec4 value(c.r, c.g, c.b, c.a);
  for (int k = 0; k < 4; ++k) {
    if (!std::isfinite(value[k])) return {};
  }
  return glm::max(value, 0.0F);
}

Wrap wrap_of(const aiMaterial& m, const char* key, unsigned type, unsigned slot) {
  int mode = aiTextureMapMode_Wrap;
  m.Get(key, type, slot, mode);
  if (mode == aiTextureMapMode_Mirror) return Wrap::mirror;
  return mode == aiTextureMapMode_Wrap ? Wrap::repeat : Wrap::clamp;
}

/// Assimp turns glTF's transform (about the texture's top left, Khronos' KHR_texture_transform)
/// into one about the middle with v upwards; this turns it back.
glm::mat3 uv_transform_of_gltf(const aiUVTransform& t) {
  const float angle = -t.mRotation;
  const float c = std::cos(angle);
  const float s = std::sin(angle);
  const glm::vec2 scale(t.mScaling.x, t.mScaling.y);
  const glm::vec2 offset(t.mTranslation.x - 0.5F * scale.x * (1 - c + s),
                         0.5F * scale.y * (s + c - 1) + 1 - scale.y - t.mTranslation.y);
  return glm::mat3(glm::vec3(c * scale.x, -s * scale.x, 0), glm::vec3(s * scale.y, c * scale.y, 0),
                   glm::vec3(offset, 1));
}

/// Scale, rotate, move with v upwards, then back to v downwards.
glm::mat3 uv_transform_of_others(const aiUVTransform& t) {
  const float c = std::cos(t.mRotation);
  const float s = std::sin(t.mRotation);
  const glm::mat3 flip(glm::vec3(1, 0, 0), glm::vec3(0, -1, 0), glm::vec3(0, 1, 1));
  const glm::mat3 move(glm::vec3(c * t.mScaling.x, s * t.mScaling.x, 0),
                       glm::vec3(-s * t.mScaling.y, c * t.mScaling.y, 0),
                       glm::vec3(t.mTranslation.x, t.mTranslation.y, 1));
  return flip * move * flip;
}

bool is_gltf(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  return extension == ".gltf" || extension == ".glb" || extension == ".GLTF" || extension == ".GLB";
}

/// A map whose texels are all but fully there or fully gone.
bool is_cutout(const Image<Rgba8>& image) {
  const auto between = std::count_if(image.pixels.begin(), image.pixels.end(),
                                     [](const Rgba8& p) { return p.a >= 16 && p.a < 240; });
  return static_cast<std::size_t>(between) * 20 < image.pixels.size();
}

bool has_alpha(const Image<Rgba8>& image) {
  return std::any_of(image.pixels.begin(), image.pixels.end(),
                     [](const Rgba8& p) { return p.a != 255; });
}

bool looks_like_normals(const Image<Rgba8>& image) {
  glm::dvec3 sum(0.0);
  for (const Rgba8& p : image.pixels) sum += glm::dvec3(p);
  const glm::dvec3 mean = sum / static_cast<double>(std::max<std::size_t>(1, image.pixels.size()));
  return mean.b > 160 && mean.b > 1.25 * mean.r && mean.b > 1.25 * mean.g;
}

void copy_channel(Image<Rgba8>& to, int to_channel, const Image<Rgba8>& from, int from_channel) {
  const Image<Rgba8> same_size = resized(from, to.width, to.height);
  for (std::size_t i = 0; i < to.pixels.size(); ++i) {
    to.pixels[i][to_channel] = same_size.pixels[i][from_channel];
  }
}

}  // namespace

MaterialFile::MaterialFile(const aiScene& scene, std::filesystem::path file,
                           const ImportSettings& settings, ModelFile& out)
    : scene_(scene), file_(std::move(file)), settings_(settings), out_(out) {}

SurfaceMaterial MaterialFile::read(const aiMaterial& source) {
  aiString name;
  source.Get(AI_MATKEY_NAME, name);
  material_ = name.C_Str();
  out_.model.report.material_names.push_back(material_);
  SurfaceMaterial out;
  read_factors(source, out.material);
  read_base_color(source, out);
  read_normal(source, out.material);
  read_orm(source, out.material);
  if (const auto map = map_of(source, aiTextureType_EMISSIVE)) {
    out.material.emissive_texture = texture_of(*map, TexelKind::color);
    if (!is_gltf(file_) && out.material.emissive == glm::vec3(0.0F)) {
      out.material.emissive = glm::vec3(1.0F);
    }
    if (out.material.emissive_texture < 0) out.material.emissive = glm::vec3(0.0F);
  }
  for (const int type : {int{aiTextureType_NORMALS}, int{aiTextureType_UNKNOWN},
                         int{aiTextureType_LIGHTMAP}, int{aiTextureType_EMISSIVE}}) {
    const auto map = map_of(source, type);
    if (map && out.material.base_color_texture >= 0 &&
        (map->uv_set != out.uv_set || map->uv_from_file != out.uv_from_file)) {
      warn("texture '" + map->name + "' has other coordinates than the base colour; its are used");
    }
  }
  return out;
}

std::optional<MaterialFile::Map> MaterialFile::map_of(const aiMaterial& source, int type,
                                                      unsigned slot) const {
  const auto kind = static_cast<aiTextureType>(type);
  aiString name;
  if (source.Get(AI_MATKEY_TEXTURE(kind, slot), name) != aiReturn_SUCCESS || name.length == 0) {
    return std::nullopt;
  }
  Map map;
  map.name = name.C_Str();
  map.wrap_u = wrap_of(source, AI_MATKEY_MAPPINGMODE_U(kind, slot));
  map.wrap_v = wrap_of(source, AI_MATKEY_MAPPINGMODE_V(kind, slot));
  int uv_set = 0;
  source.Get(AI_MATKEY_UVWSRC(kind, slot), uv_set);
  map.uv_set = uv_set > 0 ? static_cast<std::uint32_t>(uv_set) : 0;
  aiUVTransform transform;
  if (source.Get(AI_MATKEY_UVTRANSFORM(kind, slot), transform) == aiReturn_SUCCESS) {
    map.uv_from_file =
        is_gltf(file_) ? uv_transform_of_gltf(transform) : uv_transform_of_others(transform);
  }
  return map;
}

std::optional<Image<Rgba8>> MaterialFile::missing(const std::string& name, const std::string& why) {
  const std::string text = "material '" + material_ + "': texture '" + name + "' " + why;
  if (!settings_.allow_missing) {
    throw Error(file_.string() + ": " + text + ", wanted a readable image");
  }
  auto& list = out_.model.report.textures_missing;
  if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  warn("texture '" + name + "' " + why);
  return std::nullopt;
}

std::optional<Image<Rgba8>> MaterialFile::image_of(const std::string& name) {
  auto& found = out_.model.report.textures_found;
  const auto note = [&](const std::string& what) {
    if (std::find(found.begin(), found.end(), what) == found.end()) found.push_back(what);
  };
  try {
    if (const aiTexture* inside = scene_.GetEmbeddedTexture(name.c_str())) {
      note(name);
      if (inside->mHeight == 0) {
        return color_from_bytes(
            {reinterpret_cast<const std::byte*>(inside->pcData), inside->mWidth}, name);
      }
      Image<Rgba8> image(static_cast<int>(inside->mWidth), static_cast<int>(inside->mHeight));
      for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        const aiTexel& t = inside->pcData[i];
        image.pixels[i] = Rgba8(t.r, t.g, t.b, t.a);
      }
      return image;
    }
    const auto path = find_beside(file_, name);
    if (!path) {
      out_.files.push_back(file_.parent_path() / name);
      return missing(name, "is not there");
    }
    out_.files.push_back(*path);
    Image<Rgba8> image = read_color(*path);
    note(name);
    return image;
  } catch (const Error& error) {
    if (!settings_.allow_missing) throw Error(file_.string() + ": " + error.what());
    return missing(name, error.what());
  }
}

std::int32_t MaterialFile::texture(const std::string& key, const Map& map, TexelKind kind,
                                   const Image<Rgba8>& image) {
  const std::int32_t index =
      add_texture(out_.model, image, {kind, map.wrap_u, map.wrap_v, settings_.max_texture});
  textures_[key] = index;
  return index;
}

std::int32_t MaterialFile::texture_of(const Map& map, TexelKind kind) {
  const std::string key = map.name + '|' + std::to_string(static_cast<int>(kind)) +
                          std::to_string(static_cast<int>(map.wrap_u)) +
                          std::to_string(static_cast<int>(map.wrap_v));
  if (const auto known = textures_.find(key); known != textures_.end()) return known->second;
  const auto image = image_of(map.name);
  return image ? texture(key, map, kind, *image) : -1;
}

void MaterialFile::read_factors(const aiMaterial& source, Material& m) const {
  const auto metallic = number(source, AI_MATKEY_METALLIC_FACTOR);
  const auto roughness = number(source, AI_MATKEY_ROUGHNESS_FACTOR);
  const auto glossiness = number(source, AI_MATKEY_GLOSSINESS_FACTOR);
  const auto exponent = number(source, AI_MATKEY_SHININESS);
  const auto base = color(source, AI_MATKEY_BASE_COLOR);
  const auto diffuse = color(source, AI_MATKEY_COLOR_DIFFUSE);
  if (diffuse) m.base_color = *diffuse;
  if (base && !(is_gltf(file_) && glossiness)) m.base_color = *base;
  m.metallic = std::clamp(metallic.value_or(0.0F), 0.0F, 1.0F);
  if (is_gltf(file_) && glossiness) {  // KHR_materials_pbrSpecularGlossiness
    m.metallic = 0;
    m.roughness = 1 - *glossiness;
  } else if (roughness) {
    m.roughness = *roughness;
  } else if (exponent && *exponent > 0) {  // Blinn-Phong's lobe of the same width
    m.roughness = std::pow(2.0F / (*exponent + 2.0F), 0.25F);
  }
  m.roughness = std::clamp(m.roughness, 0.0F, 1.0F);
  m.emissive = glm::vec3(color(source, AI_MATKEY_COLOR_EMISSIVE).value_or(glm::vec4(0.0F)));
  int two_sided = 0;
  source.Get(AI_MATKEY_TWOSIDED, two_sided);
  m.double_sided = two_sided != 0 ? 1 : 0;
}

void MaterialFile::read_alpha(const aiMaterial& source, Material& m) {
  if (is_gltf(file_)) {
    aiString mode;
    source.Get(AI_MATKEY_GLTF_ALPHAMODE, mode);
    const std::string text = mode.C_Str();
    if (text == "MASK") m.alpha_mode = AlphaMode::mask;
    if (text == "BLEND") m.alpha_mode = AlphaMode::blend;
    m.alpha_cutoff = number(source, AI_MATKEY_GLTF_ALPHACUTOFF).value_or(0.5F);
    return;
  }
  const float opacity = number(source, AI_MATKEY_OPACITY).value_or(1.0F);
  m.base_color.a = std::clamp(opacity, 0.0F, 1.0F);
  if (opacity <= 0) {  // transparency written the wrong way round, by many programs
    warn("is invisible (opacity 0): taken as opaque");
    m.base_color.a = 1;
  } else if (opacity < 1) {
    m.alpha_mode = AlphaMode::blend;
  }
}

void MaterialFile::read_base_color(const aiMaterial& source, SurfaceMaterial& out) {
  Material& m = out.material;
  read_alpha(source, m);
  auto map = map_of(source, aiTextureType_BASE_COLOR);
  if (!map) map = map_of(source, aiTextureType_DIFFUSE);
  const auto opacity = is_gltf(file_) ? std::nullopt : map_of(source, aiTextureType_OPACITY);
  if (map) {
    out.uv_set = map->uv_set;
    out.uv_from_file = map->uv_from_file;
    if (!opacity) m.base_color_texture = texture_of(*map, TexelKind::color);
    if (!is_gltf(file_) && glm::vec3(m.base_color) == glm::vec3(0.0F)) {
      m.base_color = glm::vec4(glm::vec3(1.0F), m.base_color.a);  // black would hide the texture
    }
  }
  if (opacity) {
    auto image = map ? image_of(map->name) : Image<Rgba8>(1, 1, Rgba8(255));
    const bool same = map && map->name == opacity->name;
    const auto alpha = same ? image : image_of(opacity->name);
    if (image && alpha) {
      if (image->pixels.size() < alpha->pixels.size()) {
        image = resized(*image, alpha->width, alpha->height);
      }
      copy_channel(*image, 3, *alpha, has_alpha(*alpha) ? 3 : 0);
      if (m.alpha_mode == AlphaMode::opaque && has_alpha(*image)) {
        m.alpha_mode = is_cutout(*image) ? AlphaMode::mask : AlphaMode::blend;
      }
    }
    if (image) {
      const Map& form = map ? *map : *opacity;
      m.base_color_texture =
          texture(form.name + "|with|" + opacity->name, form, TexelKind::color, *image);
    }
  }
  if (map && m.base_color_texture < 0) {
    m.base_color = glm::vec4(glm::vec3(0.5F), m.base_color.a);
  }
}

void MaterialFile::read_normal(const aiMaterial& source, Material& m) {
  if (const auto map = map_of(source, aiTextureType_NORMALS)) {
    m.normal_texture = texture_of(*map, TexelKind::normal);
    m.normal_scale =
        number(source, AI_MATKEY_GLTF_TEXTURE_SCALE(aiTextureType_NORMALS, 0)).value_or(1.0F);
  } else if (const auto bump = map_of(source, aiTextureType_HEIGHT)) {
    const auto image = image_of(bump->name);
    if (image && looks_like_normals(*image)) {
      m.normal_texture = texture(bump->name + "|normal", *bump, TexelKind::normal, *image);
    } else if (image) {
      warn("bump map '" + bump->name + "' is not used: only normal maps are");
    }
  }
}

void MaterialFile::read_orm(const aiMaterial& source, Material& m) {
  const auto occlusion = map_of(source, aiTextureType_LIGHTMAP);
  const auto packed = is_gltf(file_) ? map_of(source, aiTextureType_UNKNOWN) : std::nullopt;
  const auto rough = packed ? packed : map_of(source, aiTextureType_DIFFUSE_ROUGHNESS);
  const auto metal = packed ? packed : map_of(source, aiTextureType_METALNESS);
  const auto& form = rough ? rough : metal ? metal : occlusion;
  if (!form) return;
  const auto part = [](const std::optional<Map>& map) { return map ? map->name : std::string(); };
  const std::string key = "orm|" + part(occlusion) + '|' + part(rough) + '|' + part(metal) + '|' +
                          std::to_string(static_cast<int>(form->wrap_u)) +
                          std::to_string(static_cast<int>(form->wrap_v));
  if (occlusion) {
    m.occlusion_strength =
        number(source, AI_MATKEY_GLTF_TEXTURE_STRENGTH(aiTextureType_LIGHTMAP, 0)).value_or(1.0F);
  }
  if (const auto known = textures_.find(key); known != textures_.end()) {
    m.orm_texture = known->second;
    return;
  }
  const auto first = image_of(form->name);
  if (!first) return;
  Image<Rgba8> image(first->width, first->height, Rgba8(255));
  const auto take = [&](const std::optional<Map>& map, int to, int from) {
    if (!map) return;
    const auto other = map->name == form->name ? first : image_of(map->name);
    if (other) copy_channel(image, to, *other, from);
  };
  take(occlusion, 0, 0);
  take(rough, 1, packed ? 1 : 0);
  take(metal, 2, packed ? 2 : 0);
  m.orm_texture = texture(key, *form, TexelKind::data, image);
}

void MaterialFile::warn(const std::string& text) {
  auto& warnings = out_.model.report.warnings;
  const std::string line = "material '" + material_ + "': " + text;
  if (std::find(warnings.begin(), warnings.end(), line) == warnings.end()) warnings.push_back(line);
}

}  // namespace orrery
