// The grid of a lens's rays over the lattice. Needs bindings.glsl.

layout(set = 0, binding = BIND_LENS_RAYS, scalar) readonly buffer LensRays {
  vec4 lens_tiles[kLensTiles + 1u];
  vec2 lens_slopes[];
};

vec2 lens_slope(uint index) { return lens_slopes[index]; }
