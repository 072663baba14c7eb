#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <memory>

#include "scenes/surface_recipe.hpp"

namespace orrery {

SurfaceRecipe paper(Rng& rng, float) {
  const glm::vec3 sheet = drawn_color(rng, {{0.96F, 0.96F, 0.95F},
                                            {0.94F, 0.91F, 0.83F},
                                            {0.93F, 0.93F, 0.93F},
                                            {0.90F, 0.86F, 0.66F},
                                            {0.76F, 0.84F, 0.90F},
                                            {0.90F, 0.75F, 0.76F}});
  struct Fields {
    TileFractal clouds, fibre, tooth;
  };
  const auto f = std::make_shared<const Fields>(Fields{
      TileFractal(6, 6, 5, rng, 0.7F), TileFractal(30, 90, 2, rng), TileFractal(128, 128, 2, rng)});
  const float recycled = uniform(rng, 0.0, 1.0);
  const double metres = rng.uniform(0.15, 0.3);
  const auto look = [=](const glm::vec2& uv) {
    const float cloud = f->clouds(uv);
    const float tooth = f->tooth(uv);
    const float fibre = f->fibre(uv + 0.02F * cloud);
    SurfacePoint p;
    p.color = sheet * (1 + 0.012F * cloud + 0.012F * tooth);
    p.color *= 1 - 0.16F * recycled * glm::smoothstep(0.55F, 0.9F, fibre);
    p.height = 2.5e-5F * tooth + 2e-5F * fibre;
    p.roughness = 0.88F;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe cardboard(Rng& rng, float) {
  const glm::vec3 kraft =
      drawn_color(rng, {{0.72F, 0.56F, 0.38F}, {0.66F, 0.50F, 0.33F}, {0.78F, 0.64F, 0.46F}});
  struct Fields {
    TileFractal clouds, fibre, specks;
  };
  const auto f = std::make_shared<const Fields>(Fields{
      TileFractal(4, 4, 5, rng, 0.65F), TileFractal(24, 130, 2, rng), TileFractal(90, 90, 2, rng)});
  const int flutes = 32 + 8 * static_cast<int>(rng.below(3));
  const double metres = 0.0075 * flutes;
  const float pressed = uniform(rng, 0.3, 1.0);
  const auto look = [=](const glm::vec2& uv) {
    const float wave = std::cos(glm::two_pi<float>() * (uv.x * static_cast<float>(flutes)));
    const float cloud = f->clouds(uv);
    const float fibre = f->fibre(uv + 0.03F * cloud);
    SurfacePoint p;
    p.color = kraft * (1 + 0.05F * cloud + 0.04F * fibre + 0.015F * pressed * wave);
    p.color *= 1 - 0.25F * glm::smoothstep(0.6F, 0.95F, f->specks(uv));
    p.height = 8e-5F * pressed * wave + 3e-5F * fibre;
    p.roughness = 0.9F;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe cork(Rng& rng, float) {
  const glm::vec3 pale =
      drawn_color(rng, {{0.80F, 0.62F, 0.42F}, {0.72F, 0.53F, 0.34F}, {0.64F, 0.46F, 0.30F}});
  const glm::vec3 bark = pale * glm::vec3(0.55F, 0.48F, 0.42F);
  struct Fields {
    TileCells grains, crumbs;
    TileFractal warp, fine;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileCells(36, 36, 1, rng), TileCells(90, 90, 1, rng), TileFractal(40, 40, 2, rng),
             TileFractal(120, 120, 2, rng)});
  const double metres = rng.uniform(0.15, 0.3);
  const auto look = [=](const glm::vec2& uv) {
    const glm::vec2 bent = uv + 0.007F * f->warp(uv);
    const CellHit big = f->grains(bent);
    const CellHit small = f->crumbs(bent);
    const float fine = f->fine(uv);
    const bool crumb = scattered(small.cell, 3) < 0.25F;
    const CellHit& grain = crumb ? small : big;
    const float tone = scattered(grain.cell, 0);
    const float gap = 1 - glm::smoothstep(0.02F, 0.16F, grain.next - grain.nearest);
    SurfacePoint p;
    p.color = glm::mix(pale, bark, tone > 0.86F ? 0.9F : 0.35F * tone);
    p.color *= (1 + 0.06F * fine) * (1 - 0.22F * gap);
    p.height = -2e-4F * gap + 4e-5F * fine + 1e-4F * tone;
    p.roughness = 0.85F;
    p.occlusion = 1 - 0.25F * gap;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe leather(Rng& rng, float) {
  const glm::vec3 hide = drawn_color(rng, {{0.36F, 0.20F, 0.12F},
                                           {0.54F, 0.32F, 0.18F},
                                           {0.11F, 0.10F, 0.10F},
                                           {0.42F, 0.10F, 0.10F},
                                           {0.68F, 0.52F, 0.36F},
                                           {0.16F, 0.20F, 0.28F},
                                           {0.84F, 0.79F, 0.70F}});
  struct Fields {
    TileCells pebbles;
    TileFractal warp, tone, pores;
  };
  const int count = 48 + 8 * static_cast<int>(rng.below(4));
  const auto f = std::make_shared<const Fields>(
      Fields{TileCells(count, count, 0.9F, rng), TileFractal(20, 20, 3, rng),
             TileFractal(3, 3, 4, rng), TileFractal(128, 128, 1, rng)});
  const float roughness = uniform(rng, 0.36, 0.6);
  const double metres = 0.0026 * count * rng.uniform(0.8, 1.25);
  const auto look = [=](const glm::vec2& uv) {
    const CellHit hit = f->pebbles(uv + 0.006F * f->warp(uv));
    const float crease = 1 - glm::smoothstep(0.0F, 0.30F, hit.next - hit.nearest);
    const float dome = 1 - crease * crease;
    SurfacePoint p;
    p.color = hide * (0.80F + 0.22F * dome) *
              (1 + 0.08F * f->tone(uv) + 0.05F * (scattered(hit.cell, 0) - 0.5F));
    p.color += 0.015F * dome;
    p.height = 2.6e-4F * dome + 2e-5F * f->pores(uv);
    p.roughness = roughness + 0.2F * crease;
    p.occlusion = 1 - 0.3F * crease;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe brushed(Rng& rng, float) {
  static constexpr std::array<glm::vec3, 5> kMetals{{{0.77F, 0.78F, 0.78F},    // steel
                                                     {0.91F, 0.92F, 0.92F},    // aluminium
                                                     {0.90F, 0.78F, 0.50F},    // brass
                                                     {0.93F, 0.70F, 0.60F},    // copper
                                                     {0.50F, 0.50F, 0.52F}}};  // anodised dark
  const glm::vec3 metal = kMetals[rng.below(5)] * uniform(rng, 0.92, 1.02);
  struct Fields {
    TileFractal strokes, scratch, bands, smear;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileFractal(3, 140, 2, rng, 0.9F), TileFractal(6, 250, 1, rng),
             TileFractal(1, 24, 3, rng), TileFractal(3, 3, 3, rng)});
  const float roughness = uniform(rng, 0.24, 0.42);
  const float deep = uniform(rng, 0.5, 1.2);
  const double metres = rng.uniform(0.15, 0.35);
  const auto look = [=](const glm::vec2& uv) {
    const float stroke = f->strokes(uv);
    const float scratch = glm::smoothstep(0.45F, 0.75F, f->scratch(uv));
    SurfacePoint p;
    p.color =
        metal * (1 + deep * (0.055F * stroke + 0.03F * f->bands(uv)) - 0.10F * deep * scratch);
    p.height = deep * (1.2e-5F * stroke - 2e-5F * scratch);
    p.roughness = roughness + 0.06F * stroke + 0.04F * f->smear(uv) + 0.1F * scratch;
    p.metallic = 1;
    return p;
  };
  return {metres, look};
}

}  // namespace orrery
