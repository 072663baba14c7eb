// Texture reads from the resident texel buffer: no descriptor per texture, so software devices
// without descriptor indexing sample any of them at equal cost. Needs bindings.glsl.

uint wrapped(int i, uint log2_side, uint mode) {
  uint side = 1u << log2_side;
  uint repeated = uint(i) & (side - 1u);
  uint clamped = uint(clamp(i, 0, int(side) - 1));
  uint period = uint(i) & (2u * side - 1u);
  uint mirrored = period < side ? period : 2u * side - 1u - period;
  return mode == 0u ? repeated : mode == 1u ? clamped : mirrored;
}

vec4 bilinear(uint first, uint log2_width, uint log2_height, uvec2 wraps, vec2 uv, bool color) {
  vec2 at = uv * vec2(uvec2(1u << log2_width, 1u << log2_height)) - 0.5;
  vec2 low = floor(at);
  vec2 f = at - low;
  ivec2 i = ivec2(low);
  uint x0 = wrapped(i.x, log2_width, wraps.x);
  uint x1 = wrapped(i.x + 1, log2_width, wraps.x);
  uint y0 = first + (wrapped(i.y, log2_height, wraps.y) << log2_width);
  uint y1 = first + (wrapped(i.y + 1, log2_height, wraps.y) << log2_width);
  vec4 a = unpackUnorm4x8(texels[y0 + x0]);
  vec4 b = unpackUnorm4x8(texels[y0 + x1]);
  vec4 c = unpackUnorm4x8(texels[y1 + x0]);
  vec4 d = unpackUnorm4x8(texels[y1 + x1]);
  if (color) {  // texels hold the square root of linear light
    a.rgb *= a.rgb;
    b.rgb *= b.rgb;
    c.rgb *= c.rgb;
    d.rgb *= d.rgb;
  }
  return mix(mix(a, b, f.x), mix(c, d, f.x), f.y);
}

uvec2 wraps_of(TextureRef ref) { return uvec2(ref.packed >> 15u & 3u, ref.packed >> 17u & 3u); }

// Texels before level `level` of a chain whose sides halve down to 1.
uint level_offset(uint log2_width, uint log2_height, uint level) {
  uint offset = 0u;
  for (uint k = 0u; k < level; ++k) {
    offset += 1u << (max(log2_width, k) - k + max(log2_height, k) - k);
  }
  return offset;
}

// Level 0 only: what decides whether an alpha-masked texel is there.
float alpha_of(TextureRef ref, vec2 uv) {
  if (ref.packed == 0u) return 1.0;
  return bilinear(ref.first_texel, ref.packed & 31u, ref.packed >> 5u & 31u, wraps_of(ref), uv,
                  false).a;
}

// Trilinear. `footprint` holds the uv steps to the next pixel in x and y.
vec4 sampled(TextureRef ref, vec2 uv, vec4 footprint, bool color) {
  uint log2_width = ref.packed & 31u;
  uint log2_height = ref.packed >> 5u & 31u;
  uint levels = ref.packed >> 10u & 31u;
  vec2 side = vec2(uvec2(1u << log2_width, 1u << log2_height));
  vec2 dx = footprint.xy * side;
  vec2 dy = footprint.zw * side;
  float span = max(dot(dx, dx), dot(dy, dy));
  float level = clamp(0.5 * log2(max(span, 1e-12)), 0.0, float(levels) - 1.0);
  uint k = min(uint(level), levels - 1u);
  uint next = min(k + 1u, levels - 1u);
  uint first = ref.first_texel + level_offset(log2_width, log2_height, k);
  uvec2 low = uvec2(max(log2_width, k) - k, max(log2_height, k) - k);
  uint second = next == k ? first : first + (1u << (low.x + low.y));
  uvec2 high = uvec2(max(log2_width, next) - next, max(log2_height, next) - next);
  uvec2 wraps = wraps_of(ref);
  return mix(bilinear(first, low.x, low.y, wraps, uv, color),
             bilinear(second, high.x, high.y, wraps, uv, color), level - float(k));
}
