// Ambient occlusion at every second pixel: how much of the hemisphere the depth around it hides.
// Source: Jimenez et al., Practical Realtime Strategies for Accurate Indirect Occlusion (GTAO),
// 2016; one slice a cell, turned in a 4 × 4 pattern that the blur averages. Needs surface.glsl
// and nearness_at(), near / depth at a pixel's centre. Shared with C++: see lanes.glsl.
//
// A cell is (open fraction, depth); depth 0 says that nothing is there.

vec3 position_at(Int x, Int y) {
  Float z = view.near_m / max(nearness_at(x, y), 1e-7);
  return ray_through(vec2(Float(x) + 0.5, Float(y) + 0.5)) * z;
}

// The horizon, raised to what is seen at `pixel`. Nothing is known outside of the image: were its edge
// repeated there, a surface at the edge would meet itself, in a direction made of rounding alone.
Float raised(Float horizon, ivec2 pixel, Surface s, vec3 to_eye) {
  Int x = clamp(pixel.x, 0, int(view.width) - 1);
  Int y = clamp(pixel.y, 0, int(view.height) - 1);
  Bool known = x == pixel.x && y == pixel.y;
  vec3 d = position_at(x, y) - s.position;
  Float squared = max(dot(d, d), 1e-12);
  Float away = sqrt(squared);
  Float cosine = dot(d, to_eye) / away;
  // What lies beyond the radius fades out instead of darkening everything behind it, and what
  // hardly rises above the surface is the surface itself, seen through rounded offsets.
  Float rise = dot(d, s.geometric) / away;
  Float weight = clamp(2.0 - 2.0 * away / view.occlusion_radius, 0.0, 1.0) *
                 smoothstep(Float(0.02), Float(0.12), rise);
  return pick(known, max(horizon, mix(horizon, cosine, weight)), horizon);
}

// Cosine-weighted open fraction between the view and horizon h, normal at angle n from the view.
Float open_arc(Float h, Float n) { return 0.25 * (cos(n) + 2.0 * h * sin(n) - cos(2.0 * h - n)); }

vec2 occlusion_cell(Uint visibility, uvec2 cell) {
  ivec2 pixel = ivec2(Int(2u * cell.x), Int(2u * cell.y));
  Surface s = surface_at(visibility, vec2(Float(pixel.x) + 0.5, Float(pixel.y) + 0.5), false, false);
  vec3 to_eye = -normalize(s.position);
  Uint k16 = (cell.y & 3u) * 4u + (cell.x & 3u);
  Float turn = (Float(k16 * 7u & 15u) + 0.5) / 16.0;
  Float shift = (Float(k16 * 5u & 15u) + 0.5) / 16.0;
  Float angle = 3.14159265 * turn;
  vec2 across = vec2(cos(angle), sin(angle));
  vec3 direction = vec3(across, Float(0.0));
  Float px_a_slope = view.fx;
  if (kLens) {
    vec3 ray = s.position / s.position.z;
    vec2 centre = vec2(Float(pixel.x) + 0.5, Float(pixel.y) + 0.5);
    vec3 step = across.x * ray_step_right(ray, centre) + across.y * ray_step_down(ray, centre);
    px_a_slope = 1.0 / max(length(step), 1e-9);
    direction = step * px_a_slope;
  }
  Float radius_px = clamp(view.occlusion_radius * px_a_slope / s.position.z, 4.0, 120.0);
  vec3 in_plane = direction - dot(direction, to_eye) * to_eye;
  vec3 axis = normalize(cross(in_plane, to_eye));
  vec3 projected = s.normal - axis * dot(s.normal, axis);
  Float length_n = length(projected) + 1e-5;
  Float n = sign(dot(in_plane, projected)) *
            acos(clamp(dot(projected, to_eye) / length_n, -1.0, 1.0));
  Float low = cos(n - 1.5707963);
  Float high = cos(n + 1.5707963);
  const int steps = 4;
  for (int k = 0; k < steps; ++k) {
    Float reach = (shift + float(k)) / float(steps);
    vec2 offset = across * (1.5 + reach * reach * radius_px);
    ivec2 away = ivec2(vec2(round(offset.x), round(offset.y)));
    low = raised(low, pixel - away, s, to_eye);
    high = raised(high, pixel + away, s, to_eye);
  }
  Float h1 = n + max(-acos(clamp(low, -1.0, 1.0)) - n, -1.5707963);
  Float h2 = n + min(acos(clamp(high, -1.0, 1.0)) - n, 1.5707963);
  Float open = length_n * (open_arc(h1, n) + open_arc(h2, n));
  return vec2(clamp(open, 0.0, 1.0), s.position.z);
}
