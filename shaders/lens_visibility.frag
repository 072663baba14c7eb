#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lens_rays.glsl"
#include "shaders/lib/texture.glsl"
#include "shaders/lib/alpha.glsl"
#include "shaders/lib/lens_hit.glsl"

layout(location = 0) out uint visibility;

void main() {
  uint columns = view.width * view.rate + view.rate - 1u;
  Hit hit = hit_by(lens_slopes[uint(gl_FragCoord.y) * columns + uint(gl_FragCoord.x)]);
  if (!hit.there) discard;
  visibility = (push.draw + 1u) << view.primitive_bits | primitive;
  gl_FragDepth = hit.nearness;
}
