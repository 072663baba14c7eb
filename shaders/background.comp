#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/octahedral.glsl"
#include "shaders/lib/texture.glsl"

layout(constant_id = 1) const bool kLens = false;
#include "shaders/lib/lens_rays.glsl"
#include "shaders/lib/lens.glsl"
#include "shaders/lib/surface.glsl"
#include "shaders/lib/tone.glsl"
#include "shaders/lib/sky.glsl"

layout(constant_id = 0) const uint kKind = 0;  // one variant per kind: dead branches cost nothing
#include "shaders/lib/background.glsl"
layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_COLOR, scalar) writeonly buffer Color { uint color[]; };

void main() {
  uint i = gl_GlobalInvocationID.x;
  if (i >= view.width * view.height) return;
  vec2 pixel = vec2(i % view.width, i / view.width) + 0.5;
  color[i] = srgb_from_linear(background_at(pixel));
}
