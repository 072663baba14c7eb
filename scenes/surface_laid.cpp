#include <algorithm>
#include <cmath>
#include <memory>

#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

/// Pieces laid in rows with joints between them; each other row may be shifted by a half.
struct Laid {
  int columns, rows;
  bool shifted;
  glm::vec2 size;  ///< of a piece with its joint, metres
  float joint;     ///< its width, metres
  float rounding;  ///< of a piece's corners, metres
};

struct LaidHit {
  float inside;  ///< metres from the piece's outline, positive inside
  std::uint32_t piece;
  int column, row;
};

/// The outline is a rounded rectangle. Source: Quilez, 2D distance functions, iquilezles.org.
LaidHit laid_at(const Laid& laid, const glm::vec2& uv, float wobble) {
  const float y = uv.y * static_cast<float>(laid.rows);
  const int row = std::min(static_cast<int>(y), laid.rows - 1);
  const float shift = laid.shifted && row % 2 == 1 ? 0.5F : 0.0F;
  const float x = uv.x * static_cast<float>(laid.columns) + shift;
  const int column = static_cast<int>(x);
  const glm::vec2 in(x - static_cast<float>(column) - 0.5F, y - static_cast<float>(row) - 0.5F);
  const glm::vec2 half = 0.5F * (laid.size - laid.joint);
  const glm::vec2 q = glm::abs(in * laid.size) - half + laid.rounding;
  const float distance = glm::length(glm::max(q, glm::vec2(0.0F))) +
                         std::min(std::max(q.x, q.y), 0.0F) - laid.rounding;
  const int on_ring = column % laid.columns;
  return {wobble - distance, static_cast<std::uint32_t>(row * 64 + on_ring), on_ring, row};
}

}  // namespace

SurfaceRecipe tiles(Rng& rng, float texel) {
  const int count = 2 + 2 * static_cast<int>(rng.below(3));
  const float side = uniform(rng, 0.10, 0.28);
  const Laid laid{count,
                  count,
                  rng.below(4) == 0,
                  glm::vec2(side),
                  uniform(rng, 0.002, 0.005),
                  uniform(rng, 0.001, 0.004)};
  const double hue = rng.unit();
  const glm::vec3 plain = drawn_color(rng, {{0.92F, 0.92F, 0.90F},
                                            {0.85F, 0.80F, 0.72F},
                                            {0.66F, 0.66F, 0.66F},
                                            {0.72F, 0.42F, 0.30F},
                                            {0.60F, 0.72F, 0.74F},
                                            {0.24F, 0.26F, 0.29F}});
  const glm::vec3 other = rng.below(2) == 0
                              ? glm::vec3(0.12F, 0.12F, 0.13F)
                              : color_of_hue(hue, rng.uniform(0.3, 0.7), rng.uniform(0.35, 0.8));
  const bool checked = rng.below(3) == 0;
  const glm::vec3 grout =
      drawn_color(rng, {{0.78F, 0.76F, 0.72F}, {0.50F, 0.49F, 0.47F}, {0.30F, 0.29F, 0.28F}});
  const float roughness = uniform(rng, 0.08, 0.45);
  const std::uint32_t salt = rng.bits();
  struct Fields {
    TileFractal glaze, sand;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{TileFractal(8, 8, 4, rng), TileFractal(128, 128, 2, rng)});
  const float metres = side * static_cast<float>(count);
  const float soft = std::max(0.0008F, texel * metres);
  const auto look = [=](const glm::vec2& uv) {
    const LaidHit hit = laid_at(laid, uv, 0);
    const float body = glm::smoothstep(-0.5F * soft, 0.5F * soft, hit.inside);
    const float own = scattered(hit.piece + salt, 0) - 0.5F;
    const float glaze = f->glaze(uv);
    const float sand = f->sand(uv);
    const glm::vec3 enamel = checked && (hit.column + hit.row) % 2 == 1 ? other : plain;
    SurfacePoint p;
    p.color =
        glm::mix(grout * (0.92F + 0.10F * sand), enamel * (1 + 0.07F * own + 0.02F * glaze), body);
    // The glaze bends down to the joint over a few millimetres.
    const float bend = 1 - glm::smoothstep(-0.5F * soft, 0.0025F + soft, hit.inside);
    p.height = -0.0012F * bend + (1 - body) * 1e-4F * sand + 3e-5F * glaze;
    p.roughness = glm::mix(0.92F, roughness + 0.03F * own, body);
    p.occlusion = 0.75F + 0.25F * body;
    return p;
  };
  return {metres, look};
}

SurfaceRecipe brick(Rng& rng, float texel) {
  const Laid laid{4, 12, true, {0.25F, 0.0833F}, uniform(rng, 0.008, 0.013), 0.004F};
  const glm::vec3 clay = drawn_color(rng, {{0.58F, 0.29F, 0.22F},
                                           {0.50F, 0.24F, 0.19F},
                                           {0.66F, 0.42F, 0.30F},
                                           {0.72F, 0.60F, 0.46F},
                                           {0.78F, 0.76F, 0.72F}});
  const glm::vec3 burnt = clay * glm::vec3(0.55F, 0.52F, 0.58F);
  const glm::vec3 mortar = drawn_color(rng, {{0.70F, 0.68F, 0.63F}, {0.56F, 0.54F, 0.51F}});
  const std::uint32_t salt = rng.bits();
  struct Fields {
    TileFractal edge, face, sand;
  };
  const auto f = std::make_shared<const Fields>(Fields{TileFractal(24, 24, 3, rng),
                                                       TileFractal(20, 40, 3, rng, 0.7F),
                                                       TileFractal(150, 150, 1, rng)});
  const float soft = std::max(0.002F, texel);
  const auto look = [=](const glm::vec2& uv) {
    const LaidHit hit = laid_at(laid, uv, 0.0025F * f->edge(uv));
    const float body = glm::smoothstep(-0.5F * soft, 0.5F * soft, hit.inside);
    const float tone = scattered(hit.piece + salt, 0);
    const float face = f->face(uv);
    const float sand = f->sand(uv);
    SurfacePoint p;
    const glm::vec3 fired =
        glm::mix(clay, burnt, glm::clamp(tone * tone * 0.8F + 0.25F * face, 0.0F, 1.0F));
    p.color =
        glm::mix(mortar * (0.95F + 0.10F * sand), fired * (1 + 0.10F * face + 0.08F * sand), body);
    p.height = 4e-4F * sand + body * 1.2e-3F * face +
               6e-3F * glm::smoothstep(-0.003F, 0.005F + soft, hit.inside);
    p.roughness = 0.9F;
    p.occlusion = 0.6F + 0.4F * glm::smoothstep(-0.006F, 0.003F, hit.inside);
    return p;
  };
  return {1.0, look};
}

}  // namespace orrery
