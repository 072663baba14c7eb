#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

/// A round thread seen from above: 1 in the middle, 0 at its sides. `t` in [0, 1] across it.
float rounding(float t) {
  const float x = 2 * t - 1;
  return std::sqrt(std::max(1 - x * x, 0.0F));
}

/// Colours of up to 16 neighbouring threads, repeated: plain cloth, stripes, checks.
using Threads = std::array<glm::vec3, 16>;

struct Weave {
  int threads;     ///< a tile, each way; a multiple of 16 and of `float_over` + 1
  int float_over;  ///< threads of weft that a warp thread passes over before it dives: 1 plain
  float metres;
  Threads warp, weft;
  TileFractal fray, wear;
  std::uint32_t salt;
};

SurfacePoint woven(const Weave& w, const glm::vec2& uv) {
  const float slub = 0.12F * w.fray(uv);
  const float x = uv.x * static_cast<float>(w.threads);
  const float y = uv.y * static_cast<float>(w.threads);
  const int i = static_cast<int>(x);
  const int j = static_cast<int>(y);
  const float fx = x - static_cast<float>(i);
  const float fy = y - static_cast<float>(j);
  const int period = w.float_over + 1;
  const bool warp_above = (i + j) % period != 0;
  // A thread is highest in the middle of the run on which it lies above.
  const int run = (i + j) % period;
  const float length = warp_above ? static_cast<float>(w.float_over) : 1.0F;
  const float at = warp_above ? (static_cast<float>(run - 1) + fy) / length : fx;
  const float arch = 0.35F + 0.65F * rounding(glm::clamp(at, 0.0F, 1.0F));
  const float height = rounding(glm::clamp((warp_above ? fx : fy) + slub, 0.0F, 1.0F)) * arch;
  const auto index = static_cast<std::uint32_t>(warp_above ? i : j);
  const float own = scattered(w.salt + index * 2 + (warp_above ? 1U : 0U), 0) - 0.5F;
  SurfacePoint p;
  p.color = (warp_above ? w.warp : w.weft)[index % 16];
  p.color *= (0.66F + 0.40F * height) * (1 + 0.12F * own + 0.05F * w.wear(uv) + 0.5F * slub);
  p.height = 0.3F * w.metres / static_cast<float>(w.threads) * height;
  p.occlusion = 0.55F + 0.45F * height;
  p.roughness = 0.9F;
  return p;
}

Threads striped(const glm::vec3& ground, const glm::vec3& stripe, std::uint32_t style) {
  Threads threads;
  for (std::size_t k = 0; k < threads.size(); ++k) {
    const bool on = style == 1 ? k < 8 : (style == 2 ? k < 5 : (style == 3 && (k < 2 || k == 4)));
    threads[k] = on ? stripe : ground;
  }
  return threads;
}

}  // namespace

SurfaceRecipe cloth(Rng& rng, float) {
  const double hue = rng.unit();
  const glm::vec3 pale = drawn_color(
      rng,
      {{0.93F, 0.91F, 0.86F}, {0.86F, 0.80F, 0.68F}, {0.80F, 0.80F, 0.80F}, {0.95F, 0.95F, 0.95F}});
  const glm::vec3 strong = color_of_hue(hue, rng.uniform(0.35, 0.85), rng.uniform(0.3, 0.85));
  const std::uint32_t style = rng.below(5);  // 4: plain and strong
  const std::uint32_t across = rng.below(3) == 0 ? 0 : style;
  const glm::vec3 ground = style == 4 ? strong : pale;
  const auto weave = std::make_shared<const Weave>(
      Weave{96, 1, uniform(rng, 0.10, 0.20), striped(ground, strong, style),
            striped(ground, strong, across), TileFractal(48, 48, 2, rng), TileFractal(3, 3, 3, rng),
            rng.bits()});
  return {weave->metres, [weave](const glm::vec2& uv) { return woven(*weave, uv); }};
}

SurfaceRecipe denim(Rng& rng, float) {
  const glm::vec3 blue = drawn_color(
      rng,
      {{0.16F, 0.22F, 0.38F}, {0.28F, 0.38F, 0.56F}, {0.45F, 0.56F, 0.70F}, {0.10F, 0.11F, 0.14F}});
  Threads warp;
  Threads weft;
  warp.fill(blue);
  weft.fill(glm::mix(blue, glm::vec3(0.86F, 0.86F, 0.84F), 0.75F));
  const auto weave = std::make_shared<const Weave>(Weave{96, 2, uniform(rng, 0.06, 0.10), warp,
                                                         weft, TileFractal(64, 32, 2, rng),
                                                         TileFractal(4, 3, 4, rng), rng.bits()});
  const float faded = uniform(rng, 0.02, 0.06);
  return {weave->metres, [weave, faded](const glm::vec2& uv) {
            SurfacePoint p = woven(*weave, uv);
            p.color *= 1 + faded * weave->wear(uv);
            return p;
          }};
}

