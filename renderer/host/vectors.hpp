#pragma once

// GLSL's vectors and their functions over lanes, as far as shaders/lib/*.glsl uses them. Uniform
// vectors (glm's, one value for all lanes) turn into these by themselves.

#include <glm/glm.hpp>

#include "renderer/host/lanes.hpp"

namespace orrery::host::LANES {

struct vec2 {
  Float x, y;

  vec2() = default;
  LANES_INLINE vec2(Float px, Float py) : x(px), y(py) {}
  LANES_INLINE explicit vec2(Float all) : x(all), y(all) {}
  LANES_INLINE vec2(const glm::vec2& v) : x(v.x), y(v.y) {}
};

struct vec3 {
  Float x, y, z;

  vec3() = default;
  LANES_INLINE vec3(Float px, Float py, Float pz) : x(px), y(py), z(pz) {}
  LANES_INLINE vec3(vec2 v, Float pz) : x(v.x), y(v.y), z(pz) {}
  LANES_INLINE explicit vec3(Float all) : x(all), y(all), z(all) {}
  LANES_INLINE vec3(const glm::vec3& v) : x(v.x), y(v.y), z(v.z) {}
};

struct vec4 {
  Float x, y, z, w;

  vec4() = default;
  LANES_INLINE vec4(Float px, Float py, Float pz, Float pw) : x(px), y(py), z(pz), w(pw) {}
  LANES_INLINE vec4(vec3 v, Float pw) : x(v.x), y(v.y), z(v.z), w(pw) {}
  LANES_INLINE vec4(vec2 a, vec2 b) : x(a.x), y(a.y), z(b.x), w(b.y) {}
  LANES_INLINE explicit vec4(Float all) : x(all), y(all), z(all), w(all) {}
  LANES_INLINE vec4(const glm::vec4& v) : x(v.x), y(v.y), z(v.z), w(v.w) {}
};

struct ivec2 {
  Int x, y;

