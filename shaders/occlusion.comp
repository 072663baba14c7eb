#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"
#include "shaders/lib/octahedral.glsl"
#include "shaders/lib/surface.glsl"

// Ambient occlusion at every second pixel: how much of the hemisphere the depth around it hides.
// Source: Jimenez et al., Practical Realtime Strategies for Accurate Indirect Occlusion (GTAO),
// 2016; one slice a cell, turned in a 4 × 4 pattern that the blur pass averages.

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_LATTICE_DEPTH) uniform sampler2D lattice_depth;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;
layout(set = 0, binding = BIND_OCCLUSION, scalar) writeonly buffer Occlusion { vec2 occlusion[]; };

const int kSteps = 4;

vec3 position_at(ivec2 pixel) {
  ivec2 inside = clamp(pixel, ivec2(0), ivec2(view.width, view.height) - 1);
  float z = view.near_m / max(texelFetch(lattice_depth, centre_of(uvec2(inside)), 0).r, 1e-7);
  return ray_through(vec2(inside) + 0.5) * z;
}

// Cosine-weighted open fraction of a slice between two horizons, normal at angle n from the view.
float open_arc(float h1, float h2, float n) {
  vec2 h = vec2(h1, h2);
  vec2 arc = cos(n) + 2.0 * h * sin(n) - cos(2.0 * h - n);
  return 0.25 * (arc.x + arc.y);
}

void main() {
  uint i = gl_GlobalInvocationID.x;
  uvec4 cells = occlusion_bounds();
  uint columns = cells.z - cells.x;
  if (i >= columns * (cells.w - cells.y)) return;
  uvec2 cell = cells.xy + uvec2(i % columns, i / columns);
  ivec2 pixel = ivec2(2u * cell);
  uint here = texelFetch(visibility_map, centre_of(uvec2(pixel)), 0).r;
  if (here == 0u) return;  // the cell stays cleared: depth 0
  Surface s = surface_at(here, vec2(pixel) + 0.5, false, false);
  vec3 to_eye = -normalize(s.position);
  float radius_px = clamp(view.occlusion_radius * view.fx / s.position.z, 4.0, 120.0);
  uint k16 = cell.y % 4u * 4u + cell.x % 4u;
  float turn = (float(k16 * 7u % 16u) + 0.5) / 16.0;
  float shift = (float(k16 * 5u % 16u) + 0.5) / 16.0;
  float angle = 3.14159265 * turn;
  vec2 across = vec2(cos(angle), sin(angle));
  vec3 direction = vec3(across, 0.0);
  vec3 in_plane = direction - dot(direction, to_eye) * to_eye;
  vec3 axis = normalize(cross(in_plane, to_eye));
  vec3 projected = s.normal - axis * dot(s.normal, axis);
  float length_n = length(projected) + 1e-5;
  float n = sign(dot(in_plane, projected)) *
            acos(clamp(dot(projected, to_eye) / length_n, -1.0, 1.0));
  vec2 horizon = vec2(cos(n - 1.5707963), cos(n + 1.5707963));
  for (int k = 0; k < kSteps; ++k) {
    float reach = (float(k) + shift) / float(kSteps);
    vec2 offset = across * (1.5 + reach * reach * radius_px);
    vec3 d1 = position_at(pixel - ivec2(round(offset))) - s.position;
    vec3 d2 = position_at(pixel + ivec2(round(offset))) - s.position;
    vec2 far = vec2(length(d1), length(d2));
    vec2 cosine = vec2(dot(d1, to_eye), dot(d2, to_eye)) / max(far, vec2(1e-6));
    // What lies beyond the radius fades out instead of darkening everything behind it, and what
    // hardly rises above the surface is the surface itself, seen through rounded offsets.
    vec2 rise = vec2(dot(d1, s.geometric), dot(d2, s.geometric)) / max(far, vec2(1e-6));
    vec2 weight = clamp(2.0 - 2.0 * far / view.occlusion_radius, 0.0, 1.0) *
                  smoothstep(vec2(0.02), vec2(0.12), rise);
    horizon = max(horizon, mix(horizon, cosine, weight));
  }
  float h1 = n + max(-acos(clamp(horizon.x, -1.0, 1.0)) - n, -1.5707963);
  float h2 = n + min(acos(clamp(horizon.y, -1.0, 1.0)) - n, 1.5707963);
  float open = length_n * open_arc(h1, h2, n);
  occlusion[cell.y * ((view.width + 1u) / 2u) + cell.x] = vec2(clamp(open, 0.0, 1.0), s.position.z);
}
