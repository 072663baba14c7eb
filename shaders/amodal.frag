#version 460
#include "shaders/lib/bindings.glsl"


layout(push_constant, scalar) uniform Push {
  uint draw;
  uint bit;
} push;
layout(location = 0) out uint bits;

void main() {
  bits = 1u << push.bit;
}
