#pragma once

// What the lanes are made of on processors with AVX2: eight to a vector.

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

#define LANES_INLINE [[gnu::always_inline]] inline
#define LANES_OP(name) _mm256_##name

namespace orrery::host::LANES {

constexpr int kLanes = 8;
using FloatV = __m256;
using IntV = __m256i;
using MaskV = __m256;  // all bits of a lane, or none

LANES_INLINE IntV int_bits(FloatV v) { return _mm256_castps_si256(v); }
LANES_INLINE FloatV float_bits(IntV v) { return _mm256_castsi256_ps(v); }
LANES_INLINE IntV bits_and(IntV a, IntV b) { return _mm256_and_si256(a, b); }
LANES_INLINE IntV bits_or(IntV a, IntV b) { return _mm256_or_si256(a, b); }
LANES_INLINE IntV bits_xor(IntV a, IntV b) { return _mm256_xor_si256(a, b); }

LANES_INLINE MaskV mask_and(MaskV a, MaskV b) { return _mm256_and_ps(a, b); }
LANES_INLINE MaskV mask_or(MaskV a, MaskV b) { return _mm256_or_ps(a, b); }
LANES_INLINE MaskV mask_not(MaskV a) {
  return _mm256_xor_ps(a, _mm256_castsi256_ps(_mm256_set1_epi32(-1)));
}
LANES_INLINE std::uint32_t mask_bits(MaskV a) {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(a));
}
LANES_INLINE MaskV less(FloatV a, FloatV b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
LANES_INLINE MaskV less_or_equal(FloatV a, FloatV b) { return _mm256_cmp_ps(a, b, _CMP_LE_OQ); }
LANES_INLINE MaskV equal(FloatV a, FloatV b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
LANES_INLINE MaskV equal(IntV a, IntV b) { return _mm256_castsi256_ps(_mm256_cmpeq_epi32(a, b)); }
LANES_INLINE FloatV select(MaskV m, FloatV yes, FloatV no) { return _mm256_blendv_ps(no, yes, m); }
LANES_INLINE IntV select(MaskV m, IntV yes, IntV no) {
  return _mm256_blendv_epi8(no, yes, _mm256_castps_si256(m));
}

LANES_INLINE FloatV nearest_integer(FloatV v) {
  return _mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
LANES_INLINE IntV gather(const std::uint32_t* from, IntV index) {
  return _mm256_i32gather_epi32(reinterpret_cast<const int*>(from), index, 4);
}
LANES_INLINE FloatV gather(const float* from, IntV index) {
  return _mm256_i32gather_ps(from, index, 4);
}
LANES_INLINE IntV load_words(const std::uint32_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}
LANES_INLINE void store_words(std::uint32_t* to, IntV v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), v);
}
/// The lower halves of the words.
LANES_INLINE void store_halves(std::uint16_t* to, IntV v) {
  const __m256i pairs = _mm256_permute4x64_epi64(_mm256_packus_epi32(v, v), 0x08);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(pairs));
}
/// The first `count` lanes.
LANES_INLINE void store_first(float* to, FloatV v, std::uint32_t count) {
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  _mm256_maskstore_ps(to, _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), index), v);
}
LANES_INLINE IntV indices() { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
LANES_INLINE std::uint32_t first_word(IntV v) {
  return static_cast<std::uint32_t>(_mm256_cvtsi256_si32(v));
}
LANES_INLINE IntV first_everywhere(IntV v) {
  return _mm256_broadcastd_epi32(_mm256_castsi256_si128(v));
}

/// Every second value of two vectors in a row.
LANES_INLINE FloatV every_second(FloatV a, FloatV b) {
  return _mm256_castpd_ps(_mm256_permute4x64_pd(
      _mm256_castps_pd(_mm256_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0))), 0xD8));
}

/// A fourth of the lanes' quads: of lanes k, k + 4 …
LANES_INLINE FloatV quads_of_lanes(const float* quads, const std::uint32_t* at, int k) {
  return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(quads + std::size_t{4} * at[k])),
                              _mm_loadu_ps(quads + std::size_t{4} * at[k + 4]), 1);
}
LANES_INLINE void store_quads_of_lanes(float* to, FloatV v, int k) {
  _mm_storeu_ps(to + std::ptrdiff_t{4} * k, _mm256_castps256_ps128(v));
  _mm_storeu_ps(to + std::ptrdiff_t{4} * (k + 4), _mm256_extractf128_ps(v, 1));
}

}  // namespace orrery::host::LANES
