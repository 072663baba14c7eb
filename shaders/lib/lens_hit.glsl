// Whether a sample's ray meets the triangle whose rectangle it lies in: see lens_quad.glsl.

layout(push_constant, scalar) uniform Push {
  uint draw;
  uint bit;
} push;

layout(location = 0) flat in vec3 edge_a;
layout(location = 1) flat in vec3 edge_b;
layout(location = 2) flat in vec3 edge_c;
layout(location = 3) flat in vec3 plane;
layout(location = 4) flat in uint primitive;

struct Hit {
  bool there;
  float nearness;  // near / depth
  vec3 weights;    // of the corners
};

float side_of(vec3 e, vec2 slope) {
  precise float sum = e.x * slope.x + e.y * slope.y + e.z;
  return sum;
}

Hit hit_by(vec2 slope) {
  Hit hit;
  float a = side_of(edge_a, slope);
  float b = side_of(edge_b, slope);
  float c = side_of(edge_c, slope);
  hit.nearness = dot(plane, vec3(slope, 1.0));
  hit.there = a >= 0.0 && b >= 0.0 && c >= 0.0 && abs(slope.x) < 0.5 * kNoRay &&
              hit.nearness > 0.0 && hit.nearness <= 1.0;
  hit.weights = vec3(a, b, c) / max(a + b + c, 1e-30);
  return hit;
}

// As is_there(), at the hit.
bool is_opaque(Hit hit) {
  Draw d = draws[push.draw];
  uvec3 corner = triangles[d.ids.x + primitive] + d.ids.w;
  vec2 uv = vec2(0.0);
  float alpha = 0.0;
  for (int i = 0; i < 3; ++i) {
    uvec4 tail = vertex_words[2u * corner[i] + 1u];
    uv += hit.weights[i] * uintBitsToFloat(tail.yz);
    alpha += hit.weights[i] * unpackUnorm4x8(tail.w).a;
  }
  return is_there(d.ids.y, uv, alpha);
}