SurfaceRecipe felt(Rng& rng, float) {
  const glm::vec3 color = drawn_color(rng, {{0.10F, 0.38F, 0.22F},
                                            {0.08F, 0.30F, 0.20F},
                                            {0.12F, 0.22F, 0.42F},
                                            {0.48F, 0.08F, 0.10F},
                                            {0.35F, 0.35F, 0.36F},
                                            {0.62F, 0.52F, 0.38F}});
  struct Fibres {
    TileFractal along, across, clumps, wear;
  };
  const auto f = std::make_shared<const Fibres>(
      Fibres{TileFractal(40, 130, 2, rng, 0.9F), TileFractal(130, 40, 2, rng, 0.9F),
             TileFractal(24, 24, 2, rng), TileFractal(3, 3, 2, rng)});
  const double metres = rng.uniform(0.18, 0.3);
  const auto look = [f, color](const glm::vec2& uv) {
    const float matted = 0.1F * f->clumps(uv);
    const float fibre = std::max(f->along(uv + 0.05F * matted), f->across(uv)) - 0.2F;
    SurfacePoint p;
    p.color = color * (1 + 0.30F * fibre + matted + 0.05F * f->wear(uv)) + 0.02F * fibre;
    p.height = 1.5e-4F * fibre + 1e-3F * matted;
    p.roughness = 0.96F;
    p.occlusion = glm::clamp(0.9F + 0.2F * fibre, 0.0F, 1.0F);
    return p;
  };
  return {metres, look};
}

SurfaceRecipe carpet(Rng& rng, float) {
  const double hue = rng.unit();
  const glm::vec3 ground = drawn_color(rng, {{0.62F, 0.56F, 0.48F},
                                             {0.40F, 0.40F, 0.42F},
                                             {0.28F, 0.30F, 0.36F},
                                             {0.50F, 0.20F, 0.18F},
                                             {0.26F, 0.34F, 0.28F},
                                             {0.78F, 0.74F, 0.66F}});
  const glm::vec3 other = color_of_hue(hue, rng.uniform(0.15, 0.5), rng.uniform(0.3, 0.75));
  const std::uint32_t style = rng.below(3);  // plain, mottled, woven figures
  const float mixed = uniform(rng, 0.15, 0.5);
  struct Pile {
    TileCells tufts;
    TileFractal strands, blotches;
  };
  const auto f = std::make_shared<const Pile>(
      Pile{TileCells(84, 84, 0.8F, rng), TileFractal(110, 110, 2, rng), TileFractal(3, 3, 3, rng)});
  const double metres = rng.uniform(0.35, 0.6);
  const auto look = [=](const glm::vec2& uv) {
    const CellHit tuft = f->tufts(uv);
    const float dome = std::max(1 - tuft.nearest * tuft.nearest * 1.4F, 0.0F);
    const float strand = f->strands(uv);
    const float own = scattered(tuft.cell, 1);
    glm::vec3 color = ground;
    if (style == 1) {
      color = own < mixed + 0.4F * f->blotches(uv) ? other : ground;
    } else if (style == 2) {  // diamonds in diamonds, as coarse as the tufts
      const glm::vec2 t = uv - 0.4F * tuft.away / 84.0F;
      const float x = std::abs(t.x * 3 - std::floor(t.x * 3) - 0.5F);
      const float y = std::abs(t.y * 3 - std::floor(t.y * 3) - 0.5F);
      const float d = x + y;
      if (d < 0.12F || (d > 0.24F && d < 0.34F) || d > 0.9F) color = other;
      if (d > 0.48F && d < 0.56F) color = 0.5F * ground;
    }
    SurfacePoint p;
    p.color = color * (0.55F + 0.45F * dome) * (0.88F + 0.24F * own + 0.14F * strand) *
              (1 + 0.06F * f->blotches(uv));
    p.height = 2e-3F * dome + 3e-4F * strand;
    p.occlusion = 0.35F + 0.65F * dome;
    p.roughness = 0.97F;
    return p;
  };
  return {metres, look};
}

}  // namespace orrery
