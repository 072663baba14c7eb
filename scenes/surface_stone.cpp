#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "scenes/surface_recipe.hpp"

namespace orrery {

SurfaceRecipe marble(Rng& rng, float) {
  struct Kind {
    glm::vec3 ground, cloud, vein;
  };
  static constexpr std::array<Kind, 5> kKinds{
      {{{0.93F, 0.92F, 0.90F}, {0.84F, 0.84F, 0.84F}, {0.50F, 0.51F, 0.54F}},    // Carrara
       {{0.95F, 0.93F, 0.88F}, {0.89F, 0.85F, 0.77F}, {0.66F, 0.54F, 0.36F}},    // Calacatta
       {{0.09F, 0.09F, 0.10F}, {0.14F, 0.14F, 0.15F}, {0.82F, 0.80F, 0.74F}},    // Marquina
       {{0.12F, 0.24F, 0.19F}, {0.20F, 0.35F, 0.28F}, {0.66F, 0.78F, 0.70F}},    // Verde
       {{0.80F, 0.68F, 0.54F}, {0.72F, 0.57F, 0.43F}, {0.93F, 0.87F, 0.78F}}}};  // Emperador pale
  const Kind kind = kKinds[rng.below(5)];
  const glm::vec3 tint = drawn_color(rng, {glm::vec3(1.0F)});
  struct Fields {
    TileFractal warp_x, warp_y, vein, fine, cloud;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileFractal(3, 3, 2, rng), TileFractal(3, 3, 2, rng), TileFractal(2, 1, 3, rng, 0.45F),
             TileFractal(4, 3, 2, rng), TileFractal(3, 3, 4, rng)});
  const float strength = uniform(rng, 0.45, 0.95);
  const float roughness = uniform(rng, 0.08, 0.28);
  const double metres = rng.uniform(0.6, 1.2);
  const auto look = [=](const glm::vec2& uv) {
    const glm::vec2 warp(f->warp_x(uv), f->warp_y(uv));
    const float cloud = f->cloud(uv + 0.05F * warp);
    // A vein runs where a bent noise changes its sign; it swells and fades along its way.
    const float swell = glm::smoothstep(-0.4F, 0.5F, cloud);
    const float big = std::abs(f->vein(uv + 0.10F * warp));
    const float small = std::abs(f->fine(uv + 0.07F * warp));
    const float vein = std::exp(-big / (0.007F + 0.020F * swell)) * (0.25F + 0.75F * swell) +
                       0.5F * std::exp(-small / 0.012F) * swell;
    SurfacePoint p;
    p.color = glm::mix(kind.ground, kind.cloud, glm::smoothstep(-0.5F, 0.7F, cloud));
    p.color = tint * glm::mix(p.color, kind.vein, glm::clamp(strength * vein, 0.0F, 1.0F));
    p.roughness = roughness + 0.05F * vein;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe granite(Rng& rng, float) {
  std::array<glm::vec3, 4> minerals{
      drawn_color(rng, {{0.72F, 0.70F, 0.68F}, {0.70F, 0.52F, 0.45F}, {0.42F, 0.42F, 0.44F}}),
      drawn_color(rng, {{0.88F, 0.87F, 0.85F}, {0.80F, 0.68F, 0.60F}}),
      drawn_color(rng, {{0.48F, 0.47F, 0.47F}, {0.42F, 0.34F, 0.30F}}),
      drawn_color(rng, {{0.10F, 0.10F, 0.11F}, {0.18F, 0.16F, 0.15F}})};
  struct Fields {
    TileCells coarse, fine;
    TileFractal warp, cloud;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileCells(44, 44, 1, rng), TileCells(110, 110, 1, rng), TileFractal(60, 60, 2, rng),
             TileFractal(3, 3, 3, rng)});
  const float dark = uniform(rng, 0.10, 0.35);
  const float roughness = uniform(rng, 0.10, 0.35);
  const double metres = rng.uniform(0.25, 0.45);
  const auto look = [=](const glm::vec2& uv) {
    const glm::vec2 bent = uv + 0.006F * f->warp(uv);
    const CellHit big = f->coarse(bent);
    const CellHit small = f->fine(bent);
    const bool grain = scattered(small.cell, 3) < 0.35F;
    const std::uint32_t cell = grain ? small.cell : big.cell;
    const float pick = scattered(cell, 0) + 0.1F * f->cloud(uv);
    const std::size_t mineral = pick < dark ? 3 : (pick < 0.6F ? 0 : (pick < 0.83F ? 1 : 2));
    SurfacePoint p;
    p.color = minerals[mineral] * (0.88F + 0.24F * scattered(cell, 1));
    p.roughness = roughness + (mineral == 3 ? 0.1F : 0.0F);
    p.height = mineral == 3 ? -1e-5F : 0.0F;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe concrete(Rng& rng, float) {
  const glm::vec3 grey = drawn_color(
      rng,
      {{0.62F, 0.61F, 0.59F}, {0.52F, 0.52F, 0.51F}, {0.70F, 0.68F, 0.64F}, {0.44F, 0.44F, 0.45F}});
  struct Fields {
    TileFractal stain, cloud, sand;
    TileCells pits;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileFractal(2, 2, 3, rng, 0.6F), TileFractal(12, 12, 4, rng, 0.7F),
             TileFractal(180, 180, 1, rng), TileCells(26, 26, 1, rng)});
  const float stained = uniform(rng, 0.05, 0.16);
  const float pitted = uniform(rng, 0.08, 0.35);
  const double metres = rng.uniform(0.6, 1.2);
  const auto look = [=](const glm::vec2& uv) {
    const float cloud = f->cloud(uv);
    const float sand = f->sand(uv);
    const CellHit hit = f->pits(uv + 0.002F * cloud);
    float pit = 0;
    if (scattered(hit.cell, 0) < pitted) {
      const float radius = 0.05F + 0.14F * scattered(hit.cell, 1) * scattered(hit.cell, 2);
      pit = 1 - glm::smoothstep(0.6F * radius, 1.1F * radius, hit.nearest);
    }
    SurfacePoint p;
    p.color = grey * (1 + stained * f->stain(uv) + 0.06F * cloud + 0.05F * sand - 0.4F * pit);
    p.height = 1.5e-4F * cloud + 8e-5F * sand - 1.5e-3F * pit;
    p.roughness = 0.82F + 0.08F * cloud;
    p.occlusion = 1 - 0.5F * pit;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe plaster(Rng& rng, float) {
  const glm::vec3 paint = drawn_color(rng, {{0.93F, 0.92F, 0.89F},
                                            {0.90F, 0.86F, 0.76F},
                                            {0.78F, 0.83F, 0.85F},
                                            {0.82F, 0.85F, 0.76F},
                                            {0.88F, 0.76F, 0.68F}});
  struct Fields {
    TileFractal bumps, trowel, dirt;
  };
  const int across = 4 + static_cast<int>(rng.below(6));
  const auto f = std::make_shared<const Fields>(Fields{TileFractal(40, 40, 3, rng, 0.6F),
                                                       TileFractal(across, 12, 3, rng),
                                                       TileFractal(2, 2, 4, rng)});
  const float rough = uniform(rng, 0.4, 1.0);
  const double metres = rng.uniform(0.5, 1.0);
  const auto look = [=](const glm::vec2& uv) {
    const float bump = glm::smoothstep(-0.5F, 0.6F, f->bumps(uv));
    const float trowel = f->trowel(uv);
    SurfacePoint p;
    p.color = paint * (0.955F + 0.05F * bump + 0.02F * trowel + 0.02F * f->dirt(uv));
    p.height = rough * (1.1e-3F * bump + 6e-4F * trowel);
    p.roughness = 0.86F;
    p.occlusion = 0.82F + 0.18F * bump;
    return p;
  };
  return {metres, look};
}

}  // namespace orrery
