// Soft-edged shadows from shadow maps: find the blockers, widen the filter by how far they are.
// Source: Fernando, Percentage-Closer Soft Shadows, SIGGRAPH 2005 sketches. Needs nearest_caster(), at
// most the least depth within kShadowTile texels of a place. Shared with C++: see lanes.glsl.

// Source: Jimenez, Next Generation Post Processing in Call of Duty, SIGGRAPH 2014.
Float interleaved_noise(vec2 pixel) {
  return fract(52.9829189 * fract(floor(pixel.x) * 0.06711056 + floor(pixel.y) * 0.00583715));
}

Float stored_depth(vec2 uv, uint layer) {
  Int x = clamp(Int(uv.x * float(kShadowSide)), 0, int(kShadowSide) - 1);
  Int y = clamp(Int(uv.y * float(kShadowSide)), 0, int(kShadowSide) - 1);
  return shadow_maps[layer * kShadowSide * kShadowSide + Uint(y) * kShadowSide + Uint(x)];
}

// Fraction of the light that reaches `position` (camera frame).
Float lit_fraction(GpuLight light, vec3 position, vec3 geometric, vec2 pixel) {
  if (light.shadow_layer == kNoShadow) return Float(1.0);
  // Even points of the unit disc (Vogel's spiral): the search for blockers, then the filter.
  const float search_x[4] = {0.3536, -0.4515, 0.0691, 0.5691};
  const float search_y[4] = {0.0000, 0.4137, -0.7875, 0.7423};
  const float filter_x[8] = {0.2500, -0.3193, 0.0489, 0.4024, -0.7385, 0.6996, -0.2340, -0.4463};
  const float filter_y[8] = {0.0000, 0.2925, -0.5569, 0.5249, -0.1306, -0.4450, 0.8705, -0.8593};
  bool sun = light.kind == kLightSun;
  vec3 to_light = sun ? vec3(-light.direction) : light.position - position;
  Float reach = sun ? Float(1.0) : length(to_light);
  Float texel = light.texel * reach;
  Float slope = 1.0 - clamp(dot(geometric, to_light / length(to_light)), 0.0, 1.0);
  vec4 h = light.shadow_from_camera *
           vec4(position + geometric * texel * (1.0 + 2.0 * slope), Float(1.0));
  vec3 p = xyz(h) / h.w;
  Bool outside = h.w <= 0.0 || abs(p.x - 0.5) > 0.5 || abs(p.y - 0.5) > 0.5;
  Float compared = min(p.z, 0.999999);  // where no caster was drawn, the map holds 1
  Bool shaded = !outside && nearest_caster(xy(p), light.shadow_layer) < compared;
  if (!any_lane(shaded)) return Float(1.0);
  const float side = float(kShadowSide);
  Float turn = 6.2831853 * interleaved_noise(pixel);
  Float cosine = cos(turn);
  Float sine = sin(turn);

  // Depth to distance: a sun's map is linear, a spot's holds 1 - near / distance.
  Float receiver = sun ? p.z * light.depth_range : light.depth_range / max(1.0 - p.z, 1e-6);
  Float search = sun ? Float(0.25 * light.radius * light.depth_range / (light.texel * side))
                     : 0.5 * light.radius / (reach * light.texel * side);
  search = clamp(search, 1.0 / side, float(kShadowTile - 1u) / side);
  Float blockers = 0.0;
  Float distance_sum = 0.0;
  for (int i = 0; i < 4; ++i) {
    vec2 d = vec2(cosine * search_x[i] - sine * search_y[i],
                  sine * search_x[i] + cosine * search_y[i]);
    Float z = stored_depth(xy(p) + search * d, light.shadow_layer);
    Float blocker = sun ? z * light.depth_range : light.depth_range / max(1.0 - z, 1e-6);
    Float counts = pick(z < compared, Float(1.0), Float(0.0));
    blockers += counts;
    distance_sum += counts * blocker;
  }
  shaded = shaded && blockers > 0.0;
  if (!any_lane(shaded)) return Float(1.0);
  Float gap = max(receiver - distance_sum / max(blockers, 1.0), 0.0);
  Float blur = sun ? light.radius * gap / (light.texel * side)
                   : light.radius * gap / max(receiver - gap, 1e-4) /
                         (receiver * light.texel * side);
  blur = clamp(blur, 0.9 / side, 0.06);
  Float lit = 0.0;
  for (int i = 0; i < 8; ++i) {
    vec2 d = vec2(cosine * filter_x[i] - sine * filter_y[i],
                  sine * filter_x[i] + cosine * filter_y[i]);
    Float z = stored_depth(xy(p) + blur * d, light.shadow_layer);
    lit += pick(z >= compared, Float(0.125), Float(0.0));
  }
  return pick(shaded, lit, Float(1.0));
}

// Fraction of a sun's light that its gobo lets through to `position` (camera frame). Its map ends
// where the gobo is as at the edge.
Float gobo_fraction(GpuGobo gobo, vec3 position, vec2 pixel) {
  if (gobo.layer == kNoShadow) return Float(1.0);
  const float filter_x[24] = {
      0.1443, -0.1843, 0.0282, 0.2324, -0.4264, 0.4039, -0.1351, -0.2577,
      0.5590, -0.5816, 0.2803, 0.2072, -0.6244, 0.7325, -0.4470, -0.1033,
      0.6340, -0.8532, 0.6223, -0.0416, -0.5922, 0.9380, -0.7948, 0.2172};
  const float filter_y[24] = {
      0.0000, 0.1689, -0.3215, 0.3031, -0.0754, -0.2569, 0.5026, -0.4961,
      0.2041, 0.2401, -0.5991, 0.6605, -0.3619, -0.1610, 0.6359, -0.7970,
      0.5343, 0.0353, -0.6193, 0.9004, -0.7096, 0.1262, 0.5530, -0.9654};
  vec4 h = gobo.from_camera * vec4(position, Float(1.0));
  vec2 p = vec2(h.x, h.y);
  Float turn = 6.2831853 * interleaved_noise(pixel);
  vec2 along = gobo.blur * vec2(cos(turn), sin(turn));
  Float lit = 0.0;
  for (int i = 0; i < 24; ++i) {
    vec2 d = vec2(along.x * filter_x[i] - along.y * filter_y[i],
                  along.y * filter_x[i] + along.x * filter_y[i]);
    // The gobo lies before all that it shades; where it lets light through, the map holds 1.
    lit += pick(stored_depth(p + d, gobo.layer) > 0.999999, Float(1.0), Float(0.0));
  }
  return lit * (1.0 / 24.0);
}
