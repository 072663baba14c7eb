// The grid of a lens's rays through the pixels of the amodal canvas. Needs bindings.glsl.

layout(set = 0, binding = BIND_CANVAS_RAYS, scalar) readonly buffer CanvasRays {
  vec4 lens_tiles[kLensTiles + 1u];
  vec2 lens_slopes[];
};
