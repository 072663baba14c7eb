#pragma once

// provenance.json, beside dataset.json: who made the dataset and what it is made of.
//   tool, recipe_hash, seed, count, dataset_hash
//   makers       [{host, device, driver, uuid, chunks: "0-3,7", images, seconds}]
//   assets       [{kind, name, sha256, licence}]; licence is null where none is known
//   substitutes  [{sample, draw}]: samples that other draws stand in for
// No hash covers it: the same dataset may be made anywhere.

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "generator/dataset_plan.hpp"
#include "scenes/json.hpp"

namespace orrery {

/// Gathers what chunks' records say, in order of the chunks.
class DatasetProvenance {
 public:
  /// The first two lines of the chunk's record.
  void add_chunk(std::uint64_t chunk, const Json& origin, const Json& assets);
  void add_sample(std::uint64_t index, std::uint32_t substitute);

  std::size_t substitutes() const { return substitutes_.size(); }
  Json json(const DatasetPlan& plan, const std::string& dataset_hash) const;

 private:
  struct Work {
    std::vector<std::uint64_t> chunks;
    std::uint64_t images = 0;
    double seconds = 0;
  };
  std::map<std::array<std::string, 4>, Work> makers_;  // by host, device, driver and uuid
  std::set<Json> assets_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> substitutes_;
};

}  // namespace orrery
