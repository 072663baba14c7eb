// How one object's surface differs from its model's: a turned hue, wear, dirt, a picture instead of
// its texture. Masks and pictures are projected along the axes of the object, in metres. Needs
// base.glsl. Shared with C++: see lanes.glsl.

// `named` as GpuMaterial names it. What is read for a sample without a finish is not used.
GpuFinish finish_of(Uint named) { return finishes[max(named, 1u) - 1u]; }

// With the texture coordinates that the finish asks for.
Surface rescaled(Surface s, Uint named) {
  vec4 to = finish_of(named).uv;
  Bool wanted = named != 0u;
  vec4 steps = vec4(s.footprint.x * to.x, s.footprint.y * to.y, s.footprint.z * to.x,
                    s.footprint.w * to.y);
  s.uv = pick(wanted, vec2(s.uv.x * to.x + to.z, s.uv.y * to.y + to.w), s.uv);
  s.footprint = pick(wanted, steps, s.footprint);
  return s;
}

// The two sides of the object from which a point is seen best. Source: I. Quilez, Biplanar mapping,
// 2020, with a narrower blend.
struct Sides {
  vec2 first;   // metres, right and down as seen from there
  vec2 second;
  Float blend;  // share of the second
  Float step;   // metres to the next pixel
};

Sides sides_of(Surface s) {
  Draw d = draws[s.material];  // a draw has one material, of the same index
  vec3 x = xyz(d.camera_from_object[0]);
  vec3 y = xyz(d.camera_from_object[1]);
  vec3 z = xyz(d.camera_from_object[2]);
  vec3 from = s.position - vec3(d.camera_from_object[0].w, d.camera_from_object[1].w,
                                d.camera_from_object[2].w);
  Float shrink = 1.0 / max(length(x), 1e-9);
  vec3 p = (x * from.x + y * from.y + z * from.z) * shrink;
  vec3 n = (x * s.normal.x + y * s.normal.y + z * s.normal.z) * shrink;
  Float nx = abs(n.x);
  Float ny = abs(n.y);
  Float nz = abs(n.z);
  vec2 from_x = vec2(p.y, -p.z);
  vec2 from_y = vec2(p.x, -p.z);
  vec2 from_z = vec2(p.x, -p.y);
  Bool x_over_y = nx >= ny;
  Bool x_over_z = nx >= nz;
  Bool y_over_z = ny >= nz;
  Sides sides;
  // Per first axis: the second is the larger of the other two.
  vec2 after_x = pick(y_over_z, from_y, from_z);
  vec2 after_y = pick(x_over_z, from_x, from_z);
  vec2 after_z = pick(x_over_y, from_x, from_y);
  Bool x_first = x_over_y && x_over_z;
  sides.first = pick(x_first, from_x, pick(y_over_z, from_y, from_z));
  sides.second = pick(x_first, after_x, pick(y_over_z, after_y, after_z));
  Float most = max(max(nx, ny), nz);
  Float least = min(min(nx, ny), nz);
  Float middle = nx + ny + nz - most - least;
  sides.blend = 0.5 * clamp((middle / max(most, 1e-6) - 0.75) * 4.0, 0.0, 1.0);
  Float facing = -dot(s.normal, normalize(s.position));
  sides.step = s.position.z / (view.fx * max(facing, 0.25));
  return sides;
}

vec4 projected(Texture t, Sides sides, vec4 to, bool color) {
  vec4 steps = vec4(sides.step * to.x, Float(0.0), Float(0.0), sides.step * to.y);
  vec4 result = sampled(t, vec2(sides.first.x * to.x + to.z, sides.first.y * to.y + to.w), steps,
                        color);
  if (any_lane(sides.blend > 0.0)) {
    vec4 other = sampled(t, vec2(sides.second.x * to.x + to.w, sides.second.y * to.y + to.z),
                         steps, color);
    result = mix(result, other, sides.blend);
  }
  return result;
}

// Turned about the axis of greys (Rodrigues' formula): lightness stays, as the mean of the three.
vec3 hue_turned(vec3 c, Float cosine, Float sine) {
  Float mean = (c.x + c.y + c.z) * (1.0 / 3.0);
  vec3 across = vec3(c.z - c.y, c.x - c.z, c.y - c.x) * (sine * 0.57735027);
  return max(c * cosine + across + vec3(mean * (1.0 - cosine)), vec3(0.0));
}

// A mask's values are ranks: a share of the surface lies above 1 - that share. Scratches and scuffs
// show what is below and are rough; dirt lies on top.
Base worn(Base b, vec4 masks, Float wear, Float dirt, vec3 dirt_color) {
  Float scratch = smoothstep(1.0 - wear, 1.1 - wear, masks.x);
  Float scuff = smoothstep(1.0 - wear, 1.3 - 0.7 * wear, masks.y);
  Float cover = 0.9 * smoothstep(1.0 - dirt, 1.4 - 0.8 * dirt, masks.z);
  vec3 bare = 0.45 * xyz(b.color) + vec3(0.25);
  vec3 color = mix(xyz(b.color), bare, max(0.8 * scratch, 0.3 * scuff) * (1.0 - b.metallic));
  b.roughness = mix(b.roughness, Float(0.7), max(0.6 * scratch, 0.5 * scuff));
  b.color = vec4(mix(color, dirt_color, cover), b.color.w);
  b.roughness = mix(b.roughness, Float(0.95), cover);
  b.metallic = b.metallic * (1.0 - cover);
  return b;
}

Base finished(Base b, Surface s, Uint named) {
  GpuFinish f = finish_of(named);
  Bool wanted = named != 0u;
  Bool pictured = wanted && f.textures.w != 0u;
  Bool masked = wanted && f.textures.y != 0u;
  Sides sides;
  if (any_lane(pictured || masked)) sides = sides_of(s);
  if (any_lane(pictured)) {
    vec4 texel = projected(texture_of(f.textures.z, f.textures.w), sides, f.picture, true);
    b.color *= pick(pictured, texel, vec4(1.0));
  }
  vec3 turned_color = hue_turned(xyz(b.color), f.amounts.x, f.amounts.y);
  b.color = pick(wanted, vec4(turned_color, b.color.w), b.color);
  if (any_lane(masked)) {
    vec4 to = vec4(f.place.w, f.place.w, f.place.x, f.place.y);
    vec4 masks = projected(texture_of(f.textures.x, f.textures.y), sides, to, false);
    Base w = worn(b, masks, f.amounts.z, f.amounts.w, xyz(f.dirt));
    b.color = pick(masked, w.color, b.color);
    b.roughness = pick(masked, w.roughness, b.roughness);
    b.metallic = pick(masked, w.metallic, b.metallic);
  }
  return b;
}
