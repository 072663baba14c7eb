#pragma once

// Reads of the resident buffers at an index of each lane's own.

#include <cstddef>
#include <cstring>

#include "renderer/host/vectors.hpp"

namespace orrery::host::LANES {

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
    std::uint32_t at[kLanes];
    store(at, i);
    const auto* quads = reinterpret_cast<const float*>(data);
    const FloatV rows[4] = {quads_of_lanes(quads, at, 0), quads_of_lanes(quads, at, 1),
                            quads_of_lanes(quads, at, 2), quads_of_lanes(quads, at, 3)};
    const FloatV xy01 = LANES_OP(unpacklo_ps)(rows[0], rows[1]);
    const FloatV zw01 = LANES_OP(unpackhi_ps)(rows[0], rows[1]);
    const FloatV xy23 = LANES_OP(unpacklo_ps)(rows[2], rows[3]);
    const FloatV zw23 = LANES_OP(unpackhi_ps)(rows[2], rows[3]);
    return {Uint(int_bits(LANES_OP(shuffle_ps)(xy01, xy23, 0x44))),
            Uint(int_bits(LANES_OP(shuffle_ps)(xy01, xy23, 0xEE))),
            Uint(int_bits(LANES_OP(shuffle_ps)(zw01, zw23, 0x44))),
            Uint(int_bits(LANES_OP(shuffle_ps)(zw01, zw23, 0xEE)))};
  }
};

/// The reverse: x, y, z and w of lane after lane.
LANES_INLINE void store_quads(float* to, vec4 c) {
  const FloatV xy_low = LANES_OP(unpacklo_ps)(c.x.v, c.y.v);
  const FloatV xy_high = LANES_OP(unpackhi_ps)(c.x.v, c.y.v);
  const FloatV zw_low = LANES_OP(unpacklo_ps)(c.z.v, c.w.v);
  const FloatV zw_high = LANES_OP(unpackhi_ps)(c.z.v, c.w.v);
  store_quads_of_lanes(to, LANES_OP(shuffle_ps)(xy_low, zw_low, 0x44), 0);
  store_quads_of_lanes(to, LANES_OP(shuffle_ps)(xy_low, zw_low, 0xEE), 1);
  store_quads_of_lanes(to, LANES_OP(shuffle_ps)(xy_high, zw_high, 0x44), 2);
  store_quads_of_lanes(to, LANES_OP(shuffle_ps)(xy_high, zw_high, 0xEE), 3);
}

/// Elements of `Element`'s size whose words from `first_word` on are, one by one, those of
/// `Record`.
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

}  // namespace orrery::host::LANES
