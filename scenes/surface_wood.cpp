#include <algorithm>
#include <cmath>
#include <memory>

#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

/// Sawn wood with its grain along u. A board is a flat cut through a slightly bent trunk: where
/// the cut comes near the pith, the rings close to arcs.
struct Grain {
  glm::vec3 early, late;  ///< of a year's ring
  float rings;            ///< per board width
  float contrast;
  TileFractal bend, tone, wobble, fibre, pore;

  Grain(Rng& rng, double boards)
      : early(drawn_color(rng, {{0.86F, 0.72F, 0.52F},     // maple, birch
                                {0.78F, 0.60F, 0.38F},     // oak
                                {0.72F, 0.50F, 0.30F},     // beech, cherry
                                {0.50F, 0.33F, 0.20F},     // walnut
                                {0.36F, 0.23F, 0.15F},     // stained
                                {0.70F, 0.64F, 0.56F}})),  // weathered
        late(early *
             glm::vec3{rng.uniform(0.66, 0.84), rng.uniform(0.58, 0.76), rng.uniform(0.50, 0.68)}),
        rings(uniform(rng, 5, 12)),
        contrast(uniform(rng, 0.45, 1.0)),
        bend(1, 3, 2, rng),
        tone(2, static_cast<int>(3 * boards), 2, rng),
        wobble(4, static_cast<int>(6 * boards), 3, rng),
        fibre(6, 96, 2, rng, 0.8F),
        pore(14, 160, 1, rng) {}

  /// `across`: −½ to ½ from edge to edge of the board; `board`: its number.
  SurfacePoint at(const glm::vec2& uv, float across, std::uint32_t board) const {
    const glm::vec2 own = uv + glm::vec2(scattered(board, 0), 0.31F * scattered(board, 1));
    const float depth = 0.35F + 0.9F * scattered(board, 2) + 0.55F * bend({own.x, 0.1F});
    const float wave = wobble(own);
    const float y = across + 0.7F * (scattered(board, 3) - 0.5F) + 0.03F * wave;
    const float r = rings * std::sqrt(y * y * 2.2F + depth * depth * 0.35F) + 0.15F * wave;
    const float year = r - std::floor(r);
    // Late wood darkens slowly to the year's end, then a new year begins at once.
    const float dark = year * year * (1 - glm::smoothstep(0.88F, 1.0F, year));
    const float fine = fibre(own);
    const float pores = glm::smoothstep(0.35F, 0.6F, pore(own)) * (0.4F + dark);
    SurfacePoint p;
    p.color = glm::mix(early, late, glm::clamp(contrast * (1.5F * dark + 0.2F * fine), 0.0F, 1.0F));
    p.color *= (0.9F + 0.2F * scattered(board, 4)) * (1 + 0.10F * tone(own) + 0.05F * fine);
    p.color *= 1 - 0.28F * pores;
    p.height = 2e-5F * fine - 1.2e-4F * pores;
    p.roughness = 0.42F + 0.06F * fine + 0.2F * pores;
    return p;
  }
};

struct Boards {
  int count;     ///< across the tile
  bool grooves;  ///< laid on a floor, not glued to a panel
  float metres;
};

SurfaceRecipe boarded(Rng& rng, float texel, const Boards& boards) {
  const auto grain = std::make_shared<const Grain>(rng, boards.count);
  const float gloss = uniform(rng, -0.12, 0.12);
  const std::uint32_t salt = rng.bits();
  const float gap = std::max(0.0012F / boards.metres, 0.7F * texel);
  const auto look = [=](const glm::vec2& uv) {
    const float v = uv.y * static_cast<float>(boards.count);
    const int row = static_cast<int>(v);
    std::uint32_t board = salt + static_cast<std::uint32_t>(row) * 7U;
    float edge =
        (0.5F - std::abs(v - static_cast<float>(row) - 0.5F)) / static_cast<float>(boards.count);
    if (boards.grooves) {
      // Two boards a row; the second runs on over the tile's border.
      const float from = 0.05F + 0.4F * scattered(board, 9);
      const float to = from + 0.35F + 0.2F * scattered(board, 10);
      if (uv.x > from && uv.x < to) board += 3;
      edge = std::min({edge, std::abs(uv.x - from), std::abs(uv.x - to)});
    }
    SurfacePoint p = grain->at(uv, v - static_cast<float>(row) - 0.5F, board);
    p.roughness += gloss;
    if (boards.grooves) {
      const float open = 1 - glm::smoothstep(0.3F * gap, 1.5F * gap, edge);
      p.color *= 1 - 0.75F * open;
      p.height -= 0.0012F * open;
      p.occlusion = 1 - 0.6F * open;
      p.roughness += 0.2F * open;
    } else {
      p.color *= 1 - 0.12F * (1 - glm::smoothstep(0.0F, 1.5F * texel, edge));  // the glue line
    }
    return p;
  };
  return {boards.metres, look};
}

}  // namespace

SurfaceRecipe wood(Rng& rng, float texel) {
  const int count = 3 + static_cast<int>(rng.below(4));
  return boarded(rng, texel, {count, false, static_cast<float>(count) * uniform(rng, 0.09, 0.15)});
}

SurfaceRecipe planks(Rng& rng, float texel) {
  const int count = 5 + static_cast<int>(rng.below(4));
  return boarded(rng, texel, {count, true, static_cast<float>(count) * uniform(rng, 0.10, 0.18)});
}

}  // namespace orrery
