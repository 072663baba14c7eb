#include <algorithm>
#include <array>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <memory>

#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

/// Ink on a ground: what each of the printed patterns is drawn with.
struct Inks {
  std::array<glm::vec3, 5> color;  ///< [0] is the ground
  float texel;                     ///< in uv

  explicit Inks(Rng& rng, float texel_size) : color{}, texel(texel_size) {
    const double hue = rng.unit();
    const double spread = rng.uniform(0.08, 0.4);
    const bool dark = rng.below(3) == 0;
    for (int k = 0; k < 5; ++k) {
      const double h = hue + spread * k + rng.uniform(-0.04, 0.04);
      const double s = k == 0 ? rng.uniform(0.03, 0.35) : rng.uniform(0.35, 0.9);
      const double v = k == 0 ? (dark ? rng.uniform(0.1, 0.3) : rng.uniform(0.85, 0.97))
                              : rng.uniform(0.4, 0.95);
      color[static_cast<std::size_t>(k)] = color_of_hue(h, s, v);
    }
  }

  const glm::vec3& any(std::uint32_t thing, std::uint32_t draw) const {
    return color[1 + static_cast<std::size_t>(4 * scattered(thing, draw))];
  }
  /// 1 where `distance` (in units of which `scale` make a tile) is below 0, one texel soft.
  float cover(float distance, float scale) const {
    return glm::clamp(0.5F - distance / (scale * texel), 0.0F, 1.0F);
  }
};

float part(float x) { return x - std::floor(x); }

/// Flowers, leaves and dots strewn over the ground.
glm::vec3 strewn(const Inks& inks, const std::array<TileCells, 2>& layers,
                 const std::array<float, 2>& counts, const glm::vec2& uv) {
  glm::vec3 out = inks.color[0];
  for (std::size_t k = 0; k < 2; ++k) {
    const CellHit hit = layers[k](uv);
    // A motif ends before the middle between its point and the next, so that none is cut.
    const float size = 0.30F + 0.12F * scattered(hit.cell, 0);
    const float reach = 0.5F * (hit.next - hit.nearest);
    const float turn = glm::two_pi<float>() * scattered(hit.cell, 1);
    const float angle = std::atan2(hit.away.y, hit.away.x) + turn;
    const auto petals = static_cast<float>(3 + static_cast<int>(5 * scattered(hit.cell, 2)));
    const float wave = scattered(hit.cell, 3) < 0.7F ? 0.3F * std::cos(petals * angle) : 0.0F;
    const float outline = size * (0.72F + wave);
    const float free = -reach + 0.01F;
    out = glm::mix(out, inks.any(hit.cell, 4),
                   inks.cover(std::max(hit.nearest - outline, free), counts[k]));
    const float heart = hit.nearest - 0.3F * size;
    out = glm::mix(out, inks.any(hit.cell, 5), inks.cover(std::max(heart, free), counts[k]));
  }
  return out;
}

/// Overlapping discs with rings, as scales of a fish.
glm::vec3 scales(const Inks& inks, int count, const glm::vec2& uv) {
  const float x = uv.x * static_cast<float>(count);
  const float y = uv.y * static_cast<float>(2 * count);
  const int top = static_cast<int>(y);
  // The lowest row whose disc reaches here lies above all others.
  for (int row = top + 1; row >= top - 1; --row) {
    const int even = ((row % 2) + 2) % 2;
    const float cx =
        std::floor(x - 0.5F * static_cast<float>(even) + 0.5F) + 0.5F * static_cast<float>(even);
    const glm::vec2 d(x - cx, 0.5F * (y - static_cast<float>(row)));
    const float r = glm::length(d);
    if (d.y > 0.0F || r > 0.5F) continue;
    const float ring = std::abs(part(r * 8) - 0.5F) / 8;
    const std::size_t ink = r > 0.42F ? 0 : (r > 0.27F ? 1 : (r > 0.14F ? 2 : 3));
    return glm::mix(inks.color[ink], inks.color[4],
                    0.6F * inks.cover(ring - 0.012F, static_cast<float>(count)));
  }
  return inks.color[0];
}

