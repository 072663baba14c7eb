#include <algorithm>
#include <cmath>
#include <memory>

#include "scenes/surface_recipe.hpp"

namespace orrery {

SurfaceRecipe asphalt(Rng& rng, float) {
  const glm::vec3 tar =
      drawn_color(rng, {{0.30F, 0.30F, 0.31F}, {0.22F, 0.22F, 0.23F}, {0.42F, 0.41F, 0.40F}});
  struct Fields {
    TileFractal stain, patch, sand;
    TileCells stones;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileFractal(2, 2, 4, rng, 0.6F), TileFractal(6, 6, 3, rng),
             TileFractal(120, 120, 2, rng), TileCells(110, 110, 1, rng)});
  const float stained = uniform(rng, 0.05, 0.2);
  const double metres = rng.uniform(0.8, 1.6);
  const auto look = [=](const glm::vec2& uv) {
    const CellHit stone = f->stones(uv);
    const float dome = 1 - glm::smoothstep(0.1F, 0.6F, stone.nearest);
    const float tone = scattered(stone.cell, 0) - 0.5F;
    SurfacePoint p;
    p.color = tar * (1 + stained * f->stain(uv) + 0.05F * f->patch(uv) + 0.1F * f->sand(uv) +
                     dome * (0.12F + 0.35F * tone));
    p.height = 1.2e-3F * dome + 3e-4F * f->sand(uv);
    p.roughness = 0.88F;
    p.occlusion = 0.75F + 0.25F * dome;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe paving(Rng& rng, float texel) {
  const int count = 4 + 2 * static_cast<int>(rng.below(2));
  const glm::vec3 stone = drawn_color(
      rng,
      {{0.60F, 0.59F, 0.57F}, {0.68F, 0.64F, 0.58F}, {0.52F, 0.51F, 0.51F}, {0.62F, 0.48F, 0.42F}});
  const bool shifted = rng.below(2) == 0;
  const std::uint32_t salt = rng.bits();
  struct Fields {
    TileFractal stain, sand;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileFractal(3, 3, 4, rng, 0.6F), TileFractal(110, 110, 2, rng)});
  const double metres = count * rng.uniform(0.3, 0.5);
  const float soft = std::max(0.012F, 1.5F * texel * static_cast<float>(count));
  const auto look = [=](const glm::vec2& uv) {
    const glm::vec2 at = uv * static_cast<float>(count);
    const int row = static_cast<int>(at.y);
    const float x = at.x + (shifted && row % 2 == 1 ? 0.5F : 0.0F);
    const int column = static_cast<int>(x) % count;
    const glm::vec2 in(x - std::floor(x), at.y - std::floor(at.y));
    const glm::vec2 edge = glm::min(in, 1.0F - in);
    const float body = glm::smoothstep(0.008F, 0.008F + soft, std::min(edge.x, edge.y));
    const float tone = scattered(salt + static_cast<std::uint32_t>(row * 16 + column), 0) - 0.5F;
    const float stain = f->stain(uv);
    const float sand = f->sand(uv);
    SurfacePoint p;
    p.color = glm::mix(glm::vec3(0.28F, 0.26F, 0.23F) * (1 + 0.2F * sand),
                       stone * (1 + 0.14F * tone + 0.09F * stain + 0.06F * sand), body);
    p.height = 4e-3F * body + 2e-4F * sand;
    p.roughness = 0.85F;
    p.occlusion = 0.6F + 0.4F * body;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe grass(Rng& rng, float) {
  const glm::vec3 fresh = drawn_color(rng, {{0.33F, 0.44F, 0.18F}, {0.42F, 0.47F, 0.22F}});
  const glm::vec3 dry = drawn_color(rng, {{0.58F, 0.53F, 0.32F}, {0.48F, 0.46F, 0.25F}});
  const glm::vec3 soil(0.16F, 0.15F, 0.08F);
  struct Fields {
    TileFractal patch, bend;
    TileCells long_blades, blades;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileFractal(3, 3, 4, rng, 0.6F), TileFractal(10, 10, 3, rng),
             TileCells(70, 24, 1, rng), TileCells(28, 80, 1, rng)});
  const double metres = rng.uniform(0.5, 0.9);
  const float dried = uniform(rng, -0.2, 0.4);
  const auto look = [=](const glm::vec2& uv) {
    const glm::vec2 bent = uv + 0.02F * glm::vec2(f->bend(uv), f->bend(uv + 0.37F));
    const CellHit a = f->long_blades(bent);
    const CellHit b = f->blades(bent);
    const float tall = scattered(a.cell, 0);
    const float other = scattered(b.cell, 0);
    const bool first = tall > other;
    const float blade = 1 - glm::smoothstep(0.1F, 0.7F, first ? a.nearest : b.nearest);
    const float tone = scattered(first ? a.cell : b.cell, 1);
    const float dryness =
        glm::smoothstep(0.1F, 0.9F, dried + 0.5F * f->patch(uv) + 0.6F * (tone - 0.5F) + 0.3F);
    SurfacePoint p;
    p.color = glm::mix(soil, glm::mix(fresh, dry, dryness) * (0.75F + 0.5F * tone),
                       0.25F + 0.75F * blade);
    p.height = 6e-3F * blade * std::max(tall, other);
    p.roughness = 0.9F;
    p.occlusion = 0.5F + 0.5F * blade;
    return p;
  };
  return {metres, look};
}

}  // namespace orrery
