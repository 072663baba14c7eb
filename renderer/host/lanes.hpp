#pragma once

// Eight samples at once: scalars whose every lane is a sample of its own. Only for sources compiled
// for AVX2, FMA and F16C (see renderer/CMakeLists.txt). Branches look at all lanes (any_lane); what
// differs between lanes is chosen with pick().

#include <immintrin.h>

#include <cstdint>
#include <type_traits>

namespace orrery::host {

#define LANES_INLINE [[gnu::always_inline]] inline

constexpr int kLanes = 8;

struct Bool {
  __m256 mask;  // all bits of a lane, or none
};
LANES_INLINE Bool operator&&(Bool a, Bool b) { return {_mm256_and_ps(a.mask, b.mask)}; }
LANES_INLINE Bool operator||(Bool a, Bool b) { return {_mm256_or_ps(a.mask, b.mask)}; }
LANES_INLINE Bool operator!(Bool a) {
  return {_mm256_xor_ps(a.mask, _mm256_castsi256_ps(_mm256_set1_epi32(-1)))};
}
LANES_INLINE bool any_lane(Bool a) { return _mm256_movemask_ps(a.mask) != 0; }
LANES_INLINE bool any_lane(bool a) { return a; }

struct Int;
struct Uint;

struct Float {
  __m256 v;

  Float() = default;
  LANES_INLINE explicit Float(__m256 lanes) : v(lanes) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  LANES_INLINE Float(T all) : v(_mm256_set1_ps(static_cast<float>(all))) {}
  LANES_INLINE explicit Float(Int i);
  LANES_INLINE explicit Float(Uint i);  // below 2^31
};

struct Int {
  __m256i v;

  Int() = default;
  LANES_INLINE explicit Int(__m256i lanes) : v(lanes) {}
  LANES_INLINE Int(std::int32_t all) : v(_mm256_set1_epi32(all)) {}
  LANES_INLINE explicit Int(Float f) : v(_mm256_cvttps_epi32(f.v)) {}
  LANES_INLINE explicit Int(Uint i);
};

struct Uint {
  __m256i v;

  Uint() = default;
  LANES_INLINE explicit Uint(__m256i lanes) : v(lanes) {}
  LANES_INLINE Uint(std::uint32_t all) : v(_mm256_set1_epi32(static_cast<std::int32_t>(all))) {}
  LANES_INLINE explicit Uint(Float f) : v(_mm256_cvttps_epi32(f.v)) {}
  LANES_INLINE explicit Uint(Int i) : v(i.v) {}
};

LANES_INLINE Float::Float(Int i) : v(_mm256_cvtepi32_ps(i.v)) {}
LANES_INLINE Float::Float(Uint i) : v(_mm256_cvtepi32_ps(i.v)) {}
LANES_INLINE Int::Int(Uint i) : v(i.v) {}

LANES_INLINE Float operator+(Float a, Float b) { return Float(_mm256_add_ps(a.v, b.v)); }
LANES_INLINE Float operator-(Float a, Float b) { return Float(_mm256_sub_ps(a.v, b.v)); }
LANES_INLINE Float operator*(Float a, Float b) { return Float(_mm256_mul_ps(a.v, b.v)); }
LANES_INLINE Float operator/(Float a, Float b) { return Float(_mm256_div_ps(a.v, b.v)); }
LANES_INLINE Float operator-(Float a) {
  return Float(_mm256_xor_ps(a.v, _mm256_set1_ps(-0.0F)));
}
LANES_INLINE Float& operator+=(Float& a, Float b) { return a = a + b; }
LANES_INLINE Float& operator*=(Float& a, Float b) { return a = a * b; }
LANES_INLINE Bool operator<(Float a, Float b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ)}; }
LANES_INLINE Bool operator<=(Float a, Float b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_LE_OQ)}; }
LANES_INLINE Bool operator>(Float a, Float b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GT_OQ)}; }
LANES_INLINE Bool operator>=(Float a, Float b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_GE_OQ)}; }
LANES_INLINE Bool operator==(Float a, Float b) { return {_mm256_cmp_ps(a.v, b.v, _CMP_EQ_OQ)}; }

