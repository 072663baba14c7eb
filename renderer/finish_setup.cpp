#include "renderer/finish_setup.hpp"

#include <cmath>
#include <cstring>

namespace orrery {

using shader::GpuFinish;
using shader::GpuMaterial;
using shader::TextureRef;

bool FinishSetup::pictured(std::uint32_t index) const {
  return look_.picture && (look_.picture->everywhere || index == model_.first_material) &&
         resident_.materials[index].base.x == shader::kAlphaOpaque;
}

GpuMaterial FinishSetup::material(std::uint32_t index) const {
  GpuMaterial m = resident_.materials[index];
  if (pictured(index)) {
    const TextureRef picture =
        look_.picture->projected ? TextureRef{} : resident_.pictures[look_.picture->picture];
    m.base_color = glm::vec4(1);
    m.base.z = picture.first_texel;
    m.base.w = picture.packed;
  }
  m.base_color *= glm::vec4(look_.tint, 1);
  m.surface.x *= look_.roughness;
  m.emissive_metallic =
      glm::vec4(look_.glow * glm::vec3(m.emissive_metallic), m.emissive_metallic.w);
  m.emissive_metallic.w = glm::mix(m.emissive_metallic.w, 1.0F, look_.metallic);
  return m;
}

void FinishSetup::give(GpuMaterial& material, std::uint32_t index,
                       std::vector<GpuFinish>& finishes) const {
  const bool has_picture = pictured(index);
  const bool own_uv =
      has_picture && !look_.picture->projected &&
      (look_.picture->repeats != glm::vec2(1) || look_.picture->begin != glm::vec2(0));
  const bool projected = has_picture && look_.picture->projected;
  if (look_.hue_turn == 0 && !look_.wear && !own_uv && !projected) return;
  GpuFinish f{.amounts = {std::cos(look_.hue_turn), std::sin(look_.hue_turn), 0, 0},
              .place = glm::vec4(0),
              .dirt = glm::vec4(0),
              .uv = {1, 1, 0, 0},
              .picture = glm::vec4(0),
              .textures = glm::uvec4(0)};
  if (own_uv) f.uv = glm::vec4(look_.picture->repeats, look_.picture->begin);
  if (projected) {
    const TextureRef picture = resident_.pictures[look_.picture->picture];
    f.picture = glm::vec4(look_.picture->repeats, look_.picture->begin);
    f.textures.z = picture.first_texel;
    f.textures.w = picture.packed;
  }
  if (look_.wear) {
    const TextureRef mask = resident_.wear_masks[look_.wear->mask];
    f.amounts.z = look_.wear->wear;
    f.amounts.w = look_.wear->dirt;
    f.place = glm::vec4(look_.wear->begin, 0, look_.wear->tiles);
    f.dirt = glm::vec4(look_.wear->dirt_color, 0);
    f.textures.x = mask.first_texel;
    f.textures.y = mask.packed;
  }
  if (finishes.empty() || std::memcmp(&finishes.back(), &f, sizeof f) != 0) finishes.push_back(f);
  material.emission.z = static_cast<std::uint32_t>(finishes.size());
}

}  // namespace orrery
