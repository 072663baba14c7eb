#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"
#include "shaders/lib/octahedral.glsl"
#include "shaders/lib/texture.glsl"

layout(constant_id = 7) const bool kLens = false;
#include "shaders/lib/lens_rays.glsl"
#include "shaders/lib/lens.glsl"
#include "shaders/lib/surface.glsl"
#include "shaders/lib/brdf.glsl"
#include "shaders/lib/tone.glsl"
#include "shaders/lib/sky.glsl"

// Shades the listed samples. A sample at a pixel's centre also writes that pixel's colour and labels.
// Software devices run both sides of every branch, so what a run does not need is compiled out.

layout(constant_id = 0) const uint kMaps = 2;           // 0: no texture, 1: base colour, 2: all maps
layout(constant_id = 1) const bool kShadows = true;
layout(constant_id = 2) const bool kOcclusion = true;
layout(constant_id = 3) const bool kSeeThrough = true;  // blended surfaces or a shadow catcher
layout(constant_id = 5) const uint kKind = 0;            // of background
layout(constant_id = 4) const bool kNormals = true;     // the normal plane was asked for
layout(constant_id = 6) const uint kLights = 99;        // above kMaxKnownLights: as the view says
layout(constant_id = 8) const bool kFinish = true;      // some object has a finish of its own

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;
layout(set = 0, binding = BIND_OPAQUE_VISIBILITY) uniform usampler2D opaque_map;
layout(set = 0, binding = BIND_OCCLUSION, scalar) readonly buffer Occlusion { vec2 occlusion[]; };
layout(set = 0, binding = BIND_SHADOW, scalar) readonly buffer ShadowMaps { float shadow_maps[]; };
layout(set = 0, binding = BIND_FINISHES, scalar) readonly buffer Finishes { GpuFinish finishes[]; };
layout(set = 0, binding = BIND_LATTICE_COLOR, scalar) writeonly buffer LatticeColor {
  uvec2 lattice_color[];
};
layout(set = 0, binding = BIND_COLOR, scalar) writeonly buffer Color { uint color[]; };
layout(set = 0, binding = BIND_ID, scalar) writeonly buffer Id { uint16_t id[]; };
layout(set = 0, binding = BIND_DEPTH, scalar) writeonly buffer Depth { float depth[]; };
layout(set = 0, binding = BIND_NORMAL, scalar) writeonly buffer Normal { uint normal[]; };

vec2 smooth_cell(int x, int y) {
  uvec2 size = uvec2((view.width + 1u) / 2u, (view.height + 1u) / 2u);
  return occlusion[size.x * size.y + uint(y) * size.x + uint(x)];
}

// Knowing nothing better, the nearest depth there is.
float nearest_caster(vec2 uv, uint layer) { return 0.0; }

#include "shaders/lib/background.glsl"
#include "shaders/lib/shadow.glsl"
#include "shaders/lib/open_fraction.glsl"
#include "shaders/lib/base.glsl"
#include "shaders/lib/finish.glsl"
#include "shaders/lib/shade.glsl"

void main() {
  uint i = gl_GlobalInvocationID.x;
  uint list = kMaps > 0u ? kListSamples : kListPlainSamples;
  if (i >= lists[list].count) return;
  uint sample_index = entries[first_of(list) + i];
  uint stride = lattice_size().x;
  uvec2 at = uvec2(sample_index % stride, sample_index / stride);
  vec2 pixel = pixel_position(at);
  uint here = texelFetch(visibility_map, ivec2(at), 0).r;
  Surface s = surface_at(here, pixel, kMaps > 0u, kMaps > 1u);
  uint below = kSeeThrough ? texelFetch(opaque_map, ivec2(at), 0).r : 0u;
  vec4 result = shaded(s, here, below, pixel);
  if (view.rate == 2u) {
    lattice_color[sample_index] =
        uvec2(packHalf2x16(result.rg), packHalf2x16(result.ba));
  }
  bool centre = view.rate == 1u || (at.x & at.y & 1u) == 1u;
  if (centre) {
    uvec2 p = view.rate == 2u ? at >> 1u : at;
    uint o = p.y * view.width + p.x;
    color[o] = srgb_from_linear(result);
    id[o] = uint16_t(s.id);
    depth[o] = s.position.z;
    if (kNormals) normal[o] = pack_normal(s.normal);
  }
}