LANES_INLINE Int operator+(Int a, Int b) { return Int(_mm256_add_epi32(a.v, b.v)); }
LANES_INLINE Int operator-(Int a, Int b) { return Int(_mm256_sub_epi32(a.v, b.v)); }
LANES_INLINE Int operator*(Int a, Int b) { return Int(_mm256_mullo_epi32(a.v, b.v)); }
LANES_INLINE Int min(Int a, Int b) { return Int(_mm256_min_epi32(a.v, b.v)); }
LANES_INLINE Int max(Int a, Int b) { return Int(_mm256_max_epi32(a.v, b.v)); }
LANES_INLINE Int clamp(Int x, Int low, Int high) { return min(max(x, low), high); }
LANES_INLINE Bool operator==(Int a, Int b) {
  return {_mm256_castsi256_ps(_mm256_cmpeq_epi32(a.v, b.v))};
}

LANES_INLINE Uint operator+(Uint a, Uint b) { return Uint(_mm256_add_epi32(a.v, b.v)); }
LANES_INLINE Uint operator-(Uint a, Uint b) { return Uint(_mm256_sub_epi32(a.v, b.v)); }
LANES_INLINE Uint operator*(Uint a, Uint b) { return Uint(_mm256_mullo_epi32(a.v, b.v)); }
LANES_INLINE Uint operator&(Uint a, Uint b) { return Uint(_mm256_and_si256(a.v, b.v)); }
LANES_INLINE Uint operator|(Uint a, Uint b) { return Uint(_mm256_or_si256(a.v, b.v)); }
LANES_INLINE Uint operator<<(Uint a, Uint b) { return Uint(_mm256_sllv_epi32(a.v, b.v)); }
LANES_INLINE Uint operator>>(Uint a, Uint b) { return Uint(_mm256_srlv_epi32(a.v, b.v)); }
LANES_INLINE Int operator>>(Int a, Uint b) { return Int(_mm256_srav_epi32(a.v, b.v)); }
LANES_INLINE Uint min(Uint a, Uint b) { return Uint(_mm256_min_epu32(a.v, b.v)); }
LANES_INLINE Uint max(Uint a, Uint b) { return Uint(_mm256_max_epu32(a.v, b.v)); }
LANES_INLINE Bool operator==(Uint a, Uint b) { return Int(a) == Int(b); }
LANES_INLINE Bool operator!=(Uint a, Uint b) { return !(a == b); }
LANES_INLINE Bool operator>=(Uint a, Uint b) { return max(a, b) == a; }
LANES_INLINE Bool operator<(Uint a, Uint b) { return !(a >= b); }

LANES_INLINE Float pick(Bool c, Float yes, Float no) {
  return Float(_mm256_blendv_ps(no.v, yes.v, c.mask));
}
LANES_INLINE Uint pick(Bool c, Uint yes, Uint no) {
  return Uint(_mm256_blendv_epi8(no.v, yes.v, _mm256_castps_si256(c.mask)));
}
LANES_INLINE Int pick(Bool c, Int yes, Int no) { return Int(pick(c, Uint(yes), Uint(no))); }

LANES_INLINE Float uintBitsToFloat(Uint u) { return Float(_mm256_castsi256_ps(u.v)); }
LANES_INLINE Uint floatBitsToUint(Float f) { return Uint(_mm256_castps_si256(f.v)); }

