#pragma once

// The shading functions of shaders/lib, as members of what they read.

#include "renderer/host/records.hpp"
#include "shaders/shared/types.h"

namespace orrery::host::LANES {

using shader::GpuGobo;
using shader::GpuLight;
using shader::kAlphaBlend;
using shader::kBackgroundPhoto;
using shader::kBackgroundSky;
using shader::kLightSpot;
using shader::kLightSun;
using shader::kMaxKnownLights;
using shader::kNoRay;
using shader::kNoShadow;
using shader::kShadowCatcher;
using shader::kShadowSide;
using shader::kShadowTile;
using shader::kSkySide;
using shader::kSpecularSide;
using shader::uint;

/// The part of shader::Draw that shading reads, a draw a lane.
struct Draw {
  vec4 camera_from_object[3];
  uvec4 ids;
};

/// shader::GpuMaterial, a material a lane.
struct GpuMaterial {
  vec4 base_color;
  vec4 emissive_metallic;
  vec4 surface;
  uvec4 base;
  uvec4 detail;
  uvec4 emission;
};

/// shader::GpuFinish, a finish a lane.
struct GpuFinish {
  vec4 amounts;
  vec4 place;
  vec4 dirt;
  vec4 uv;
  vec4 picture;
  uvec4 textures;
};

struct Shader {
  const shader::ViewConstants& view;
  Records<Draw, shader::Draw, offsetof(shader::Draw, camera_from_object) / 4> draws;
  Records<GpuMaterial, shader::GpuMaterial, 0> materials;
  Records<GpuFinish, shader::GpuFinish, 0> finishes;
  Quads vertex_words;
  Triples triangles;
  Words texels;
  Quads sky_quads;
  Floats shadow_maps;
  Floats shadow_tiles;
  Floats nearness;      // a pixel each
  Floats raw_cells;     // two a cell
  Floats smooth_cells;  // two a cell
  Floats lens_slopes;   // two a sample of the lattice
  uint kMaps;
  bool kLens;
  bool kShadows;
  bool kOcclusion;
  bool kSeeThrough;
  uint kKind;
  uint kLights;
  bool kFinish;

  LANES_INLINE Float nearness_at(Int x, Int y) const {
    return nearness[Uint(y) * view.width + Uint(x)];
  }
  LANES_INLINE vec2 cell_of(Floats cells, Int x, Int y) const {
    const Uint at = (Uint(y) * ((view.width + 1U) / 2U) + Uint(x)) * 2U;
    return {cells[at], cells[at + 1U]};
  }
  LANES_INLINE vec2 raw_cell(Int x, Int y) const { return cell_of(raw_cells, x, y); }
  LANES_INLINE vec2 smooth_cell(Int x, Int y) const { return cell_of(smooth_cells, x, y); }

  LANES_INLINE vec2 lens_slope(Uint sample) const {
    return {lens_slopes[sample * 2U], lens_slopes[sample * 2U + 1U]};
  }

  LANES_INLINE Float nearest_caster(vec2 uv, uint layer) const {
    constexpr int side = kShadowSide / kShadowTile;
    const Int x = clamp(Int(uv.x * static_cast<float>(side)), 0, side - 1);
    const Int y = clamp(Int(uv.y * static_cast<float>(side)), 0, side - 1);
    return shadow_tiles[Uint(y * side + x) + layer * side * side];
  }

  // To GLSL 0.5 is a float.
  // clang-format off
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wfloat-conversion"
#include "shaders/lib/octahedral.glsl"
#include "shaders/lib/texture.glsl"
#include "shaders/lib/lens.glsl"
#include "shaders/lib/surface.glsl"
#include "shaders/lib/brdf.glsl"
#include "shaders/lib/tone.glsl"
#include "shaders/lib/sky.glsl"
#include "shaders/lib/background.glsl"
#include "shaders/lib/shadow.glsl"
#include "shaders/lib/occlusion.glsl"
#include "shaders/lib/occlusion_blur.glsl"
#include "shaders/lib/open_fraction.glsl"
#include "shaders/lib/base.glsl"
#include "shaders/lib/finish.glsl"
#include "shaders/lib/shade.glsl"
#pragma GCC diagnostic pop
  // clang-format on
};

}  // namespace orrery::host::LANES
