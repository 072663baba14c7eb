#include "generator/store/near_duplicates.hpp"

#include <algorithm>

namespace orrery {

void NearDuplicates::know(std::int64_t image, std::uint64_t hash, std::int64_t first) {
  // Of pictures with one hash, the first stands for all; first members stand for themselves.
  const bool is_new = seen_.insert(hash).second;
  if (!is_new && image != first) return;
  index_.add(hash);
  entries_.push_back({image, first});
}

NearDuplicates::Place NearDuplicates::place(std::int64_t image, const PerceptualHashes& hashes) {
  Place place{image, {}};
  const std::vector<HashIndex::Near> near = index_.within(hashes, kLikeDistance);
  for (const HashIndex::Near& found : near) {
    const Entry& entry = entries_[found.entry];
    if (found.distance > kSameDistance || entry.image != entry.first) continue;
    place.first = entry.first;
    break;
  }
  // Of each other group within kSameDistance the nearest, and one that is only alike.
  std::unordered_set<std::int64_t> told{place.first};
  for (const HashIndex::Near& found : near) {
    const Entry& entry = entries_[found.entry];
    if (!told.insert(entry.first).second) continue;
    place.pairs.push_back({image, entry.image, found.distance});
    if (found.distance > kSameDistance) break;
  }
  know(image, hashes[0], place.first);
  return place;
}

Chain largest_chain(const std::map<std::int64_t, std::int64_t>& first_of,
                    const std::vector<NearPair>& pairs) {
  // Union-find over groups; the earliest picture is the root.
  std::map<std::int64_t, std::int64_t> parent;
  const auto root = [&parent](std::int64_t at) {
    while (parent.at(at) != at) at = parent.at(at) = parent.at(parent.at(at));
    return at;
  };
  for (const auto& [image, first] : first_of) parent.emplace(first, first);
  for (const NearPair& pair : pairs) {
    if (pair.distance > kSameDistance) continue;
    const std::int64_t a = root(first_of.at(pair.image));
    const std::int64_t b = root(first_of.at(pair.other));
    parent[std::max(a, b)] = std::min(a, b);
  }
  std::map<std::int64_t, std::uint64_t> sizes;
  for (const auto& [image, first] : first_of) ++sizes[root(first)];
  Chain largest;
  for (const auto& [first, images] : sizes) {
    if (images > largest.images) largest = {first, images};
  }
  return largest;
}

}  // namespace orrery
