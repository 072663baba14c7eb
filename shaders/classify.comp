#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"

// Sorts the pixels into work: which have a surface to shade, and which lie on an edge and need the
// samples around their centre too. Depth over the lattice is linear in the image on any plane, so its
// second difference finds outlines and creases alike. An invocation sorts a run of pixels, so that it
// claims room on a list once and not once a pixel.

layout(constant_id = 0) const bool kEdges = true;

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;
layout(set = 0, binding = BIND_LATTICE_DEPTH) uniform sampler2D lattice_depth;

// A bend of this much slope over a pixel is a crease worth more samples.
const float kBend = 0.5;

// `left` is the depth to the left of `c`, and leaves as that to its right.
bool is_edge(ivec2 c, inout float left) {
  float z = texelFetch(lattice_depth, c, 0).r;
  float right = texelFetch(lattice_depth, c + ivec2(1, 0), 0).r;
  float up = texelFetch(lattice_depth, c - ivec2(0, 1), 0).r;
  float down = texelFetch(lattice_depth, c + ivec2(0, 1), 0).r;
  float bend = max(abs(left - 2.0 * z + right), abs(up - 2.0 * z + down));
  float nearest = max(max(max(left, right), max(up, down)), z);
  left = right;
  return bend > nearest * (kBend * 0.5 / view.fx);
}

// Appends `first + k * step` for every set bit k.
void append_run(uint list, uint bits, uint first, uint step) {
  uint at = first_of(list) + atomicAdd(lists[list].count, uint(bitCount(bits)));
  while (bits != 0u) {
    entries[at++] = first + uint(findLSB(bits)) * step;
    bits &= bits - 1u;
  }
}

void main() {
  uint i = gl_GlobalInvocationID.x;
  uint runs = (view.bounds.z - view.bounds.x + kRun - 1u) / kRun;
  uvec2 first = uvec2(view.bounds.x + i % runs * kRun, view.bounds.y + i / runs);
  if (first.y >= view.bounds.w) return;
  uint textured = 0u;
  uint plain = 0u;
  uint edges = 0u;
  float left = kEdges ? texelFetch(lattice_depth, centre_of(first) - ivec2(1, 0), 0).r : 0.0;
  uint count = min(kRun, view.bounds.z - first.x);
  for (uint k = 0u; k < count; ++k) {
    ivec2 c = centre_of(first + uvec2(k, 0u));
    uint here = texelFetch(visibility_map, c, 0).r;
    uint is_plain = list_of(here) == kListPlainSamples ? 1u : 0u;
    textured |= (here != 0u ? 1u - is_plain : 0u) << k;
    plain |= (here != 0u ? is_plain : 0u) << k;
    if (kEdges) edges |= (is_edge(c, left) ? 1u : 0u) << k;
  }
  ivec2 c = centre_of(first);
  uint at = uint(c.y) * lattice_size().x + uint(c.x);
  append_run(kListSamples, textured, at, view.rate);
  append_run(kListPlainSamples, plain, at, view.rate);
  if (kEdges) append_run(kListEdges, edges, first.y * view.width + first.x, 1u);
}
