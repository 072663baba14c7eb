#include "generator/store/hash_index.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <tuple>

namespace orrery {
namespace {

/// 16-bit patterns of at most two bits, fewest first: one, 16 and 120 of them.
struct Patterns {
  std::array<std::uint16_t, 137> all{};
  std::array<std::size_t, 3> up_to{1, 17, 137};  ///< how many have at most that many bits
};

constexpr Patterns patterns() {
  Patterns patterns;
  std::size_t at = 1;
  for (unsigned i = 0; i < 16; ++i) patterns.all[at++] = static_cast<std::uint16_t>(1U << i);
  for (unsigned i = 0; i < 16; ++i) {
    for (unsigned j = i + 1; j < 16; ++j) {
      patterns.all[at++] = static_cast<std::uint16_t>(1U << i | 1U << j);
    }
  }
  return patterns;
}

constexpr Patterns kPatterns = patterns();

std::size_t part_of(std::uint64_t hash, std::size_t part) { return hash >> (16 * part) & 0xFFFFU; }

}  // namespace

HashIndex::HashIndex() {
  for (auto& heads : heads_) heads.assign(kValues, kEnd);
}

void HashIndex::add(std::uint64_t hash) {
  const auto entry = static_cast<std::uint32_t>(hashes_.size());
  hashes_.push_back(hash);
  for (std::size_t part = 0; part < kParts; ++part) {
    std::uint32_t& head = heads_[part][part_of(hash, part)];
    next_[part].push_back(head);
    head = entry;
  }
}

std::vector<HashIndex::Near> HashIndex::within(const PerceptualHashes& hashes, int radius) const {
  assert(radius >= 0 && radius <= kMaxRadius);
  std::vector<Near> found;
  for (const std::uint64_t hash : hashes) {
    for (std::size_t part = 0; part < kParts; ++part) {
      // If every part differed in more bits than its share, all together would differ in more than
      // `radius`: the shares, each and one more, add up to radius + 1.
      const int more = (radius + 1) / 4 + (static_cast<int>(part) < (radius + 1) % 4 ? 1 : 0);
      if (more == 0) continue;
      const std::size_t count = kPatterns.up_to[static_cast<std::size_t>(more - 1)];
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t value = part_of(hash, part) ^ kPatterns.all[i];
        for (std::uint32_t e = heads_[part][value]; e != kEnd; e = next_[part][e]) {
          const int distance = std::popcount(hashes_[e] ^ hash);
          if (distance <= radius) found.push_back({e, distance});
        }
      }
    }
  }
  // One entry may be found through several parts and hashes: its least distance counts.
  std::sort(found.begin(), found.end(), [](const Near& a, const Near& b) {
    return std::tie(a.entry, a.distance) < std::tie(b.entry, b.distance);
  });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Near& a, const Near& b) { return a.entry == b.entry; }),
              found.end());
  std::sort(found.begin(), found.end(), [](const Near& a, const Near& b) {
    return std::tie(a.distance, a.entry) < std::tie(b.distance, b.entry);
  });
  return found;
}

}  // namespace orrery
