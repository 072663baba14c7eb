#pragma once

// Many samples at once: scalars whose every lane is a sample of its own. Only for sources compiled
// for one kind of processor, whose namespace LANES names (see renderer/CMakeLists.txt). Branches
// look at all lanes (any_lane); what differs between lanes is chosen with pick().

#include <type_traits>

#ifdef __AVX512F__
#include "renderer/host/avx512.hpp"
#else
#include "renderer/host/avx2.hpp"
#endif

namespace orrery::host::LANES {

struct Bool {
  MaskV mask;
};
LANES_INLINE Bool operator&&(Bool a, Bool b) { return {mask_and(a.mask, b.mask)}; }
LANES_INLINE Bool operator||(Bool a, Bool b) { return {mask_or(a.mask, b.mask)}; }
LANES_INLINE Bool operator!(Bool a) { return {mask_not(a.mask)}; }
LANES_INLINE bool any_lane(Bool a) { return mask_bits(a.mask) != 0; }

struct Int;
struct Uint;

struct Float {
  FloatV v;

  Float() = default;
  LANES_INLINE explicit Float(FloatV lanes) : v(lanes) {}
  template <class T>
  requires std::is_arithmetic_v<T> LANES_INLINE Float(T all)
      : v(LANES_OP(set1_ps)(static_cast<float>(all))) {}
  LANES_INLINE explicit Float(Int i);
  LANES_INLINE explicit Float(Uint i);  // below 2^31
};

struct Int {
  IntV v;

  Int() = default;
  LANES_INLINE explicit Int(IntV lanes) : v(lanes) {}
  LANES_INLINE Int(std::int32_t all) : v(LANES_OP(set1_epi32)(all)) {}
  LANES_INLINE explicit Int(Float f) : v(LANES_OP(cvttps_epi32)(f.v)) {}
  LANES_INLINE explicit Int(Uint i);
};

struct Uint {
  IntV v;

