#version 460
#include "shaders/lib/bindings.glsl"

layout(push_constant, scalar) uniform Push { uint draw; } push;

layout(location = 0) out vec2 uv;
layout(location = 1) out float alpha;

void main() {
  uint i = uint(gl_VertexIndex);
  uvec4 head = vertex_words[2 * i];
  uvec4 tail = vertex_words[2 * i + 1];
  uv = uintBitsToFloat(tail.yz);
  alpha = unpackUnorm4x8(tail.w).a;
  gl_Position = draws[push.draw].clip_from_object * vec4(uintBitsToFloat(head.xyz), 1.0);
}
