// Texture reads from the resident texel buffer: no descriptor per texture, so software devices
// without descriptor indexing sample any of them at equal cost. Shared with C++: see lanes.glsl.

struct Texture {
  Uint first_texel;
  Uint packed;  // as TextureRef
};

Texture texture_of(Uint first_texel, Uint packed) {
  Texture t;
  t.first_texel = first_texel;
  t.packed = packed;
  return t;
}

Uint wrapped(Int i, Uint log2_side, Uint mode) {
  Uint side = 1u << log2_side;
  Uint repeated = Uint(i) & (side - 1u);
  Uint clamped = Uint(clamp(i, 0, Int(side) - 1));
  Uint period = Uint(i) & (2u * side - 1u);
  Uint mirrored = pick(period < side, period, 2u * side - 1u - period);
  return pick(mode == 0u, repeated, pick(mode == 1u, clamped, mirrored));
}

// Texels of colours hold the square root of linear light.
vec4 texel_at(Uint index, bool color) {
  vec4 t = unpackUnorm4x8(texels[index]);
  return color ? vec4(t.x * t.x, t.y * t.y, t.z * t.z, t.w) : t;
}

vec4 bilinear(Texture t, Uint first, Uint log2_width, Uint log2_height, vec2 uv, bool color) {
  vec2 at = vec2(uv.x * Float(1u << log2_width), uv.y * Float(1u << log2_height)) - 0.5;
  vec2 low = vec2(floor(at.x), floor(at.y));
  vec2 f = at - low;
  ivec2 i = ivec2(low);
  Uint wrap_u = t.packed >> 15u & 3u;
  Uint wrap_v = t.packed >> 17u & 3u;
  Uint x0 = wrapped(i.x, log2_width, wrap_u);
  Uint x1 = wrapped(i.x + 1, log2_width, wrap_u);
  Uint y0 = first + (wrapped(i.y, log2_height, wrap_v) << log2_width);
  Uint y1 = first + (wrapped(i.y + 1, log2_height, wrap_v) << log2_width);
  return mix(mix(texel_at(y0 + x0, color), texel_at(y0 + x1, color), f.x),
             mix(texel_at(y1 + x0, color), texel_at(y1 + x1, color), f.x), f.y);
}

// Texels before level `level` of a chain whose sides halve down to 1: as long as both halve, a sum of
// powers of 4; from then on one of powers of 2.
Uint level_offset(Uint log2_width, Uint log2_height, Uint level) {
  Uint both = min(level, min(log2_width, log2_height));
  Uint area = log2_width + log2_height + 2u - 2u * both;
  Uint fours = (Uint(0x15555555u) >> (30u - 2u * both)) << area;
  Uint long_side = max(log2_width, log2_height) + 1u;
  return fours + (1u << (long_side - both)) - (1u << (long_side - min(level, long_side)));
}

// Level 0 only: what decides whether an alpha-masked texel is there.
Float alpha_of(Texture t, vec2 uv) {
  Uint there = t.packed;
  Float alpha = bilinear(t, t.first_texel, there & 31u, there >> 5u & 31u, uv, false).w;
  return pick(there == 0u, Float(1.0), alpha);
}

// Trilinear. `footprint` holds the uv steps to the next pixel in x and y.
vec4 sampled(Texture t, vec2 uv, vec4 footprint, bool color) {
  Uint log2_width = t.packed & 31u;
  Uint log2_height = t.packed >> 5u & 31u;
  Uint last = max(t.packed >> 10u & 31u, 1u) - 1u;
  vec2 side = vec2(Float(1u << log2_width), Float(1u << log2_height));
  vec2 dx = vec2(footprint.x, footprint.y) * side;
  vec2 dy = vec2(footprint.z, footprint.w) * side;
  Float span = max(dot(dx, dx), dot(dy, dy));
  Float level = clamp(0.5 * log2(max(span, 1e-12)), 0.0, Float(last));
  Uint k = min(Uint(level), last);
  Uint next = min(k + 1u, last);
  Uint first = t.first_texel + level_offset(log2_width, log2_height, k);
  Uint low_width = max(log2_width, k) - k;
  Uint low_height = max(log2_height, k) - k;
  Uint second = pick(next == k, first, first + (1u << (low_width + low_height)));
  return mix(bilinear(t, first, low_width, low_height, uv, color),
             bilinear(t, second, max(log2_width, next) - next, max(log2_height, next) - next, uv,
                      color),
             level - Float(k));
}
