#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lens_rays.glsl"

vec2 grid_from_pixel(vec2 pixel) { return view.rate == 2u ? 2.0 * pixel + 0.5 : pixel; }

#include "shaders/lib/lens_quad.glsl"

void main() { main_over(vec2(view.width, view.height) * view.rate + (view.rate - 1u)); }
