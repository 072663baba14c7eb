// From a visibility value and a position in the image back to the surface that it names. Needs
// bindings.glsl and octahedral.glsl.

struct Surface {
  vec3 position;   // camera frame
  vec3 geometric;  // unit, towards the camera
  vec3 normal;     // unit, interpolated, towards the camera
  vec4 tangent;    // camera frame
  vec2 uv;
  vec4 footprint;  // uv steps to the next pixel in x and y
  vec4 color;
  uint material;
  uint id;
};

vec3 to_camera(Draw d, vec3 p) {
  vec4 h = vec4(p, 1.0);
  return vec3(dot(d.camera_from_object[0], h), dot(d.camera_from_object[1], h),
              dot(d.camera_from_object[2], h));
}

vec3 turned(Draw d, vec3 v) {
  return vec3(dot(d.camera_from_object[0].xyz, v), dot(d.camera_from_object[1].xyz, v),
              dot(d.camera_from_object[2].xyz, v));
}

vec3 ray_through(vec2 pixel) {
  return vec3((pixel - vec2(view.cx, view.cy)) / vec2(view.fx, view.fy), 1.0);
}

// `textured` asks for what textures and vertex colours need, `with_tangent` for normal maps too.
// Barycentrics and depth are ratios of terms linear in the ray, so the two neighbouring rays that
// give the texture footprint cost three dot products each.
Surface surface_at(uint visibility, vec2 pixel, bool textured, bool with_tangent) {
  Draw d = draws[(visibility >> view.primitive_bits) - 1u];
  uvec4 ids = d.ids;
  uint primitive = visibility & ((1u << view.primitive_bits) - 1u);
  uvec3 corner = triangles[ids.x + primitive] + ids.w;
  uvec4 a0 = vertex_words[2u * corner.x];
  uvec4 b0 = vertex_words[2u * corner.y];
  uvec4 c0 = vertex_words[2u * corner.z];
  vec3 a = to_camera(d, uintBitsToFloat(a0.xyz));
  vec3 e1 = to_camera(d, uintBitsToFloat(b0.xyz)) - a;
  vec3 e2 = to_camera(d, uintBitsToFloat(c0.xyz)) - a;
  vec3 n = cross(e1, e2);
  vec3 to_u = cross(a, e2);  // u = dot(ray, to_u) / -dot(ray, n)
  vec3 to_v = cross(e1, a);
  vec3 ray = ray_through(pixel);
  float facing = dot(ray, n);
  float t = dot(a, n) / facing;
  float u = -dot(ray, to_u) / facing;
  float v = -dot(ray, to_v) / facing;
  float w = 1.0 - u - v;

  Surface s;
  s.position = ray * t;
  s.geometric = normalize(facing > 0.0 ? -n : n);
  vec3 na = unpack_normal(a0.w);
  vec3 nb = unpack_normal(b0.w);
  vec3 nc = unpack_normal(c0.w);
  s.normal = normalize(turned(d, w * na + u * nb + v * nc));
  s.normal = facing > 0.0 ? -s.normal : s.normal;
  // Interpolated normals may lean away from the viewer at a silhouette; keep them on this side.
  vec3 back = -normalize(ray);
  float lean = dot(s.normal, back);
  s.normal = normalize(s.normal + back * max(0.02 - lean, 0.0));
  s.material = ids.y;
  s.id = ids.z;
  s.tangent = vec4(0.0);
  s.uv = vec2(0.0);
  s.footprint = vec4(0.0);
  s.color = vec4(1.0);
  if (!textured) return s;
  uvec4 a1 = vertex_words[2u * corner.x + 1u];
  uvec4 b1 = vertex_words[2u * corner.y + 1u];
  uvec4 c1 = vertex_words[2u * corner.z + 1u];
  if (with_tangent) {
    vec4 ta = unpack_tangent(a1.x);
    vec3 tangent = w * ta.xyz + u * unpack_tangent(b1.x).xyz + v * unpack_tangent(c1.x).xyz;
    s.tangent = vec4(turned(d, tangent), ta.w);
  }
  vec2 uva = uintBitsToFloat(a1.yz);
  vec2 uv1 = uintBitsToFloat(b1.yz) - uva;
  vec2 uv2 = uintBitsToFloat(c1.yz) - uva;
  s.uv = uva + u * uv1 + v * uv2;
  vec3 rx = ray + vec3(1.0 / view.fx, 0.0, 0.0);
  vec3 ry = ray + vec3(0.0, 1.0 / view.fy, 0.0);
  vec2 bx = vec2(dot(rx, to_u), dot(rx, to_v)) / -dot(rx, n) - vec2(u, v);
  vec2 by = vec2(dot(ry, to_u), dot(ry, to_v)) / -dot(ry, n) - vec2(u, v);
  s.footprint = vec4(bx.x * uv1 + bx.y * uv2, by.x * uv1 + by.y * uv2);
  s.color = w * unpackUnorm4x8(a1.w) + u * unpackUnorm4x8(b1.w) + v * unpackUnorm4x8(c1.w);
  return s;
}
