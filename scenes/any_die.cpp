#include <algorithm>
#include <cmath>
#include <functional>
#include <glm/gtc/color_space.hpp>

#include "scenes/random.hpp"
#include "scenes/shapes.hpp"
#include "scenes/surface_recipe.hpp"
#include "scenes/tile_noise.hpp"

namespace orrery {
namespace {

constexpr int kTexels = 64;

Image<Rgba8> painted(const std::function<glm::vec3(const glm::vec2&)>& color) {
  Image<Rgba8> image(kTexels, kTexels);
  for (int y = 0; y < kTexels; ++y) {
    for (int x = 0; x < kTexels; ++x) {
      const glm::vec3 c = color((glm::vec2(x, y) + 0.5F) / static_cast<float>(kTexels));
      image.at(x, y) = Rgba8(glm::vec4(glm::clamp(c, 0.0F, 1.0F) * 255.0F + 0.5F, 255));
    }
  }
  return image;
}

/// Clouds and streaks between the body's colour and a paler one, as of pearl or marble.
Image<Rgba8> pearl(Rng& rng) {
  const TileFractal warp(2, 2, 2, rng);
  const TileFractal streak(3, 2, 4, rng, 0.6F);
  const glm::vec3 deep = color_of_hue(rng.unit(), rng.uniform(0, 0.4), rng.uniform(0.35, 0.7));
  return painted([&](const glm::vec2& uv) {
    const float t = streak(uv + 0.25F * warp(uv));
    return glm::mix(deep, glm::vec3(1), glm::smoothstep(-0.3F, 0.35F, t));
  });
}

Image<Rgba8> speckles(Rng& rng) {
  const TileCells cells(14, 14, 1, rng);
  const glm::vec3 ink = color_of_hue(rng.unit(), rng.uniform(0, 0.9), rng.uniform(0.1, 0.9));
  return painted([&](const glm::vec2& uv) {
    const CellHit hit = cells(uv);
    const float radius = 0.45F * scattered(hit.cell, 0);
    return glm::mix(ink, glm::vec3(1), glm::smoothstep(radius - 0.1F, radius + 0.1F, hit.nearest));
  });
}

float luma(const glm::vec3& srgb) { return glm::dot(srgb, glm::vec3(0.299F, 0.587F, 0.114F)); }

/// Of pips on a body of that sRGB colour: white or black for the most part, else gold, red and the
/// like. Bodies of middling light come with either, as dice do.
glm::vec3 pip_color(const glm::vec3& body, Rng& rng) {
  const float light = luma(body);
  const bool pale = light > 0.4F && light < 0.6F ? rng.unit() < 0.5 : light < 0.5F;
  const glm::vec3 plain(pale ? uniform(rng, 0.9, 0.98) : uniform(rng, 0.03, 0.12));
  if (rng.unit() < 0.7) return plain;
  const glm::vec3 tinted = color_of_hue(rng.unit(), rng.uniform(0.4, 0.95),
                                        pale ? rng.uniform(0.8, 1) : rng.uniform(0.2, 0.5));
  return std::abs(luma(tinted) - light) >= kPipContrast ? tinted : plain;
}

}  // namespace

Model any_die(std::uint64_t variant) {
  Rng rng(variant, 0, "made/die");
  const bool grey = rng.unit() < 0.3;
  const glm::vec3 color =
      grey ? glm::vec3(rng.unit() < 0.6 ? uniform(rng, 0.85, 0.97) : uniform(rng, 0.05, 0.15))
           : color_of_hue(rng.unit(), rng.uniform(0.65, 1), rng.uniform(0.35, 0.95));
  DieLook look{glm::convertSRGBToLinear(color), {}};
  look.pips = glm::convertSRGBToLinear(pip_color(color, rng));
  look.pip = rng.uniform(0.16, 0.27);
  look.hollow = rng.uniform(0.25, 0.7);
  switch (rng.below(4)) {
    case 0:
      look.roughness = 0.15F;
      look.swirl = pearl(rng);
      break;
    case 1:
      look.roughness = 0.06F;
      look.opacity = uniform(rng, 0.6, 0.85);
      break;
    case 2:
      if (rng.below(2) == 0) look.swirl = speckles(rng);
      break;
    default:
      look.roughness = uniform(rng, 0.2, 0.6);
  }
  return die(0.016, 0.016 * rng.uniform(0.06, 0.19), look);
}

}  // namespace orrery
