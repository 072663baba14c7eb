// Distant light. Needs octahedral.glsl. Shared with C++: see lanes.glsl.

// Source: OpenGL EXT_texture_shared_exponent.
vec3 unpack_shared_exponent(Uint word) {
  Float scale = uintBitsToFloat(((word >> 27u) + 103u) << 23u);  // 2^(exponent - 24)
  return vec3(Float(word & 511u), Float(word >> 9u & 511u), Float(word >> 18u & 511u)) * scale;
}

// Each element holds the four texels that surround a point, so one read serves a bilinear lookup.
// Edge texels lie on the square's edge, so no lookup ever crosses it.
vec3 sky_bilinear(Uint first, uint side, vec2 p) {
  vec2 at = (p * 0.5 + vec2(0.5)) * float(side - 1u);
  vec2 low = vec2(min(floor(at.x), float(side - 2u)), min(floor(at.y), float(side - 2u)));
  vec2 f = at - low;
  uvec4 quad = sky_quads[first + Uint(low.y) * side + Uint(low.x)];
  return mix(mix(unpack_shared_exponent(quad.x), unpack_shared_exponent(quad.y), f.x),
             mix(unpack_shared_exponent(quad.z), unpack_shared_exponent(quad.w), f.x), f.y);
}

// What is seen of the sky.
vec3 sky_radiance(vec3 in_camera) {
  vec2 p = octahedral_from_unit(view.background_from_camera * in_camera);
  return view.background_intensity * sky_bilinear(view.background_first_quad, kSkySide, p);
}

// What a surface of this normal receives over π, sky and ground together.
vec3 ambient_diffuse(vec3 normal_in_camera) {
  vec3 n = view.sky_from_camera * normal_in_camera;
  vec3 sky = vec3(view.irradiance[0]) + view.irradiance[1] * n.y + view.irradiance[2] * n.z +
             view.irradiance[3] * n.x + view.irradiance[4] * (n.x * n.y) +
             view.irradiance[5] * (n.y * n.z) + view.irradiance[6] * (3.0 * n.z * n.z - 1.0) +
             view.irradiance[7] * (n.x * n.z) + view.irradiance[8] * (n.x * n.x - n.y * n.y);
  Float down = view.ground * (0.5 - 0.5 * dot(vec3(view.up), normal_in_camera));
  return mix(max(sky, vec3(0.0)) * vec3(view.sky_intensity), vec3(view.ground_bounce), down);
}

vec3 ambient_specular(vec3 reflected_in_camera, Float roughness) {
  vec3 d = view.sky_from_camera * reflected_in_camera;
  vec2 p = octahedral_from_unit(d);
  Float level = roughness * 5.0;  // Sky::kSpecularLevels - 1
  Uint k = min(Uint(level), 4u);
  const uint texels_a_level = kSpecularSide * kSpecularSide;
  Uint first = view.sky_first_quad + kSkySide * kSkySide + k * texels_a_level;
  vec3 sky = mix(sky_bilinear(first, kSpecularSide, p),
                 sky_bilinear(first + texels_a_level, kSpecularSide, p), level - Float(k));
  Float blur = 0.05 + 0.6 * roughness;
  Float down = view.ground * smoothstep(blur, -blur, dot(vec3(view.up), reflected_in_camera));
  return mix(sky * vec3(view.sky_intensity), vec3(view.ground_bounce), down);
}
