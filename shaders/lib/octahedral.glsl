// Unit vectors on the square. Source: Cigolle et al., A Survey of Efficient Representations for
// Independent Unit Vectors, JCGT 2014. Shared with C++: see lanes.glsl.

vec2 octahedral_from_unit(vec3 n) {
  vec2 p = xy(n) / (abs(n.x) + abs(n.y) + abs(n.z));
  vec2 folded = vec2((1.0 - abs(p.y)) * pick(p.x >= 0.0, Float(1.0), Float(-1.0)),
                     (1.0 - abs(p.x)) * pick(p.y >= 0.0, Float(1.0), Float(-1.0)));
  return pick(n.z >= 0.0, p, folded);
}

vec3 unit_from_octahedral(vec2 p) {
  vec3 n = vec3(p, 1.0 - abs(p.x) - abs(p.y));
  Float fold = max(-n.z, 0.0);
  n.x += pick(n.x >= 0.0, -fold, fold);
  n.y += pick(n.y >= 0.0, -fold, fold);
  return normalize(n);
}

vec3 unpack_normal(Uint word) { return unit_from_octahedral(unpackSnorm2x16(word)); }

Uint pack_normal(vec3 n) { return packSnorm2x16(octahedral_from_unit(n)); }

// xyz: tangent, w: the bitangent's sign.
vec4 unpack_tangent(Uint word) {
  Int y = Int(word << 1u) >> 17u;
  vec2 p = vec2(unpackSnorm2x16(word).x, max(Float(y) / 16383.0, -1.0));
  return vec4(unit_from_octahedral(p),
              pick((word & 0x80000000u) != 0u, Float(-1.0), Float(1.0)));
}
