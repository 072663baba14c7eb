#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"

// Puts the eight samples around each edge pixel's centre on the list of samples, once each.

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;

void main() {
  uint i = gl_GlobalInvocationID.x;
  if (i >= lists[kListEdges].count) return;
  uint pixel = entries[first_of(kListEdges) + i];
  ivec2 c = centre_of(uvec2(pixel % view.width, pixel / view.width));
  uint stride = lattice_size().x;
  for (int k = 0; k < 9; ++k) {
    if (k == 4) continue;  // the centre is listed already
    ivec2 at = c + ivec2(k % 3, k / 3) - 1;
    uint here = texelFetch(visibility_map, at, 0).r;
    if (here == 0u) continue;
    uint sample_index = uint(at.y) * stride + uint(at.x);
    uint bit = 1u << (sample_index & 31u);
    if ((atomicOr(wanted[sample_index >> 5u], bit) & bit) == 0u) {
      append(list_of(here), sample_index);
    }
  }
}
