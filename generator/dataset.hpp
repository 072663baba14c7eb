#pragma once

// A dataset on disk:
//   dataset.json    recipe, seed, count, classes, ledger, hash; written last: it says "finished"
//   manifest.jsonl  one line a sample, in order of index; its SHA-256 is the dataset's hash
//   annotations/instances_default.json   COCO (generator/sinks/coco.hpp)
//   annotations/panoptic_default.json    where asked for (generator/sinks/panoptic.hpp)
//   images/ …       the samples' files
// and, until it is finished, .chunks/:
//   plan.json       what the dataset is to be, and its chunk size
//   00000003.jsonl  chunk 3 is complete; per sample: a header line, its manifest line, its COCO
//                   image and one line for each of its COCO annotations
//   *.<host>-<pid>-<random>   what a process is writing; nobody reads it

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

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
};

/// Consecutive indices [first, last).
struct IndexRun {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// A folder that fills with chunks, in any order, from any number of threads and processes, and
/// survives being killed at any instant. Every failure is an Error (Exit::io).
class Dataset {
 public:
  /// Starts or continues the dataset in `folder`. Throws Error (Exit::data) if another dataset or
  /// anything foreign lies there, naming what differs.
  Dataset(std::filesystem::path folder, DatasetPlan plan);

  const std::filesystem::path& folder() const { return folder_; }

  /// The hash, if there is nothing left to do.
  const std::optional<std::string>& finished() const { return hash_; }

  /// Chunks whose record or files were found incomplete on opening (a power cut, a hand that
  /// deleted images); they count as not made.
  std::uint64_t damaged() const { return damaged_; }

  /// A continued dataset keeps the chunk size that it was started with.
  std::uint64_t chunk_size() const { return plan_.chunk_size; }
  std::uint64_t chunks() const;
  IndexRun indices(std::uint64_t chunk) const;
  bool has(std::uint64_t chunk) const;

  /// Stores a chunk: all of it or nothing. Committing what another has committed is success.
  /// Threads may commit at the same time.
  void commit(std::uint64_t chunk, std::span<const Sample> samples);

  /// Merges all chunks, checks that the ledger balances (placed = labelled + dropped and labelled =
  /// written = re-read, per class) and returns the hash. Throws Error (Exit::bug) if it does not,
  /// or if a chunk is missing.
  std::string finish();

 private:
  Json identity() const;
  void require_same(const std::filesystem::path& file, const Json& found, const Json& wanted) const;
  std::optional<std::string> hash_on_disk() const;
  void create();
  void remove_abandoned() const;
  bool is_damaged(std::uint64_t chunk) const;
  void write_chunk(std::uint64_t chunk, std::span<const Sample> samples) const;
  std::string merge() const;
  template <class ForEachRecord>
  void write_panoptic(const ForEachRecord& for_each_record,
                      const std::filesystem::path& aside) const;
  std::filesystem::path record(std::uint64_t chunk) const;
  std::filesystem::path staging(const std::string& purpose) const;

  std::filesystem::path folder_;
  std::filesystem::path chunks_;
  DatasetPlan plan_;
  std::optional<std::string> hash_;
  std::uint64_t damaged_ = 0;
};

}  // namespace orrery
