#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orrery {

/// Which chunks of a dataset a run makes: its share of the work.
struct ChunkChoice {
  struct Run {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  ///< included
  };
  std::uint64_t shard = 0;  ///< chunks c with c mod `shards` = `shard`…
  std::uint64_t shards = 1;
  std::vector<Run> runs{};  ///< …and, if there are any, in one of these: in order, apart
  /// Chunks that are kept elsewhere already, if that is where they go: they are nobody's work.
  std::optional<std::set<std::uint64_t>> elsewhere{};

  /// Nothing was chosen: whoever makes all chunks also finishes the dataset, where its chunks are.
  bool all() const { return shards == 1 && runs.empty() && !elsewhere; }
  bool holds(std::uint64_t chunk) const;
};

/// Adds "i/n", 0-based, to a choice. Throws Error (Exit::usage).
void choose_shard(ChunkChoice& choice, const std::string& text);
/// Adds "3,7,9-12" to a choice. Throws Error (Exit::usage).
void choose_chunks(ChunkChoice& choice, const std::string& text);

/// "all", or as the options say it: "0/4", "3,7,9-12", "0/4 of 3,7,9-12".
std::string text_of(const ChunkChoice& choice);

/// "3,7,9-12" of chunks in order: what choose_chunks() and schedulers' array options take.
std::string text_of_chunks(const std::vector<std::uint64_t>& chunks);

}  // namespace orrery
