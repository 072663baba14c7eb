// Rays through the image. A pinhole's are worked out; a lens's are read from a grid that the host has
// made, one for every sample of the lattice, so that no shader knows any lens model. Needs kLens and
// lens_slope(), the grid's values. Shared with C++: see lanes.glsl.

// Slope of the ray through a place of the lattice, which may stand outside of the image a little.
vec2 lens_slope_at(vec2 pixel) {
  float rate = float(view.rate);
  float shift = view.rate == 2u ? 0.25 : -0.25;
  int columns = int(view.width * view.rate + view.rate - 1u);
  int rows = int(view.height * view.rate + view.rate - 1u);
  Int x = clamp(Int(pixel.x * rate + shift), 0, columns - 1);
  Int y = clamp(Int(pixel.y * rate + shift), 0, rows - 1);
  return lens_slope(Uint(y * columns + x));
}

// `pixel`: a place of the lattice.
vec3 ray_through(vec2 pixel) {
  if (kLens) return vec3(lens_slope_at(pixel), Float(1.0));
  return vec3((pixel.x - view.cx) / view.fx, (pixel.y - view.cy) / view.fy, Float(1.0));
}

// Whether the lens sees anything along a ray.
Bool is_seen(vec3 ray) { return abs(ray.x) < 0.5 * kNoRay; }

// From a place's ray to that of the next pixel to the right, or down; at the edge of the image or of
// the lens's field from the pixel before.
vec3 ray_step(vec3 ray, vec2 pixel, float dx, float dy) {
  vec2 ahead = lens_slope_at(vec2(pixel.x + dx, pixel.y + dy));
  vec2 behind = lens_slope_at(vec2(pixel.x - dx, pixel.y - dy));
  Bool outside = pixel.x + dx > float(view.width) || pixel.y + dy > float(view.height) ||
                 abs(ahead.x) > 0.5 * kNoRay;
  vec2 step = pick(outside, xy(ray) - behind, ahead - xy(ray));
  return vec3(pick(abs(step.x) < 0.25 * kNoRay, step, vec2(0.0)), Float(0.0));
}

vec3 ray_step_right(vec3 ray, vec2 pixel) {
  if (kLens) return ray_step(ray, pixel, 1.0, 0.0);
  return vec3(Float(1.0 / view.fx), Float(0.0), Float(0.0));
}

vec3 ray_step_down(vec3 ray, vec2 pixel) {
  if (kLens) return ray_step(ray, pixel, 0.0, 1.0);
  return vec3(Float(0.0), Float(1.0 / view.fy), Float(0.0));
}
