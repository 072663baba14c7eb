#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/texture.glsl"
#include "shaders/lib/alpha.glsl"

layout(push_constant, scalar) uniform Push {
  uint draw;
  uint bit;
} push;
layout(location = 0) in vec2 uv;
layout(location = 1) in float alpha;
layout(location = 0) out uint bits;

void main() {
  if (!is_there(draws[push.draw].ids.y, uv, alpha)) discard;
  bits = 1u << push.bit;
}
