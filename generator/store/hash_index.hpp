#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "generator/store/perceptual_hash.hpp"

namespace orrery {

/// Finds the hashes near one without looking at all. Hashes that differ in at most r bits have one
/// of four 16-bit parts that differs in few (pigeonhole), so all values near each part are looked
/// up in a table of that part. Source: Norouzi, Punjani, Fleet, Fast Search in Hamming Space with
/// Multi-Index Hashing, CVPR 2012.
class HashIndex {
 public:
  struct Near {
    std::size_t entry = 0;  ///< in order of add(), from 0
    int distance = 0;       ///< hash_distance()
    bool operator==(const Near&) const = default;
  };

  static constexpr int kMaxRadius = 11;

  HashIndex();
  void add(std::uint64_t hash);
  std::size_t size() const { return hashes_.size(); }
  /// All within `radius` (at most kMaxRadius) of any of `hashes`, nearest first, then in order of
  /// add().
  std::vector<Near> within(const PerceptualHashes& hashes, int radius) const;

 private:
  static constexpr std::size_t kParts = 4;
  static constexpr std::size_t kValues = 1U << 16U;
  static constexpr std::uint32_t kEnd = 0xFFFFFFFF;

  std::vector<std::uint64_t> hashes_;
  /// Entries with the same part are a list: heads_[part][value], then next_[part][entry].
  std::array<std::vector<std::uint32_t>, kParts> heads_;
  std::array<std::vector<std::uint32_t>, kParts> next_;
};

}  // namespace orrery
