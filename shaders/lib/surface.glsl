// From a visibility value and a position in the image back to the surface that it names. Needs
// octahedral.glsl and lens.glsl. Shared with C++: see lanes.glsl.

struct Surface {
  vec3 position;   // camera frame
  vec3 geometric;  // unit, towards the camera
  vec3 normal;     // unit, interpolated, towards the camera
  vec4 tangent;    // camera frame
  vec2 uv;
  vec4 footprint;  // uv steps to the next pixel in x and y
  vec4 color;
  Uint material;
  Uint id;
};

vec3 to_camera(Draw d, vec3 p) {
  vec4 h = vec4(p, Float(1.0));
  return vec3(dot(d.camera_from_object[0], h), dot(d.camera_from_object[1], h),
              dot(d.camera_from_object[2], h));
}

vec3 turned(Draw d, vec3 v) {
  return vec3(dot(xyz(d.camera_from_object[0]), v), dot(xyz(d.camera_from_object[1]), v),
              dot(xyz(d.camera_from_object[2]), v));
}

vec3 point_in(uvec4 words) {
  return vec3(uintBitsToFloat(words.x), uintBitsToFloat(words.y), uintBitsToFloat(words.z));
}

vec2 uv_in(uvec4 words) { return vec2(uintBitsToFloat(words.y), uintBitsToFloat(words.z)); }

// `textured` asks for what textures and vertex colours need, `with_tangent` for normal maps too.
// Barycentrics and depth are ratios of terms linear in the ray, so the two neighbouring rays that
// give the texture footprint cost three dot products each.
Surface surface_at(Uint visibility, vec2 pixel, bool textured, bool with_tangent) {
  Draw d = draws[(visibility >> view.primitive_bits) - 1u];
  Uint primitive = visibility & ((1u << view.primitive_bits) - 1u);
  uvec3 corner = triangles[d.ids.x + primitive];
  Uint first = d.ids.w;
  uvec4 a0 = vertex_words[2u * (corner.x + first)];
  uvec4 b0 = vertex_words[2u * (corner.y + first)];
  uvec4 c0 = vertex_words[2u * (corner.z + first)];
  vec3 a = to_camera(d, point_in(a0));
  vec3 e1 = to_camera(d, point_in(b0)) - a;
  vec3 e2 = to_camera(d, point_in(c0)) - a;
  vec3 n = cross(e1, e2);
  vec3 to_u = cross(a, e2);  // u = dot(ray, to_u) / -dot(ray, n)
  vec3 to_v = cross(e1, a);
  vec3 ray = ray_through(pixel);
  Float facing = dot(ray, n);
  Float t = dot(a, n) / facing;
  Float u = -dot(ray, to_u) / facing;
  Float v = -dot(ray, to_v) / facing;
  Float w = 1.0 - u - v;

  Surface s;
  s.position = ray * t;
  s.geometric = normalize(pick(facing > 0.0, -n, n));
  vec3 na = unpack_normal(a0.w);
  vec3 nb = unpack_normal(b0.w);
  vec3 nc = unpack_normal(c0.w);
  s.normal = normalize(turned(d, w * na + u * nb + v * nc));
  s.normal = pick(facing > 0.0, -s.normal, s.normal);
  // Interpolated normals may lean away from the viewer at a silhouette; keep them on this side.
  vec3 back = -normalize(ray);
  Float lean = dot(s.normal, back);
  s.normal = normalize(s.normal + back * max(0.02 - lean, 0.0));
  s.material = d.ids.y;
  s.id = d.ids.z;
  s.tangent = vec4(0.0);
  s.uv = vec2(0.0);
  s.footprint = vec4(0.0);
  s.color = vec4(1.0);
  if (!textured) return s;
  uvec4 a1 = vertex_words[2u * (corner.x + first) + 1u];
  uvec4 b1 = vertex_words[2u * (corner.y + first) + 1u];
  uvec4 c1 = vertex_words[2u * (corner.z + first) + 1u];
  if (with_tangent) {
    vec4 ta = unpack_tangent(a1.x);
    vec3 tangent =
        w * xyz(ta) + u * xyz(unpack_tangent(b1.x)) + v * xyz(unpack_tangent(c1.x));
    s.tangent = vec4(turned(d, tangent), ta.w);
  }
  vec2 uv1 = uv_in(b1) - uv_in(a1);
  vec2 uv2 = uv_in(c1) - uv_in(a1);
  s.uv = uv_in(a1) + u * uv1 + v * uv2;
  vec3 rx = ray + ray_step_right(ray, pixel);
  vec3 ry = ray + ray_step_down(ray, pixel);
  vec2 bx = vec2(dot(rx, to_u), dot(rx, to_v)) / -dot(rx, n) - vec2(u, v);
  vec2 by = vec2(dot(ry, to_u), dot(ry, to_v)) / -dot(ry, n) - vec2(u, v);
  s.footprint = vec4(bx.x * uv1 + bx.y * uv2, by.x * uv1 + by.y * uv2);
  s.color = w * unpackUnorm4x8(a1.w) + u * unpackUnorm4x8(b1.w) + v * unpackUnorm4x8(c1.w);
  return s;
}
