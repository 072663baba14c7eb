#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/pack.hpp"
#include "generator/sample.hpp"
#include "scenes/keypoints.hpp"

namespace orrery {

/// What a dataset is to be.
struct DatasetPlan {
  Json recipe;  ///< for people; recipe_hash is what counts
  std::string recipe_hash;
  std::uint64_t seed = 0;
  std::uint64_t count = 0;  ///< samples
  std::uint64_t chunk_size = 64;
  std::vector<std::string> classes;    ///< names, by class id
  std::vector<Keypoints> keypoints{};  ///< by class id; empty: no class has any
  bool panoptic = false;               ///< there is a panoptic file as well
  Pack pack = Pack::files;             ///< never automatic
};

/// What makes it another dataset: hash, seed, count and classes.
Json identity_of(const DatasetPlan& plan);

/// How the files of a dataset are kept, as plan.json or dataset.json says; without a word loose.
Pack pack_in(const Json& json);

/// Everything, with the version of this program.
Json json_from(const DatasetPlan& plan);
/// Throws Error naming `where` if a field is missing.
DatasetPlan dataset_plan_from_json(const Json& json, const std::string& where);

/// Chunks that a dataset of this plan is made in, and the samples of one.
std::uint64_t chunks_of(const DatasetPlan& plan);

/// Consecutive indices [first, last).
struct IndexRun {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

IndexRun indices_of(const DatasetPlan& plan, std::uint64_t chunk);

/// "orrery <version>".
std::string tool_name();

}  // namespace orrery
