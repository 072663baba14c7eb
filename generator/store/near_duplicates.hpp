#pragma once

#include <cstdint>
#include <map>
#include <unordered_set>
#include <vector>

#include "generator/store/hash_index.hpp"

namespace orrery {

/// Pictures this near are one group without asking…
inline constexpr int kSameDistance = 4;
/// …and up to this near they are reported.
inline constexpr int kLikeDistance = 10;

/// Two pictures of different groups that look alike.
struct NearPair {
  std::int64_t image = 0;  ///< the later one
  std::int64_t other = 0;
  int distance = 0;
  bool operator==(const NearPair&) const = default;
};

/// Puts pictures into groups of near duplicates, in the order in which they come. A picture joins
/// the group whose FIRST member is nearest, if that is within kSameDistance; else it is the first
/// of a new group. So a chain (A like B, B like C, …) cannot grow one group out of pictures that do
/// not look alike: every member is near the first. What the rule keeps apart although two pictures
/// are within kSameDistance is told as a pair, as is the nearest picture of other groups up to
/// kLikeDistance.
class NearDuplicates {
 public:
  struct Place {
    std::int64_t first = 0;  ///< the first member of its group; itself, if it starts one
    std::vector<NearPair> pairs;
  };

  /// A picture that has its place already.
  void know(std::int64_t image, std::uint64_t hash, std::int64_t first);
  /// Finds a place, and knows the picture from then on.
  Place place(std::int64_t image, const PerceptualHashes& hashes);

 private:
  struct Entry {
    std::int64_t image = 0;
    std::int64_t first = 0;
  };

  HashIndex index_;
  std::vector<Entry> entries_;  ///< of the index
  std::unordered_set<std::uint64_t> seen_;
};

/// Pictures that hang together through pairs within kSameDistance, whatever their groups.
struct Chain {
  std::int64_t first = 0;  ///< its earliest picture
  std::uint64_t images = 0;
};

/// The largest. `first_of` gives each picture's group.
Chain largest_chain(const std::map<std::int64_t, std::int64_t>& first_of,
                    const std::vector<NearPair>& pairs);

/// A chain of so many pictures, of so many in all, is to be looked at by a person: more than a
/// fifth and more than a handful.
inline bool is_suspicious(std::uint64_t chain, std::uint64_t images) {
  return chain > 8 && chain * 5 > images;
}

}  // namespace orrery
