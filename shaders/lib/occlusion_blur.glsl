// Smooths the cells of occlusion.glsl. Needs raw_cell(), which reads them. Shared with C++: see
// lanes.glsl.

// Step of 1 / depth to the next cell: the gentler side's, as the other may lie across an edge.
Float slope_between(Float before, Float inverse, Float after) {
  Float back = pick(before == 0.0, Float(1e9), inverse - 1.0 / max(before, 1e-9));
  Float forth = pick(after == 0.0, Float(1e9), 1.0 / max(after, 1e-9) - inverse);
  Float slope = pick(abs(back) < abs(forth), back, forth);
  return pick(abs(slope) < 1e8, slope, Float(0.0));
}

// Averages the pattern over 4 × 4 neighbours on the same surface: 1 / depth is linear in the image on
// a plane, so its slope here foretells the depth of a neighbour that belongs.
vec2 blurred_cell(vec2 here, Int x, Int y) {
  int columns = int(view.width + 1u) / 2;
  int rows = int(view.height + 1u) / 2;
  Float inverse = 1.0 / max(here.y, 1e-9);
  Float slope_x = slope_between(raw_cell(max(x - 1, 0), y).y, inverse,
                                raw_cell(min(x + 1, columns - 1), y).y);
  Float slope_y = slope_between(raw_cell(x, max(y - 1, 0)).y, inverse,
                                raw_cell(x, min(y + 1, rows - 1)).y);
  Float sum = here.x * 1e-3;
  Float weights = 1e-3;
  for (int j = -1; j <= 2; ++j) {
    Int v = clamp(y + j, 0, rows - 1);
    for (int i = -1; i <= 2; ++i) {
      Int u = clamp(x + i, 0, columns - 1);
      vec2 there = raw_cell(u, v);
      Float expected = inverse + slope_x * Float(u - x) + slope_y * Float(v - y);
      Float w = max(0.0, 1.0 - 25.0 * abs(1.0 - there.y * expected));
      w = pick(there.y == 0.0, Float(0.0), w);
      sum += w * there.x;
      weights += w;
    }
  }
  return vec2(sum / weights, here.y);
}
