#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_OCCLUSION, scalar) buffer Occlusion { vec2 occlusion[]; };

vec2 raw_cell(int x, int y) {
  return occlusion[uint(y) * ((view.width + 1u) / 2u) + uint(x)];
}

#include "shaders/lib/occlusion_blur.glsl"

void main() {
  uint i = gl_GlobalInvocationID.x;
  uvec4 cells = occlusion_bounds();
  uint columns = cells.z - cells.x;
  if (i >= columns * (cells.w - cells.y)) return;
  uvec2 at = cells.xy + uvec2(i % columns, i / columns);
  uvec2 size = uvec2((view.width + 1u) / 2u, (view.height + 1u) / 2u);
  vec2 here = occlusion[at.y * size.x + at.x];
  if (here.y == 0.0) return;
  occlusion[size.x * size.y + at.y * size.x + at.x] = blurred_cell(here, int(at.x), int(at.y));
}
