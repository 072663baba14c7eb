#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"
#include "shaders/lib/octahedral.glsl"
#include "shaders/lib/texture.glsl"

layout(constant_id = 1) const bool kLens = false;
#include "shaders/lib/lens_rays.glsl"
#include "shaders/lib/lens.glsl"
#include "shaders/lib/surface.glsl"
#include "shaders/lib/tone.glsl"
#include "shaders/lib/sky.glsl"

// An edge pixel is the tent-weighted mean of its nine samples, after the tone curve so that a bright
// highlight cannot outweigh its neighbours.

layout(constant_id = 0) const uint kKind = 0;
#include "shaders/lib/background.glsl"
layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;
layout(set = 0, binding = BIND_LATTICE_COLOR, scalar) readonly buffer LatticeColor {
  uvec2 lattice_color[];
};
layout(set = 0, binding = BIND_COLOR, scalar) writeonly buffer Color { uint color[]; };

void main() {
  uint i = gl_GlobalInvocationID.x;
  if (i >= lists[kListEdges].count) return;
  uint index = entries[first_of(kListEdges) + i];
  uvec2 pixel = uvec2(index % view.width, index / view.width);
  ivec2 c = centre_of(pixel);
  uint stride = lattice_size().x;
  vec4 back = background_at(vec2(pixel) + 0.5);
  vec4 sum = vec4(0.0);  // premultiplied
  for (int k = 0; k < 9; ++k) {
    ivec2 d = ivec2(k % 3, k / 3) - 1;
    ivec2 at = c + d;
    uvec2 stored = lattice_color[uint(at.y) * stride + uint(at.x)];
    vec4 x = texelFetch(visibility_map, at, 0).r == 0u
                 ? back
                 : vec4(unpackHalf2x16(stored.x), unpackHalf2x16(stored.y));
    float weight = float((2 - abs(d.x)) * (2 - abs(d.y))) / 16.0;
    sum += weight * vec4(x.rgb * x.a, x.a);
  }
  color[index] = srgb_from_linear(vec4(sum.a > 0.0 ? sum.rgb / sum.a : vec3(0.0), sum.a));
}