  Uint() = default;
  LANES_INLINE explicit Uint(IntV lanes) : v(lanes) {}
  LANES_INLINE Uint(std::uint32_t all) : v(LANES_OP(set1_epi32)(static_cast<std::int32_t>(all))) {}
  LANES_INLINE explicit Uint(Float f) : v(LANES_OP(cvttps_epi32)(f.v)) {}
  LANES_INLINE explicit Uint(Int i) : v(i.v) {}
};

LANES_INLINE Float::Float(Int i) : v(LANES_OP(cvtepi32_ps)(i.v)) {}
LANES_INLINE Float::Float(Uint i) : v(LANES_OP(cvtepi32_ps)(i.v)) {}
LANES_INLINE Int::Int(Uint i) : v(i.v) {}

LANES_INLINE Float operator+(Float a, Float b) { return Float(LANES_OP(add_ps)(a.v, b.v)); }
LANES_INLINE Float operator-(Float a, Float b) { return Float(LANES_OP(sub_ps)(a.v, b.v)); }
LANES_INLINE Float operator*(Float a, Float b) { return Float(LANES_OP(mul_ps)(a.v, b.v)); }
LANES_INLINE Float operator/(Float a, Float b) { return Float(LANES_OP(div_ps)(a.v, b.v)); }
LANES_INLINE Float operator-(Float a) {
  return Float(float_bits(bits_xor(int_bits(a.v), LANES_OP(set1_epi32)(INT32_MIN))));
}
LANES_INLINE Float& operator+=(Float& a, Float b) { return a = a + b; }
LANES_INLINE Float& operator*=(Float& a, Float b) { return a = a * b; }
LANES_INLINE Bool operator<(Float a, Float b) { return {less(a.v, b.v)}; }
LANES_INLINE Bool operator<=(Float a, Float b) { return {less_or_equal(a.v, b.v)}; }
LANES_INLINE Bool operator>(Float a, Float b) { return {less(b.v, a.v)}; }
LANES_INLINE Bool operator>=(Float a, Float b) { return {less_or_equal(b.v, a.v)}; }
LANES_INLINE Bool operator==(Float a, Float b) { return {equal(a.v, b.v)}; }

LANES_INLINE Int operator+(Int a, Int b) { return Int(LANES_OP(add_epi32)(a.v, b.v)); }
LANES_INLINE Int operator-(Int a, Int b) { return Int(LANES_OP(sub_epi32)(a.v, b.v)); }
LANES_INLINE Int operator*(Int a, Int b) { return Int(LANES_OP(mullo_epi32)(a.v, b.v)); }
LANES_INLINE Int min(Int a, Int b) { return Int(LANES_OP(min_epi32)(a.v, b.v)); }
LANES_INLINE Int max(Int a, Int b) { return Int(LANES_OP(max_epi32)(a.v, b.v)); }
LANES_INLINE Int clamp(Int x, Int low, Int high) { return min(max(x, low), high); }
LANES_INLINE Bool operator==(Int a, Int b) { return {equal(a.v, b.v)}; }

LANES_INLINE Uint operator+(Uint a, Uint b) { return Uint(LANES_OP(add_epi32)(a.v, b.v)); }
LANES_INLINE Uint operator-(Uint a, Uint b) { return Uint(LANES_OP(sub_epi32)(a.v, b.v)); }
LANES_INLINE Uint operator*(Uint a, Uint b) { return Uint(LANES_OP(mullo_epi32)(a.v, b.v)); }
LANES_INLINE Uint operator&(Uint a, Uint b) { return Uint(bits_and(a.v, b.v)); }
LANES_INLINE Uint operator|(Uint a, Uint b) { return Uint(bits_or(a.v, b.v)); }
LANES_INLINE Uint operator<<(Uint a, Uint b) { return Uint(LANES_OP(sllv_epi32)(a.v, b.v)); }
LANES_INLINE Uint operator>>(Uint a, Uint b) { return Uint(LANES_OP(srlv_epi32)(a.v, b.v)); }
LANES_INLINE Int operator>>(Int a, Uint b) { return Int(LANES_OP(srav_epi32)(a.v, b.v)); }
LANES_INLINE Uint min(Uint a, Uint b) { return Uint(LANES_OP(min_epu32)(a.v, b.v)); }
LANES_INLINE Uint max(Uint a, Uint b) { return Uint(LANES_OP(max_epu32)(a.v, b.v)); }
LANES_INLINE Bool operator==(Uint a, Uint b) { return Int(a) == Int(b); }
LANES_INLINE Bool operator!=(Uint a, Uint b) { return !(a == b); }
LANES_INLINE Bool operator>=(Uint a, Uint b) { return max(a, b) == a; }
LANES_INLINE Bool operator<=(Uint a, Uint b) { return min(a, b) == a; }
LANES_INLINE Bool operator<(Uint a, Uint b) { return !(a >= b); }

LANES_INLINE Float pick(Bool c, Float yes, Float no) { return Float(select(c.mask, yes.v, no.v)); }
LANES_INLINE Uint pick(Bool c, Uint yes, Uint no) { return Uint(select(c.mask, yes.v, no.v)); }
LANES_INLINE Int pick(Bool c, Int yes, Int no) { return Int(pick(c, Uint(yes), Uint(no))); }

LANES_INLINE Float uintBitsToFloat(Uint u) { return Float(float_bits(u.v)); }
LANES_INLINE Uint floatBitsToUint(Float f) { return Uint(int_bits(f.v)); }

LANES_INLINE Float min(Float a, Float b) { return Float(LANES_OP(min_ps)(a.v, b.v)); }
LANES_INLINE Float max(Float a, Float b) { return Float(LANES_OP(max_ps)(a.v, b.v)); }
LANES_INLINE Float clamp(Float x, Float low, Float high) { return min(max(x, low), high); }
LANES_INLINE Float abs(Float x) {
  return Float(float_bits(bits_and(int_bits(x.v), LANES_OP(set1_epi32)(INT32_MAX))));
}
LANES_INLINE Float sqrt(Float x) { return Float(LANES_OP(sqrt_ps)(x.v)); }
LANES_INLINE Float floor(Float x) { return Float(LANES_OP(floor_ps)(x.v)); }
LANES_INLINE Float round(Float x) { return Float(nearest_integer(x.v)); }
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
  return uintBitsToFloat(Uint(bits_xor(floatBitsToUint(s).v, odd.v)));
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
  return Uint(gather(words, index.v));
}
LANES_INLINE Float gathered(const float* values, Uint index) {
  return Float(gather(values, index.v));
}

LANES_INLINE bool all_equal(Uint x) { return !any_lane(x != Uint(first_everywhere(x.v))); }
LANES_INLINE std::uint32_t first_lane(Uint x) { return first_word(x.v); }
/// 0, 1, 2 …
LANES_INLINE Uint lane_index() { return Uint(indices()); }

LANES_INLINE Uint load(const std::uint32_t* from) { return Uint(load_words(from)); }
LANES_INLINE void store(std::uint32_t* to, Uint x) { store_words(to, x.v); }
LANES_INLINE void store(float* to, Float x) { LANES_OP(storeu_ps)(to, x.v); }

}  // namespace orrery::host::LANES
