// Soft-edged shadows from shadow maps: find the blockers, widen the filter by how far they are.
// Source: Fernando, Percentage-Closer Soft Shadows, SIGGRAPH 2005 sketches.

layout(set = 0, binding = BIND_SHADOW, scalar) readonly buffer ShadowMaps { float shadow_maps[]; };

// Even points of the unit disc (Vogel's spiral).
const vec2 kBlockerDisc[4] = vec2[](
    vec2(0.3536, 0.0000), vec2(-0.4515, 0.4137), vec2(0.0691, -0.7875), vec2(0.5691, 0.7423));
const vec2 kFilterDisc[8] = vec2[](
    vec2(0.2500, 0.0000), vec2(-0.3193, 0.2925), vec2(0.0489, -0.5569), vec2(0.4024, 0.5249),
    vec2(-0.7385, -0.1306), vec2(0.6996, -0.4450), vec2(-0.2340, 0.8705), vec2(-0.4463, -0.8593));

// Source: Jimenez, Next Generation Post Processing in Call of Duty, SIGGRAPH 2014.
float interleaved_noise(vec2 pixel) {
  return fract(52.9829189 * fract(dot(floor(pixel), vec2(0.06711056, 0.00583715))));
}

float stored_depth(vec2 uv, uint layer) {
  ivec2 texel = clamp(ivec2(uv * float(kShadowSide)), 0, int(kShadowSide) - 1);
  return shadow_maps[(layer * kShadowSide + uint(texel.y)) * kShadowSide + uint(texel.x)];
}

// Fraction of the light that reaches `position` (camera frame).
float lit_fraction(GpuLight light, vec3 position, vec3 geometric, vec2 pixel) {
  if (light.shadow_layer == kNoShadow) return 1.0;
  vec3 to_light = light.kind == kLightSun ? -light.direction : light.position - position;
  float reach = light.kind == kLightSun ? 1.0 : length(to_light);
  float texel = light.kind == kLightSun ? light.texel : light.texel * reach;
  float slope = 1.0 - clamp(dot(geometric, to_light / length(to_light)), 0.0, 1.0);
  vec4 h = light.shadow_from_camera *
           vec4(position + geometric * texel * (1.0 + 2.0 * slope), 1.0);
  vec3 p = h.xyz / h.w;
  bool outside = h.w <= 0.0 || any(greaterThan(abs(p.xy - 0.5), vec2(0.5)));
  float compared = min(p.z, 0.999999);  // where no caster was drawn, the map holds 1
  const float side = float(kShadowSide);
  float turn = 6.2831853 * interleaved_noise(pixel);
  mat2 turned_disc = mat2(cos(turn), sin(turn), -sin(turn), cos(turn));

  // Depth to distance: a sun's map is linear, a spot's holds 1 - near / distance.
  bool sun = light.kind == kLightSun;
  float receiver = sun ? p.z * light.depth_range : light.depth_range / max(1.0 - p.z, 1e-6);
  float search = sun ? 0.25 * light.radius * light.depth_range / (light.texel * side)
                     : 0.5 * light.radius / (reach * light.texel * side);
  search = clamp(search, 1.0 / side, 0.03);
  float blockers = 0.0;
  float distance_sum = 0.0;
  for (int i = 0; i < 4; ++i) {
    float z = stored_depth(p.xy + search * (turned_disc * kBlockerDisc[i]), light.shadow_layer);
    float blocker = sun ? z * light.depth_range : light.depth_range / max(1.0 - z, 1e-6);
    float counts = z < compared ? 1.0 : 0.0;
    blockers += counts;
    distance_sum += counts * blocker;
  }
  float gap = blockers > 0.0 ? max(receiver - distance_sum / blockers, 0.0) : 0.0;
  float blur = sun ? light.radius * gap / (light.texel * side)
                   : light.radius * gap / max(receiver - gap, 1e-4) /
                         (receiver * light.texel * side);
  blur = clamp(blur, 0.9 / side, 0.06);
  float lit = 0.0;
  for (int i = 0; i < 8; ++i) {
    float z = stored_depth(p.xy + blur * (turned_disc * kFilterDisc[i]), light.shadow_layer);
    lit += z >= compared ? 1.0 : 0.0;
  }
  return outside ? 1.0 : lit * 0.125;
}