/// Triangles of all inks.
glm::vec3 triangles(const Inks& inks, int count, std::uint32_t salt, const glm::vec2& uv) {
  const glm::vec2 p = uv * static_cast<float>(count);
  const glm::ivec2 cell(p);
  const glm::vec2 f = p - glm::vec2(cell);
  const auto thing = salt + static_cast<std::uint32_t>(cell.y * count + cell.x);
  const bool falling = scattered(thing, 0) < 0.5F;
  const float side = falling ? f.x - f.y : f.x + f.y - 1;
  const auto ink = [&](std::uint32_t draw) {
    return inks.color[static_cast<std::size_t>(5 * scattered(thing, draw))];
  };
  return glm::mix(ink(1), ink(2), inks.cover(side * 0.707F, static_cast<float>(count)));
}

/// Zigzag bands of several widths.
glm::vec3 zigzag(const Inks& inks, int count, const glm::vec2& uv) {
  const float n = static_cast<float>(count);
  const float bend = std::abs(part(uv.x * n) - 0.5F);
  const float y = 5 * part(uv.y * n * 0.5F + bend);
  const int band = static_cast<int>(y);
  const float line = std::abs(y - static_cast<float>(band) - 0.5F) - 0.35F;
  const auto ink = static_cast<std::size_t>(band);
  return glm::mix(inks.color[(ink + 2) % 5], inks.color[ink], inks.cover(line / 5, 0.5F * n));
}

/// Bands that cross: a tartan. Threads of both directions show in a fine twill.
glm::vec3 tartan(const Inks& inks, int count, std::uint32_t salt, const glm::vec2& uv) {
  const auto band = [&](float t) {
    const float place = part(t * static_cast<float>(count));
    const float mirrored = 2 * std::min(place, 1 - place);
    float edge = 0;
    for (std::uint32_t k = 0; k < 8; ++k) {
      edge += 0.04F + 0.2F * scattered(salt, k);
      if (mirrored < edge) return inks.color[static_cast<std::size_t>(5 * scattered(salt + 1, k))];
    }
    return inks.color[0];
  };
  const float twill = part(128 * (uv.x + uv.y)) < 0.5F ? 0.35F : 0.65F;
  return glm::mix(band(uv.x), band(uv.y), twill);
}

/// Blots with outlines, from the levels of a noise.
glm::vec3 blots(const Inks& inks, const TileFractal& a, const TileFractal& b, const glm::vec2& uv) {
  const float level = 2.2F * (a(uv) + 1) + 0.6F * b(uv);
  const int step = static_cast<int>(std::floor(level));
  const float line = std::abs(level - std::floor(level + 0.5F)) - 0.06F;
  const auto ink = static_cast<std::size_t>(((step % 5) + 5) % 5);
  return glm::mix(inks.color[ink], 0.3F * inks.color[(ink + 1) % 5], inks.cover(line, 40.0F));
}

}  // namespace

SurfaceRecipe print(Rng& rng, float texel) {
  const Inks inks(rng, texel);
  const std::uint32_t style = rng.below(6);
  const int count = 4 + 2 * static_cast<int>(rng.below(5));
  const std::uint32_t salt = rng.bits();
  struct Fields {
    std::array<TileCells, 2> layers;
    TileFractal a, b, weave;
  };
  const auto f = std::make_shared<const Fields>(
      Fields{{TileCells(count, count, 0.6F, rng), TileCells(2 * count, 2 * count, 0.7F, rng)},
             TileFractal(4, 4, 2, rng),
             TileFractal(8, 8, 2, rng),
             TileFractal(100, 100, 2, rng)});
  const float n = static_cast<float>(count);
  const float roughness = uniform(rng, 0.3, 0.85);
  const double metres = rng.uniform(0.25, 0.6);
  const auto look = [=](const glm::vec2& uv) {
    SurfacePoint p;
    switch (style) {
      case 0:
        p.color = strewn(inks, f->layers, {n, 2 * n}, uv);
        break;
      case 1:
        p.color = scales(inks, count, uv);
        break;
      case 2:
        p.color = triangles(inks, 2 * count, salt, uv);
        break;
      case 3:
        p.color = zigzag(inks, count, uv);
        break;
      case 4:
        p.color = tartan(inks, std::max(2, count / 3), salt, uv);
        break;
      default:
        p.color = blots(inks, f->a, f->b, uv);
        break;
    }
    const float weave = f->weave(uv);
    p.color *= 1 + 0.025F * weave;
    p.height = 4e-5F * weave;
    p.roughness = roughness;
    return p;
  };
  return {metres, look};
}

}  // namespace orrery