LANES_INLINE Float min(Float a, Float b) { return Float(_mm256_min_ps(a.v, b.v)); }
LANES_INLINE Float max(Float a, Float b) { return Float(_mm256_max_ps(a.v, b.v)); }
LANES_INLINE Float clamp(Float x, Float low, Float high) { return min(max(x, low), high); }
LANES_INLINE Float abs(Float x) { return Float(_mm256_andnot_ps(_mm256_set1_ps(-0.0F), x.v)); }
LANES_INLINE Float sqrt(Float x) { return Float(_mm256_sqrt_ps(x.v)); }
LANES_INLINE Float floor(Float x) { return Float(_mm256_floor_ps(x.v)); }
LANES_INLINE Float round(Float x) {
  return Float(_mm256_round_ps(x.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
LANES_INLINE Float fract(Float x) { return x - floor(x); }
LANES_INLINE Float mix(Float a, Float b, Float t) { return a + (b - a) * t; }
LANES_INLINE Float sign(Float x) {
  return pick(x > 0.0F, Float(1.0F), pick(x < 0.0F, Float(-1.0F), Float(0.0F)));
}
LANES_INLINE Float smoothstep(Float from, Float to, Float x) {
  const Float t = clamp((x - from) / (to - from), 0.0F, 1.0F);
  return t * t * (3.0F - 2.0F * t);
}

/// 2^x, relative error below 2e-7; x from -126 to 127. A polynomial of 2^f on [0, 1].
LANES_INLINE Float exp2(Float x) {
  const Float whole = floor(clamp(x, -126.0F, 127.0F));
  const Float f = clamp(x, -126.0F, 127.0F) - whole;
  Float p = 1.8775767e-3F;
  p = p * f + 8.9893397e-3F;
  p = p * f + 5.5826318e-2F;
  p = p * f + 2.4015361e-1F;
  p = p * f + 6.9315308e-1F;
  p = p * f + 9.9999994e-1F;
  return p * uintBitsToFloat(Uint(Int(whole) + 127) << 23U);
}

/// Base-2 logarithm of positive normal numbers, absolute error below 5e-7: the series of
/// 2 atanh((m - 1) / (m + 1)) over mantissas from sqrt(1/2) to sqrt(2).
LANES_INLINE Float log2(Float x) {
  const Uint bits = floatBitsToUint(x) + 0x004AFB0DU;  // so that the mantissa's cut is at sqrt(1/2)
  const Float exponent = Float(Int(bits >> 23U) - 127);
  const Float m = uintBitsToFloat((bits & 0x007FFFFFU) + 0x3F3504F3U);
  const Float t = (m - 1.0F) / (m + 1.0F);
  const Float t2 = t * t;
  Float p = 0.41219858F;  // 2 / (7 ln 2)
  p = p * t2 + 0.57707802F;
  p = p * t2 + 0.96179669F;
  p = p * t2 + 2.88539008F;
  return exponent + p * t;
}

LANES_INLINE Float pow(Float x, Float y) { return exp2(log2(x) * y); }

/// Absolute error below 1e-6 for |x| up to 100: Taylor over a quarter turn either side of 0.
LANES_INLINE Float sin(Float x) {
  const Float turns = round(x * 0.318309886F);
  const Float r = (x - turns * 3.140625F) - turns * 9.67653589e-4F;
  const Float r2 = r * r;
  Float p = 2.6083160e-6F;
  p = p * r2 - 1.9810690e-4F;
  p = p * r2 + 8.3330785e-3F;
  p = p * r2 - 1.6666659e-1F;
  const Float s = r + r * r2 * p;
  // Every half turn changes the sign.
  const Uint odd = Uint(Int(turns)) << 31U;
  return uintBitsToFloat(Uint(_mm256_xor_si256(floatBitsToUint(s).v, odd.v)));
}
LANES_INLINE Float cos(Float x) { return sin(x + 1.57079633F); }

/// Absolute error below 1e-6: acos(x) / sqrt(1 - x) is smooth on [0, 1], so a polynomial through
/// its Chebyshev nodes does.
LANES_INLINE Float acos(Float x) {
  const Float a = abs(x);
  Float p = 2.25136826e-3F;
  p = p * a - 1.10123861e-2F;
  p = p * a + 2.67493313e-2F;
  p = p * a - 4.87244023e-2F;
  p = p * a + 8.87373288e-2F;
  p = p * a - 2.14583696e-1F;
  p = p * a + 1.57079615F;
  const Float r = sqrt(max(1.0F - a, 0.0F)) * p;
  return pick(x < 0.0F, 3.14159265F - r, r);
}

/// words[index] of each lane.
LANES_INLINE Uint gathered(const std::uint32_t* words, Uint index) {
  return Uint(_mm256_i32gather_epi32(reinterpret_cast<const int*>(words), index.v, 4));
}
LANES_INLINE Float gathered(const float* values, Uint index) {
  return Float(_mm256_i32gather_ps(values, index.v, 4));
}

LANES_INLINE bool all_equal(Uint x) {
  const __m256i first = _mm256_broadcastd_epi32(_mm256_castsi256_si128(x.v));
  return _mm256_movemask_epi8(_mm256_cmpeq_epi32(x.v, first)) == -1;
}
LANES_INLINE std::uint32_t first_lane(Uint x) {
  return static_cast<std::uint32_t>(_mm256_cvtsi256_si32(x.v));
}
/// 0, 1, 2 … 7.
LANES_INLINE Uint lane_index() { return Uint(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)); }

}  // namespace orrery::host
