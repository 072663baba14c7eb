#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"
#include "shaders/lib/octahedral.glsl"

layout(constant_id = 0) const bool kLens = false;
#include "shaders/lib/lens_rays.glsl"
#include "shaders/lib/lens.glsl"
#include "shaders/lib/surface.glsl"

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_LATTICE_DEPTH) uniform sampler2D lattice_depth;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;
layout(set = 0, binding = BIND_OCCLUSION, scalar) writeonly buffer Occlusion { vec2 occlusion[]; };

float nearness_at(int x, int y) {
  return texelFetch(lattice_depth, centre_of(uvec2(x, y)), 0).r;
}

#include "shaders/lib/occlusion.glsl"

void main() {
  uint i = gl_GlobalInvocationID.x;
  uvec4 cells = occlusion_bounds();
  uint columns = cells.z - cells.x;
  if (i >= columns * (cells.w - cells.y)) return;
  uvec2 cell = cells.xy + uvec2(i % columns, i / columns);
  uint here = texelFetch(visibility_map, centre_of(2u * cell), 0).r;
  if (here == 0u) return;  // the cell stays cleared: depth 0
  occlusion[cell.y * ((view.width + 1u) / 2u) + cell.x] = occlusion_cell(here, cell);
}
