#include "scenes/mean_color.hpp"

#include <algorithm>

namespace orrery {
namespace {

/// Of a chain's last level, one texel that is the mean of all.
glm::vec3 mean_of(const Model& model, const Texture& texture) {
  std::size_t at = texture.first_texel;
  for (std::uint32_t k = 0; k + 1 < texture.levels; ++k) {
    at += std::size_t{std::max(1U, texture.width >> k)} * std::max(1U, texture.height >> k);
  }
  const glm::vec3 root = glm::vec3(model.texels[at]) / 255.0F;
  return root * root;
}

double area_of(const Model& model, const IndexRange& range) {
  double area = 0;
  for (std::uint32_t i = range.first; i < range.first + range.count; i += 3) {
    const glm::dvec3 a(model.vertices[model.indices[i]].position);
    const glm::dvec3 b(model.vertices[model.indices[i + 1]].position);
    const glm::dvec3 c(model.vertices[model.indices[i + 2]].position);
    area += 0.5 * glm::length(glm::cross(b - a, c - a));
  }
  return area;
}

}  // namespace

glm::vec3 mean_color(const Model& model) {
  glm::dvec3 sum(0);
  double whole = 0;
  for (std::size_t part = 0; part < model.part_materials.size(); ++part) {
    const Material& material = model.materials[model.part_materials[part]];
    glm::vec3 color(material.base_color);
    if (material.base_color_texture >= 0) {
      color *=
          mean_of(model, model.textures[static_cast<std::size_t>(material.base_color_texture)]);
    }
    const double area = area_of(model, model.lods.front().parts[part]);
    sum += area * glm::dvec3(color);
    whole += area;
  }
  return whole > 0 ? glm::vec3(sum / whole) : glm::vec3(0.5F);
}

}  // namespace orrery
