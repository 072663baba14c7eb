// Exact visibility through a lens, without bent edges: each triangle is drawn as a rectangle that
// surely holds its image, and every sample in it asks with its own ray whether it meets the triangle.
// Source: Gascuel et al., Fast Non-Linear Projections Using Graphics Hardware, I3D 2008; the test of
// the ray is that of Olano and Greer, Triangle Scan Conversion Using 2D Homogeneous Coordinates, 1997.
// Needs bindings.glsl, lens_tiles, and grid_from_pixel(), which takes the image to the grid's samples.

layout(push_constant, scalar) uniform Push {
  uint draw;
  uint bit;
} push;

layout(location = 0) flat out vec3 edge_a;  // dot with a ray: above 0 on the triangle's side
layout(location = 1) flat out vec3 edge_b;
layout(location = 2) flat out vec3 edge_c;
layout(location = 3) flat out vec3 plane;   // dot with a ray: near / depth
layout(location = 4) flat out uint primitive;

vec3 in_camera(Draw d, uint vertex) {
  vec4 h = vec4(uintBitsToFloat(vertex_words[2u * vertex].xyz), 1.0);
  precise vec3 p = vec3(dot(d.camera_from_object[0], h), dot(d.camera_from_object[1], h),
                        dot(d.camera_from_object[2], h));
  return p;
}

// Twice p × q, of small terms only, and so that the neighbour's q × p is exactly its opposite: no ray
// slips between two triangles.
vec3 edge(vec3 p, vec3 q) {
  precise vec3 s = p + q;
  precise vec3 d = q - p;
  precise vec3 e = vec3(s.y * d.z - s.z * d.y, s.z * d.x - s.x * d.z, s.x * d.y - s.y * d.x);
  return e;
}

// Where the lens puts a slope within its field. Only bounds come from it, never a label.
vec2 pixel_from_slope(vec2 s) {
  float r2 = dot(s, s);
  vec2 bent;
  if (view.lens == kLensFisheye) {
    float r = max(sqrt(r2), 1e-6);
    float t = atan(r);
    float t2 = t * t;
    float out_r = t * (1.0 + t2 * (view.lens_k[0] +
                                   t2 * (view.lens_k[1] + t2 * (view.lens_k[2] + t2 * view.lens_k[3]))));
    bent = s * (out_r / r);
  } else {
    float above = 1.0 + r2 * (view.lens_k[0] + r2 * (view.lens_k[1] + r2 * view.lens_k[4]));
    float below = 1.0 + r2 * (view.lens_k[5] + r2 * (view.lens_k[6] + r2 * view.lens_k[7]));
    bent = s * (above / below) +
           vec2(2.0 * view.lens_k[2] * s.x * s.y + view.lens_k[3] * (r2 + 2.0 * s.x * s.x),
                view.lens_k[2] * (r2 + 2.0 * s.y * s.y) + 2.0 * view.lens_k[3] * s.x * s.y);
  }
  return vec2(view.fx * bent.x + view.cx, view.fy * bent.y + view.cy);
}

// The greatest dot(e, ray) of all rays whose slopes lie in `box`.
float greatest(vec3 e, vec4 box) {
  precise float sum = e.x * (e.x > 0.0 ? box.z : box.x) + e.y * (e.y > 0.0 ? box.w : box.y) + e.z;
  return sum;
}

// Bounds x0, y0, x1, y1, in samples of a grid of `size`, of the samples that can meet the triangle.
vec4 bounds_by_tiles(vec3 ea, vec3 eb, vec3 ec, vec2 size, uint tiles) {
  vec4 bounds = vec4(size, vec2(0.0));
  vec2 side = ceil(size / vec2(kLensColumns, kLensRows));
  for (uint i = 0u; i < tiles; ++i) {
    vec4 box = lens_tiles[i];
    bool meets = box.x <= box.z && greatest(ea, box) >= 0.0 && greatest(eb, box) >= 0.0 &&
                 greatest(ec, box) >= 0.0;
    vec2 low = side * vec2(i % kLensColumns, i / kLensColumns);
    bounds.xy = meets ? min(bounds.xy, low) : bounds.xy;
    bounds.zw = meets ? max(bounds.zw, min(low + side, size)) : bounds.zw;
  }
  return bounds;
}

