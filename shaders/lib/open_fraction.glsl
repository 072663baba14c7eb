// Ambient occlusion where a sample is. Needs surface.glsl and smooth_cell(), which reads the blurred
// cells of occlusion.glsl. Shared with C++: see lanes.glsl.

// The nearest four cells on the same plane are blended.
Float open_fraction(vec2 pixel, vec3 position, vec3 geometric) {
  int columns = int(view.width + 1u) / 2;
  int rows = int(view.height + 1u) / 2;
  Float at_x = clamp((pixel.x - 0.5) * 0.5, 0.0, float(columns - 1));
  Float at_y = clamp((pixel.y - 0.5) * 0.5, 0.0, float(rows - 1));
  Int low_x = Int(at_x);
  Int low_y = Int(at_y);
  Float fx = at_x - Float(low_x);
  Float fy = at_y - Float(low_y);
  Float through = dot(position, geometric);
  Float sum = 0.0;
  Float weights = 0.0;
  for (int j = 0; j < 2; ++j) {
    Int v = min(low_y + j, rows - 1);
    for (int i = 0; i < 2; ++i) {
      Int u = min(low_x + i, columns - 1);
      vec2 there = smooth_cell(u, v);
      Float g = (i == 1 ? fx : 1.0 - fx) * (j == 1 ? fy : 1.0 - fy);
      // Where the plane of this surface passes under the cell, as 1 / depth.
      vec3 ray = ray_through(vec2(2.0 * Float(u) + 0.5, 2.0 * Float(v) + 0.5));
      Float expected = dot(ray, geometric) / through;
      Float w = (g + 1e-3) * max(0.0, 1.0 - 25.0 * abs(1.0 - there.y * expected));
      sum += w * there.x;
      weights += w;
    }
  }
  return pick(weights > 1e-5, sum / max(weights, 1e-5), Float(1.0));
}
