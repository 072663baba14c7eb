#pragma once

// Reads of the resident buffers at an index of each lane's own.

#include <cstddef>
#include <cstring>

#include "renderer/host/vectors.hpp"

namespace orrery::host {

struct Words {
  const std::uint32_t* data;
  LANES_INLINE Uint operator[](Uint i) const { return gathered(data, i); }
};

struct Floats {
  const float* data;
  LANES_INLINE Float operator[](Uint i) const { return gathered(data, i); }
};

/// Elements of three words.
struct Triples {
  const std::uint32_t* data;
  LANES_INLINE uvec3 operator[](Uint i) const {
    if (all_equal(i)) {
      const std::uint32_t* one = data + std::size_t{3} * first_lane(i);
      return {one[0], one[1], one[2]};
    }
    const Uint at = i * 3U;
    return {gathered(data, at), gathered(data + 1, at), gathered(data + 2, at)};
  }
};

/// Elements of four words: one load a lane, and a transposition.
struct Quads {
  const std::uint32_t* data;
  LANES_INLINE uvec4 operator[](Uint i) const {
    if (all_equal(i)) {
      const std::uint32_t* one = data + std::size_t{4} * first_lane(i);
      return {one[0], one[1], one[2], one[3]};
    }
    alignas(32) std::uint32_t at[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(at), i.v);
    const auto* quads = reinterpret_cast<const float*>(data);
    __m256 rows[4];
    for (int k = 0; k < 4; ++k) {
      rows[k] = _mm256_insertf128_ps(
          _mm256_castps128_ps256(_mm_loadu_ps(quads + std::size_t{4} * at[k])),
          _mm_loadu_ps(quads + std::size_t{4} * at[k + 4]), 1);
    }
    const __m256 xy01 = _mm256_unpacklo_ps(rows[0], rows[1]);
    const __m256 zw01 = _mm256_unpackhi_ps(rows[0], rows[1]);
    const __m256 xy23 = _mm256_unpacklo_ps(rows[2], rows[3]);
    const __m256 zw23 = _mm256_unpackhi_ps(rows[2], rows[3]);
    return {Uint(_mm256_castps_si256(_mm256_shuffle_ps(xy01, xy23, 0x44))),
            Uint(_mm256_castps_si256(_mm256_shuffle_ps(xy01, xy23, 0xEE))),
            Uint(_mm256_castps_si256(_mm256_shuffle_ps(zw01, zw23, 0x44))),
            Uint(_mm256_castps_si256(_mm256_shuffle_ps(zw01, zw23, 0xEE)))};
  }
};

/// Elements of `Element`'s size whose words from `first_word` on are, one by one, those of `Record`.
template <class Record, class Element, std::size_t first_word>
struct Records {
  static constexpr std::size_t kWords = sizeof(Record) / sizeof(Uint);
  static constexpr std::uint32_t kStride = sizeof(Element) / 4;

  const Element* data;

  LANES_INLINE Record operator[](Uint i) const {
    const auto* words = reinterpret_cast<const std::uint32_t*>(data) + first_word;
    Record record;
    auto* out = reinterpret_cast<char*>(&record);
    if (all_equal(i)) {
      const std::uint32_t* one = words + std::size_t{kStride} * first_lane(i);
      for (std::size_t k = 0; k < kWords; ++k) put(out, k, one[k]);
    } else {
      const Uint at = i * kStride;
      for (std::size_t k = 0; k < kWords; ++k) put(out, k, gathered(words + k, at));
    }
    return record;
  }

 private:
  LANES_INLINE static void put(char* record, std::size_t k, Uint word) {
    std::memcpy(record + k * sizeof word, &word, sizeof word);
  }
};

}  // namespace orrery::host
