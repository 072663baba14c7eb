#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <vector>

#include "scenes/random.hpp"

namespace orrery {

/// Gradient noise on a lattice of columns × rows that repeats over the unit square: texel (0,0)
/// continues texel (1,1). Mean 0, within ±1. Source: Perlin, Improving Noise, SIGGRAPH 2002, with
/// the lattice's indices taken modulo its size.
class TileNoise {
 public:
  TileNoise(int columns, int rows, Rng& rng);
  /// `uv` may lie up to 16 outside the unit square.
  float operator()(glm::vec2 uv) const;

 private:
  int columns_, rows_;
  std::vector<glm::vec2> gradients_;
  glm::vec2 shift_;  ///< lattice points of two noises, where both are 0, shall not coincide
};

/// Octaves of tileable noise, each of twice the frequency and `gain` times the height of the one
/// before. Standard deviation about 1/3. Source: Musgrave, in Texturing and Modeling, 1994.
class TileFractal {
 public:
  TileFractal(int columns, int rows, int octaves, Rng& rng, float gain = 0.5F);
  float operator()(glm::vec2 uv) const;

 private:
  std::vector<TileNoise> octaves_;
  std::vector<float> amplitudes_;
};

/// What lies around a point among scattered feature points; lengths in cells of the lattice.
struct CellHit {
  float nearest = 0;       ///< distance to the nearest feature point
  float next = 0;          ///< and to the one after
  glm::vec2 away{0.0F};    ///< from the nearest feature point to here
  std::uint32_t cell = 0;  ///< a number of the nearest point, the same all over its cell
};

/// One feature point in each cell of a lattice that repeats over the unit square. Source: Worley,
/// A Cellular Texture Basis Function, SIGGRAPH 1996.
class TileCells {
 public:
  /// `jitter` 0: a square grid; 1: anywhere in the cell. At least 3 × 3 cells.
  TileCells(int columns, int rows, float jitter, Rng& rng);
  CellHit operator()(glm::vec2 uv) const;

 private:
  int columns_, rows_;
  std::vector<glm::vec2> points_;  ///< in their cells, [0, 1]
  std::uint32_t salt_;
};

/// Uniform in [0, 1), a pure function of both: draw `draw` of thing `thing`.
float scattered(std::uint32_t thing, std::uint32_t draw);

}  // namespace orrery
