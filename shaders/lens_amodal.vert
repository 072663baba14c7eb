#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/canvas_rays.glsl"

vec2 grid_from_pixel(vec2 pixel) { return pixel - vec2(view.canvas.xy); }

#include "shaders/lib/lens_quad.glsl"

void main() { main_over(vec2(view.canvas.zw)); }
