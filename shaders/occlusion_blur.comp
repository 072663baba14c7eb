#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"

// Averages the occlusion pattern over 4 × 4 neighbours on the same surface: 1 / depth is linear in the
// image on a plane, so its slope here foretells the depth of a neighbour that belongs.

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_OCCLUSION, scalar) buffer Occlusion { vec2 occlusion[]; };

// Step of 1 / depth to the next cell: the gentler side's, as the other may lie across an edge.
float slope_of(ivec2 at, ivec2 d, ivec2 size, float z) {
  ivec2 a = max(at - d, ivec2(0));
  ivec2 b = min(at + d, size - 1);
  float za = occlusion[a.y * size.x + a.x].y;
  float zb = occlusion[b.y * size.x + b.x].y;
  float back = za == 0.0 ? 1e9 : 1.0 / z - 1.0 / za;
  float forth = zb == 0.0 ? 1e9 : 1.0 / zb - 1.0 / z;
  float slope = abs(back) < abs(forth) ? back : forth;
  return abs(slope) < 1e8 ? slope : 0.0;
}

void main() {
  uint i = gl_GlobalInvocationID.x;
  uvec4 cells = occlusion_bounds();
  uint columns = cells.z - cells.x;
  if (i >= columns * (cells.w - cells.y)) return;
  ivec2 size = ivec2((view.width + 1u) / 2u, (view.height + 1u) / 2u);
  ivec2 at = ivec2(cells.xy + uvec2(i % columns, i / columns));
  vec2 here = occlusion[at.y * size.x + at.x];
  if (here.y == 0.0) return;
  vec2 slope = vec2(slope_of(at, ivec2(1, 0), size, here.y), slope_of(at, ivec2(0, 1), size, here.y));
  float sum = 0.0;
  float weights = 0.0;
  for (int k = 0; k < 16; ++k) {
    ivec2 p = clamp(at + ivec2(k % 4, k / 4) - ivec2(1, 1), ivec2(0), size - 1);
    vec2 there = occlusion[p.y * size.x + p.x];
    float expected = 1.0 / here.y + dot(slope, vec2(p - at));
    float w = there.y == 0.0 ? 0.0 : max(0.0, 1.0 - 25.0 * abs(1.0 - there.y * expected));
    w += p == at ? 1e-3 : 0.0;
    sum += w * there.x;
    weights += w;
  }
  occlusion[size.x * size.y + at.y * size.x + at.x] = vec2(sum / weights, here.y);
}