void main_over(vec2 size) {
  Draw d = draws[push.draw];
  primitive = uint(gl_VertexIndex) / 6u;
  uvec3 corner = triangles[d.ids.x + primitive] + d.ids.w;
  vec3 a = in_camera(d, corner.x);
  vec3 b = in_camera(d, corner.y);
  vec3 c = in_camera(d, corner.z);
  vec3 n = cross(b - a, c - a);
  float through = dot(a, n);
  float turn = through < 0.0 ? -1.0 : 1.0;
  edge_a = turn * edge(b, c);
  edge_b = turn * edge(c, a);
  edge_c = turn * edge(a, b);
  plane = n * (view.near_m / through);
  bool there = through < 0.0 || (through > 0.0 && materials[push.draw].base.y != 0u);
  float nearest = min(min(a.z, b.z), c.z);
  there = there && max(max(a.z, b.z), c.z) >= view.near_m;

  // Most triangles are small, and their image is nearly the straight one between their corners'.
  vec4 bounds = vec4(0.0);
  bool in_front = nearest >= 0.5 * view.near_m;
  vec2 sa = a.xy / a.z;
  vec2 sb = b.xy / b.z;
  vec2 sc = c.xy / c.z;
  vec2 low = min(min(sa, sb), sc);
  vec2 high = max(max(sa, sb), sc);
  vec4 all = lens_tiles[kLensTiles];
  vec2 slack = 1e-5 * (1.0 + abs(low) + abs(high));
  bool outside = in_front && (any(lessThan(high + slack, all.xy)) || any(greaterThan(low - slack, all.zw)));
  there = there && !outside;
  float least = sqrt(min(min(dot(sa, sa), dot(sb, sb)), dot(sc, sc)));
  float most = sqrt(max(max(dot(sa, sa), dot(sb, sb)), dot(sc, sc)));
  float reach = max(max(distance(sa, sb), distance(sb, sc)), distance(sc, sa));
  bool small = in_front && most < view.lens_widest && reach < 0.1 * (1.0 + least);
  if (there && small) {
    vec2 pa = pixel_from_slope(sa);
    vec2 pb = pixel_from_slope(sb);
    vec2 pc = pixel_from_slope(sc);
    // How far an edge's image bends off its chord, at its middle.
    vec2 bend = max(max(abs(pixel_from_slope(0.5 * (sa + sb)) - 0.5 * (pa + pb)),
                        abs(pixel_from_slope(0.5 * (sb + sc)) - 0.5 * (pb + pc))),
                    abs(pixel_from_slope(0.5 * (sc + sa)) - 0.5 * (pc + pa)));
    vec2 margin = 2.0 * bend + 0.05;
    // Only samples count, and they stand in the middle of their squares: many triangles have none.
    bounds.xy = ceil(grid_from_pixel(min(min(pa, pb), pc) - margin) - 0.5);
    bounds.zw = floor(grid_from_pixel(max(max(pa, pb), pc) + margin) + 0.5);
  }
  uint tiles = there && !small ? kLensTiles : 0u;
  if (tiles > 0u) bounds = bounds_by_tiles(edge_a, edge_b, edge_c, size, tiles);
  bounds = clamp(bounds, vec4(0.0), vec4(size, size));
  there = there && bounds.x < bounds.z && bounds.y < bounds.w;

  uint k = uint(gl_VertexIndex) % 6u;
  bool right = k == 1u || k == 2u || k == 4u;
  bool down = k == 2u || k == 4u || k == 5u;
  vec2 at = vec2(right ? bounds.z : bounds.x, down ? bounds.w : bounds.y);
  gl_Position = there ? vec4(2.0 * at / size - 1.0, 0.5, 1.0)
                      : vec4(-2.0, -2.0, 0.5, 1.0);
}
