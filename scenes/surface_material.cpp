#include "scenes/surface_material.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <glm/gtx/color_space.hpp>

#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

struct NamedSurface {
  const char* name;
  DrawSurface* draw;
};

constexpr std::array<NamedSurface, 21> kSurfaces{
    {{"asphalt", asphalt}, {"brick", brick},           {"cardboard", cardboard},
     {"carpet", carpet},   {"cloth", cloth},           {"concrete", concrete},
     {"cork", cork},       {"denim", denim},           {"felt", felt},
     {"granite", granite}, {"grass", grass},           {"leather", leather},
     {"marble", marble},   {"metal_brushed", brushed}, {"paper", paper},
     {"paving", paving},   {"planks", planks},         {"plaster", plaster},
     {"print", print},     {"tiles", tiles},           {"wood", wood}}};

std::uint8_t byte(float x) {
  return static_cast<std::uint8_t>(std::clamp(x, 0.0F, 1.0F) * 255.0F + 0.5F);
}

/// Normals of a height field (metres) whose texels are `step` metres apart and which repeats.
Image<Rgba8> normals_of(const Image<float>& height, float step) {
  const int side = height.width;
  Image<Rgba8> normals(side, side);
  for (int y = 0; y < side; ++y) {
    const int above = (y + side - 1) & (side - 1);
    const int below = (y + 1) & (side - 1);
    for (int x = 0; x < side; ++x) {
      const int left = (x + side - 1) & (side - 1);
      const int right = (x + 1) & (side - 1);
      const float dx = (height.at(right, y) - height.at(left, y)) / (2 * step);
      const float dy = (height.at(x, above) - height.at(x, below)) / (2 * step);  // y is up
      const float scale = 0.5F / std::sqrt(dx * dx + dy * dy + 1);
      normals.at(x, y) =
          Rgba8(byte(0.5F - scale * dx), byte(0.5F - scale * dy), byte(0.5F + scale), 255);
    }
  }
  return normals;
}

}  // namespace

std::vector<std::string> surface_names() {
  std::vector<std::string> names;
  for (const NamedSurface& surface : kSurfaces) names.emplace_back(surface.name);
  return names;
}

SurfaceMaps surface_maps(const std::string& name, std::uint64_t seed, int side) {
  assert(side >= 16 && std::has_single_bit(static_cast<unsigned>(side)));
  const auto* known = std::find_if(kSurfaces.begin(), kSurfaces.end(),
                                   [&](const NamedSurface& s) { return name == s.name; });
  if (known == kSurfaces.end()) {
    throw Error("no surface material is named '" + name + "'; the nearest is '" +
                nearest_name(name, surface_names()) + "'");
  }
  Rng rng(seed, 0, "surface/" + name);
  const float texel = 1.0F / static_cast<float>(side);
  const SurfaceRecipe recipe = known->draw(rng, texel);
  SurfaceMaps maps{Image<Rgba8>(side, side), {}, Image<Rgba8>(side, side), recipe.metres};
  Image<float> height(side, side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const SurfacePoint p = recipe.look(
          {(static_cast<float>(x) + 0.5F) * texel, (static_cast<float>(y) + 0.5F) * texel});
      maps.color.at(x, y) = Rgba8(byte(p.color.r), byte(p.color.g), byte(p.color.b), 255);
      maps.orm.at(x, y) =
          Rgba8(byte(p.occlusion), byte(std::max(p.roughness, 0.04F)), byte(p.metallic), 255);
      height.at(x, y) = p.height;
    }
  }
  maps.normal = normals_of(height, static_cast<float>(recipe.metres) * texel);
  return maps;
}

glm::vec3 drawn_color(Rng& rng, std::initializer_list<glm::vec3> palette) {
  const auto count = static_cast<std::uint32_t>(palette.size());
  const glm::vec3 one = palette.begin()[rng.below(count)];
  const glm::vec3 other = palette.begin()[rng.below(count)];
  const glm::vec3 between = glm::mix(one, other, uniform(rng, 0, 0.35));
  const float bright = uniform(rng, 0.92, 1.08);
  // Braces: drawn from left to right.
  return bright * between +
         glm::vec3{rng.uniform(-0.02, 0.02), rng.uniform(-0.02, 0.02), rng.uniform(-0.02, 0.02)};
}

glm::vec3 color_of_hue(double hue, double saturation, double value) {
  return glm::vec3(glm::rgbColor(glm::dvec3(360 * (hue - std::floor(hue)), saturation, value)));
}

}  // namespace orrery
