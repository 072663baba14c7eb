#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"

// Averages the occlusion pattern over 4 × 4 neighbours at like depth.

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_OCCLUSION, scalar) buffer Occlusion { vec2 occlusion[]; };

void main() {
  uint i = gl_GlobalInvocationID.x;
  uvec4 cells = occlusion_bounds();
  uint columns = cells.z - cells.x;
  if (i >= columns * (cells.w - cells.y)) return;
  ivec2 size = ivec2((view.width + 1u) / 2u, (view.height + 1u) / 2u);
  ivec2 at = ivec2(cells.xy + uvec2(i % columns, i / columns));
  vec2 here = occlusion[at.y * size.x + at.x];
  if (here.y == 0.0) return;
  float sum = 0.0;
  float weights = 0.0;
  for (int k = 0; k < 16; ++k) {
    ivec2 p = clamp(at + ivec2(k % 4, k / 4) - ivec2(1, 1), ivec2(0), size - 1);
    vec2 there = occlusion[p.y * size.x + p.x];
    float w = max(0.0, 1.0 - 25.0 * abs(there.y - here.y) / here.y) + (p == at ? 1e-3 : 0.0);
    sum += w * there.x;
    weights += w;
  }
  occlusion[size.x * size.y + at.y * size.x + at.x] = vec2(sum / weights, here.y);
}
