#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/canvas_rays.glsl"
#include "shaders/lib/texture.glsl"
#include "shaders/lib/alpha.glsl"
#include "shaders/lib/lens_hit.glsl"

layout(location = 0) out uint bits;

void main() {
  uint columns = uint(view.canvas.z);
  Hit hit = hit_by(lens_slopes[uint(gl_FragCoord.y) * columns + uint(gl_FragCoord.x)]);
  if (!hit.there || !is_opaque(hit)) discard;
  bits = 1u << push.bit;
}
