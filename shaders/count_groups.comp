#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"

// Turns the lengths of the lists into the sizes of the dispatches that work through them.

layout(local_size_x = kLists) in;

void main() {
  uint list = gl_LocalInvocationIndex;
  lists[list].groups = (lists[list].count + kGroup - 1u) / kGroup;
}
