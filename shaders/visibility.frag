#version 460
#include "shaders/lib/bindings.glsl"

layout(push_constant, scalar) uniform Push { uint draw; } push;
layout(location = 0) out uint visibility;

void main() { visibility = (push.draw + 1u) << view.primitive_bits | uint(gl_PrimitiveID); }
