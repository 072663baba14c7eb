// From radiance to display. Linear up to a shoulder of the brightest channel; above it the peak
// approaches 1 and colour fades towards white. Source: Khronos PBR Neutral Tone Mapper, 2024
// (without its toe). Shared with C++: see lanes.glsl.

vec3 tone(vec3 radiance) {
  const float shoulder = 0.8;
  vec3 x = max(radiance, vec3(0.0));
  Float peak = max(x.x, max(x.y, x.z));
  const float room = 0.2;  // above it
  Float squeezed = 1.0 - room * room / (max(peak, shoulder) + room - shoulder);
  vec3 scaled = x * (squeezed / max(peak, shoulder));
  Float fade = 1.0 - 1.0 / (0.15 * (peak - squeezed) + 1.0);
  return pick(peak < shoulder, x, mix(scaled, vec3(squeezed), fade));
}

Float srgb_channel(Float x) {
  Float high = 1.055 * pow(max(x, 1e-6), 1.0 / 2.4) - 0.055;
  return pick(x < 0.0031308, x * 12.92, high);
}

Uint srgb_from_linear(vec4 c) {
  return packUnorm4x8(vec4(srgb_channel(c.x), srgb_channel(c.y), srgb_channel(c.z), c.w));
}
