// Unit vectors on the square. Source: Cigolle et al., A Survey of Efficient Representations for
// Independent Unit Vectors, JCGT 2014.

vec2 octahedral_from_unit(vec3 n) {
  vec2 p = n.xy / (abs(n.x) + abs(n.y) + abs(n.z));
  vec2 folded = (1.0 - abs(p.yx)) * vec2(p.x >= 0.0 ? 1.0 : -1.0, p.y >= 0.0 ? 1.0 : -1.0);
  return n.z >= 0.0 ? p : folded;
}

vec3 unit_from_octahedral(vec2 p) {
  vec3 n = vec3(p, 1.0 - abs(p.x) - abs(p.y));
  float fold = max(-n.z, 0.0);
  n.x += n.x >= 0.0 ? -fold : fold;
  n.y += n.y >= 0.0 ? -fold : fold;
  return normalize(n);
}

vec3 unpack_normal(uint word) { return unit_from_octahedral(unpackSnorm2x16(word)); }

uint pack_normal(vec3 n) { return packSnorm2x16(octahedral_from_unit(n)); }

// xyz: tangent, w: the bitangent's sign.
vec4 unpack_tangent(uint word) {
  int y = int(word << 1) >> 17;
  vec2 p = vec2(unpackSnorm2x16(word).x, max(float(y) / 16383.0, -1.0));
  return vec4(unit_from_octahedral(p), (word & 0x80000000u) != 0u ? -1.0 : 1.0);
}