  ivec2() = default;
  LANES_INLINE ivec2(Int px, Int py) : x(px), y(py) {}
  LANES_INLINE explicit ivec2(vec2 v) : x(Int(v.x)), y(Int(v.y)) {}
};

struct uvec2 {
  Uint x, y;
};
struct uvec3 {
  Uint x, y, z;
};
struct uvec4 {
  Uint x, y, z, w;
};

#define LANES_VECTOR_OPERATOR(op)                                                                \
  LANES_INLINE vec2 operator op(vec2 a, vec2 b) { return {a.x op b.x, a.y op b.y}; }             \
  LANES_INLINE vec2 operator op(vec2 a, Float b) { return {a.x op b, a.y op b}; }                \
  LANES_INLINE vec2 operator op(Float a, vec2 b) { return {a op b.x, a op b.y}; }                \
  LANES_INLINE vec3 operator op(vec3 a, vec3 b) { return {a.x op b.x, a.y op b.y, a.z op b.z}; } \
  LANES_INLINE vec3 operator op(vec3 a, Float b) { return {a.x op b, a.y op b, a.z op b}; }      \
  LANES_INLINE vec3 operator op(Float a, vec3 b) { return {a op b.x, a op b.y, a op b.z}; }      \
  LANES_INLINE vec4 operator op(vec4 a, vec4 b) {                                                \
    return {a.x op b.x, a.y op b.y, a.z op b.z, a.w op b.w};                                     \
  }                                                                                              \
  LANES_INLINE vec4 operator op(vec4 a, Float b) {                                               \
    return {a.x op b, a.y op b, a.z op b, a.w op b};                                             \
  }                                                                                              \
  LANES_INLINE vec4 operator op(Float a, vec4 b) {                                               \
    return {a op b.x, a op b.y, a op b.z, a op b.w};                                             \
  }
LANES_VECTOR_OPERATOR(+)
LANES_VECTOR_OPERATOR(-)
LANES_VECTOR_OPERATOR(*)
LANES_VECTOR_OPERATOR(/)
#undef LANES_VECTOR_OPERATOR

LANES_INLINE vec2 operator-(vec2 v) { return {-v.x, -v.y}; }
LANES_INLINE vec3 operator-(vec3 v) { return {-v.x, -v.y, -v.z}; }
LANES_INLINE vec3& operator+=(vec3& a, vec3 b) { return a = a + b; }
LANES_INLINE vec4& operator+=(vec4& a, vec4 b) { return a = a + b; }
LANES_INLINE vec3& operator*=(vec3& a, vec3 b) { return a = a * b; }
LANES_INLINE vec4& operator*=(vec4& a, vec4 b) { return a = a * b; }
LANES_INLINE ivec2 operator+(ivec2 a, ivec2 b) { return {a.x + b.x, a.y + b.y}; }
LANES_INLINE ivec2 operator-(ivec2 a, ivec2 b) { return {a.x - b.x, a.y - b.y}; }

LANES_INLINE vec3 operator*(const glm::mat3& m, vec3 v) {
  return vec3(m[0]) * v.x + vec3(m[1]) * v.y + vec3(m[2]) * v.z;
}
LANES_INLINE vec4 operator*(const glm::mat4& m, vec4 v) {
  return vec4(m[0]) * v.x + vec4(m[1]) * v.y + vec4(m[2]) * v.z + vec4(m[3]) * v.w;
}

LANES_INLINE Float dot(vec2 a, vec2 b) { return a.x * b.x + a.y * b.y; }
LANES_INLINE Float dot(vec3 a, vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
LANES_INLINE Float dot(vec4 a, vec4 b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }
LANES_INLINE vec3 cross(vec3 a, vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
LANES_INLINE Float length(vec3 v) { return sqrt(dot(v, v)); }
LANES_INLINE vec3 normalize(vec3 v) { return v * (1.0F / length(v)); }
LANES_INLINE vec3 reflect(vec3 v, vec3 n) { return v - 2.0F * dot(n, v) * n; }

LANES_INLINE vec3 min(vec3 a, vec3 b) { return {min(a.x, b.x), min(a.y, b.y), min(a.z, b.z)}; }
LANES_INLINE vec3 max(vec3 a, vec3 b) { return {max(a.x, b.x), max(a.y, b.y), max(a.z, b.z)}; }
LANES_INLINE vec2 mix(vec2 a, vec2 b, Float t) { return a + (b - a) * t; }
LANES_INLINE vec3 mix(vec3 a, vec3 b, Float t) { return a + (b - a) * t; }
LANES_INLINE vec4 mix(vec4 a, vec4 b, Float t) { return a + (b - a) * t; }

LANES_INLINE vec2 pick(Bool c, vec2 yes, vec2 no) {
  return {pick(c, yes.x, no.x), pick(c, yes.y, no.y)};
}
LANES_INLINE vec3 pick(Bool c, vec3 yes, vec3 no) {
  return {pick(c, yes.x, no.x), pick(c, yes.y, no.y), pick(c, yes.z, no.z)};
}
LANES_INLINE vec4 pick(Bool c, vec4 yes, vec4 no) {
  return {pick(c, yes.x, no.x), pick(c, yes.y, no.y), pick(c, yes.z, no.z), pick(c, yes.w, no.w)};
}

LANES_INLINE vec3 xyz(vec4 v) { return {v.x, v.y, v.z}; }
LANES_INLINE vec2 xy(vec3 v) { return {v.x, v.y}; }

LANES_INLINE Uint rounded(Float x) { return Uint(LANES_OP(cvtps_epi32)(x.v)); }

LANES_INLINE vec4 unpackUnorm4x8(Uint word) {
  const Float scale = 1.0F / 255.0F;
  return {Float(word & 255U) * scale, Float(word >> 8U & 255U) * scale,
          Float(word >> 16U & 255U) * scale, Float(word >> 24U) * scale};
}
LANES_INLINE Uint unorm8(Float x) { return rounded(clamp(x, 0.0F, 1.0F) * 255.0F); }
LANES_INLINE Uint packUnorm4x8(vec4 v) {
  return unorm8(v.x) | unorm8(v.y) << 8U | unorm8(v.z) << 16U | unorm8(v.w) << 24U;
}
LANES_INLINE vec2 unpackSnorm2x16(Uint word) {
  const Float scale = 1.0F / 32767.0F;
  return {max(Float(Int(word << 16U) >> 16U) * scale, -1.0F),
          max(Float(Int(word) >> 16U) * scale, -1.0F)};
}
LANES_INLINE Uint snorm16(Float x) { return rounded(clamp(x, -1.0F, 1.0F) * 32767.0F) & 0xFFFFU; }
LANES_INLINE Uint packSnorm2x16(vec2 v) { return snorm16(v.x) | snorm16(v.y) << 16U; }

}  // namespace orrery::host::LANES
