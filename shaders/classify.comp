#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"

// Sorts the pixels into work: which have a surface to shade, and which of those (or of their
// neighbours) lie on an edge and need the samples around them too. Depth over the lattice is linear
// in the image on any plane, so its second difference finds outlines and creases alike.

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;
layout(set = 0, binding = BIND_LATTICE_DEPTH) uniform sampler2D lattice_depth;

// A bend of this much slope, in units of one lattice step, is a crease worth more samples.
const float kBend = 0.35;

void main() {
  uint i = gl_GlobalInvocationID.x;
  uint columns = view.bounds.z - view.bounds.x;
  if (i >= columns * (view.bounds.w - view.bounds.y)) return;
  uvec2 pixel = view.bounds.xy + uvec2(i % columns, i / columns);
  uint index = pixel.y * view.width + pixel.x;
  ivec2 c = centre_of(pixel);
  uint here = texelFetch(visibility_map, c, 0).r;
  if (here != 0u) append(list_of(here), uint(c.y) * lattice_size().x + uint(c.x));
  if (view.occlusion_radius > 0.0 && here != 0u && ((pixel.x | pixel.y) & 1u) == 0u) {
    append(kListOcclusion, index);
  }
  if (view.rate == 2u) {
    float z = texelFetch(lattice_depth, c, 0).r;
    float left = texelFetch(lattice_depth, c - ivec2(1, 0), 0).r;
    float right = texelFetch(lattice_depth, c + ivec2(1, 0), 0).r;
    float up = texelFetch(lattice_depth, c - ivec2(0, 1), 0).r;
    float down = texelFetch(lattice_depth, c + ivec2(0, 1), 0).r;
    float bend = max(abs(left - 2.0 * z + right), abs(up - 2.0 * z + down));
    float nearest = max(max(max(left, right), max(up, down)), z);
    if (bend > nearest * (kBend * 0.5 / view.fx)) append(kListEdges, index);
  }
}
