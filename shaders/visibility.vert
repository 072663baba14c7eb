#version 460
#include "shaders/lib/bindings.glsl"

layout(push_constant, scalar) uniform Push { uint draw; } push;

void main() {
  vec3 position = uintBitsToFloat(vertex_words[2 * gl_VertexIndex].xyz);
  gl_Position = draws[push.draw].clip_from_object * vec4(position, 1.0);
}
