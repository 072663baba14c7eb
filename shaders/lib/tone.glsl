// From radiance to display. Linear up to kShoulder of the brightest channel; above it the peak
// approaches 1 and colour fades towards white. Source: Khronos PBR Neutral Tone Mapper, 2024
// (without its toe).

const float kShoulder = 0.8;

vec3 tone(vec3 radiance) {
  vec3 x = max(radiance, vec3(0.0));
  float peak = max(x.r, max(x.g, x.b));
  float room = 1.0 - kShoulder;
  float squeezed = 1.0 - room * room / (max(peak, kShoulder) + room - kShoulder);
  vec3 scaled = x * (squeezed / max(peak, kShoulder));
  float fade = 1.0 - 1.0 / (0.15 * (peak - squeezed) + 1.0);
  return peak < kShoulder ? x : mix(scaled, vec3(squeezed), fade);
}

uint srgb_from_linear(vec4 c) {
  vec3 low = c.rgb * 12.92;
  vec3 high = 1.055 * pow(max(c.rgb, vec3(1e-6)), vec3(1.0 / 2.4)) - 0.055;
  return packUnorm4x8(vec4(mix(high, low, lessThan(c.rgb, vec3(0.0031308))), c.a));
}
