#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shaders/shared/types.h"

namespace orrery::host {

/// Everything that shading one view reads and writes, all of it in the host's memory. Lattices have
/// rows of lattice_size().x samples, and hold this view within ViewConstants::bounds only; planes
/// have a pixel's data each, rows from the top.
struct ShadingJob {
  const shader::ViewConstants* view;
  const shader::Draw* draws;
  const shader::GpuMaterial* materials;
  const shader::GpuFinish* finishes;  ///< null: no object has one
  const std::uint32_t* vertices;
  const std::uint32_t* triangles;
  const std::uint32_t* texels;
  const std::uint32_t* sky_quads;
  const float* shadow_maps;
  const float* shadow_tiles;  ///< shadow_tiles_from() of each map

  const std::uint32_t* visibility;         ///< lattice
  const std::uint32_t* opaque_visibility;  ///< lattice; null: nothing is seen through
  const float* nearness;                   ///< lattice: near / depth, 0 where nothing is

  const float* lens_slopes;  ///< lattice, two a sample: see LensRays; null: a pinhole

  bool antialias;
  bool shadows;
  bool occlusion;
  std::uint32_t maps;             ///< 0: no texture, 1: base colour, 2: all maps
  std::uint32_t background_srgb;  ///< of a background of one colour

  std::uint32_t* scratch;  ///< scratch_words() of them; what they hold does not matter
  std::uint32_t* color;
  std::uint16_t* id;
  float* depth;
  std::uint32_t* normal;  ///< null: not wanted
};

/// What the job needs to note down in passing.
std::size_t scratch_words(const shader::ViewConstants& view);

/// Tiles of kShadowTile texels a side that a shadow map has.
constexpr std::size_t kShadowTiles = std::size_t{shader::kShadowSide / shader::kShadowTile} *
                                     (shader::kShadowSide / shader::kShadowTile);

/// The least depth in each tile of `map` and its eight neighbours, rows from the top.
void shadow_tiles_from(const float* map, float* tiles);

/// How many elements past a lattice's end may be read, never used.
constexpr std::size_t kPadding = 64;

using Shade = void(const ShadingJob&);

/// The compute passes of shaders/ in native code, for devices whose memory and processor are the
/// host's: on those it is several times faster. Every kind that this processor runs, fastest first;
/// all of them compute the same values.
std::vector<Shade*> native_shadings();

}  // namespace orrery::host
