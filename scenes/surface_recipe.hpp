#pragma once

#include <functional>
#include <glm/glm.hpp>
#include <initializer_list>

#include "scenes/random.hpp"
#include "scenes/tile_noise.hpp"

namespace orrery {

/// A point of a surface material.
struct SurfacePoint {
  glm::vec3 color{0.5F};  ///< sRGB in [0, 1]: drawn where eyes and swatches judge colours
  float height = 0;       ///< metres, out of the surface
  float roughness = 0.7F;
  float metallic = 0;
  float occlusion = 1;
};

/// How one surface material is drawn.
struct SurfaceRecipe {
  double metres = 1;                                   ///< side of the tile in the world
  std::function<SurfacePoint(const glm::vec2&)> look;  ///< at (u, v), v downwards, in [0, 1)²
};

/// Each draws its colours, scale and pattern first, all from `rng`. `texel` is the size of a texel
/// in uv: edges must be no sharper than that.
using DrawSurface = SurfaceRecipe(Rng& rng, float texel);
DrawSurface wood, planks;                              // surface_wood.cpp
DrawSurface cloth, denim, felt, carpet;                // surface_woven.cpp
DrawSurface marble, granite, concrete, plaster;        // surface_stone.cpp
DrawSurface tiles, brick;                              // surface_laid.cpp
DrawSurface paper, cardboard, cork, leather, brushed;  // surface_sheet.cpp
DrawSurface print;                                     // surface_print.cpp
DrawSurface asphalt, paving, grass;                    // surface_outdoor.cpp

/// A colour between two of the given ones, mostly one of them, and a little off.
glm::vec3 drawn_color(Rng& rng, std::initializer_list<glm::vec3> palette);

/// sRGB of a hue (turns), saturation and value.
glm::vec3 color_of_hue(double hue, double saturation, double value);

inline float uniform(Rng& rng, double low, double high) {
  return static_cast<float>(rng.uniform(low, high));
}

}  // namespace orrery
