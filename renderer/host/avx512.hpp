#pragma once

// What the lanes are made of on processors with AVX-512 (x86-64-v4): sixteen to a vector.

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#define LANES_INLINE [[gnu::always_inline]] inline
#define LANES_OP(name) _mm512_##name

namespace orrery::host::LANES {

constexpr int kLanes = 16;
using FloatV = __m512;
using IntV = __m512i;
using MaskV = __mmask16;

LANES_INLINE IntV int_bits(FloatV v) { return _mm512_castps_si512(v); }
LANES_INLINE FloatV float_bits(IntV v) { return _mm512_castsi512_ps(v); }
LANES_INLINE IntV bits_and(IntV a, IntV b) { return _mm512_and_si512(a, b); }
LANES_INLINE IntV bits_or(IntV a, IntV b) { return _mm512_or_si512(a, b); }
LANES_INLINE IntV bits_xor(IntV a, IntV b) { return _mm512_xor_si512(a, b); }

LANES_INLINE MaskV mask_and(MaskV a, MaskV b) { return _kand_mask16(a, b); }
LANES_INLINE MaskV mask_or(MaskV a, MaskV b) { return _kor_mask16(a, b); }
LANES_INLINE MaskV mask_not(MaskV a) { return _knot_mask16(a); }
LANES_INLINE std::uint32_t mask_bits(MaskV a) { return _cvtmask16_u32(a); }
LANES_INLINE MaskV less(FloatV a, FloatV b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
LANES_INLINE MaskV less_or_equal(FloatV a, FloatV b) {
  return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ);
}
LANES_INLINE MaskV equal(FloatV a, FloatV b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
LANES_INLINE MaskV equal(IntV a, IntV b) { return _mm512_cmpeq_epi32_mask(a, b); }
LANES_INLINE FloatV select(MaskV m, FloatV yes, FloatV no) {
  return _mm512_mask_blend_ps(m, no, yes);
}
LANES_INLINE IntV select(MaskV m, IntV yes, IntV no) { return _mm512_mask_blend_epi32(m, no, yes); }

LANES_INLINE FloatV nearest_integer(FloatV v) {
  return _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
LANES_INLINE IntV gather(const std::uint32_t* from, IntV index) {
  return _mm512_i32gather_epi32(index, from, 4);
}
LANES_INLINE FloatV gather(const float* from, IntV index) {
  return _mm512_i32gather_ps(index, from, 4);
}
LANES_INLINE IntV load_words(const std::uint32_t* from) { return _mm512_loadu_si512(from); }
LANES_INLINE void store_words(std::uint32_t* to, IntV v) { _mm512_storeu_si512(to, v); }
/// The lower halves of the words.
LANES_INLINE void store_halves(std::uint16_t* to, IntV v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtepi32_epi16(v));
}
/// The first `count` lanes.
LANES_INLINE void store_first(float* to, FloatV v, std::uint32_t count) {
  const std::uint32_t mask = count < 16 ? (1U << count) - 1U : 0xFFFFU;
  _mm512_mask_storeu_ps(to, static_cast<MaskV>(mask), v);
}
LANES_INLINE IntV indices() {
  return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
LANES_INLINE std::uint32_t first_word(IntV v) {
  return static_cast<std::uint32_t>(_mm512_cvtsi512_si32(v));
}
LANES_INLINE IntV first_everywhere(IntV v) {
  return _mm512_broadcastd_epi32(_mm512_castsi512_si128(v));
}

/// Every second value of two vectors in a row.
LANES_INLINE FloatV every_second(FloatV a, FloatV b) {
  const __m512i at = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  return _mm512_permutex2var_ps(a, at, b);
}

/// A fourth of the lanes' quads: of lanes k, k + 4 …
LANES_INLINE FloatV quads_of_lanes(const float* quads, const std::uint32_t* at, int k) {
  const auto quad = [&](int lane) { return _mm_loadu_ps(quads + std::size_t{4} * at[lane]); };
  __m512 v = _mm512_castps128_ps512(quad(k));
  v = _mm512_insertf32x4(v, quad(k + 4), 1);
  v = _mm512_insertf32x4(v, quad(k + 8), 2);
  return _mm512_insertf32x4(v, quad(k + 12), 3);
}
LANES_INLINE void store_quads_of_lanes(float* to, FloatV v, int k) {
  _mm_storeu_ps(to + std::ptrdiff_t{4} * k, _mm512_castps512_ps128(v));
  _mm_storeu_ps(to + std::ptrdiff_t{4} * (k + 4), _mm512_extractf32x4_ps(v, 1));
  _mm_storeu_ps(to + std::ptrdiff_t{4} * (k + 8), _mm512_extractf32x4_ps(v, 2));
  _mm_storeu_ps(to + std::ptrdiff_t{4} * (k + 12), _mm512_extractf32x4_ps(v, 3));
}

}  // namespace orrery::host::LANES
