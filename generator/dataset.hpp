#pragma once

// A dataset on disk:
//   dataset.json    recipe, seed, count, classes, ledger, hash; written last: it says "finished"
//   manifest.jsonl  one line a sample, in order of index; its SHA-256 is the dataset's hash
//   provenance.json  makers and assets (generator/dataset_provenance.hpp)
//   annotations/instances_default.json   COCO (generator/sinks/coco.hpp)
//   annotations/panoptic_default.json    where asked for (generator/sinks/panoptic.hpp)
//   images/ …       the samples' files, or
//   shards/         an archive of them for each chunk (generator/chunk_shard.hpp)
// and, until it is finished, .chunks/:
//   plan.json       what the dataset is to be, and its chunk size
//   00000003.jsonl  chunk 3 is complete; lines that say who made it (ChunkOrigin) and of which
//                   assets, then per sample: a header line, its manifest line, its COCO image and
//                   one line for each of its COCO annotations
//   failed-00000003-*.json    an attempt at chunk 3 that failed, and why
//   *.<host>-<pid>-<random>   what a process is writing; nobody reads it

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "generator/chunk_choice.hpp"
#include "generator/chunk_files.hpp"
#include "generator/chunk_record.hpp"
#include "generator/dataset_plan.hpp"
#include "generator/sample.hpp"

namespace orrery {

/// Throws Damaged unless the dataset has this file (a path in it) with this size.
using RequireFile = std::function<void(const std::string& path, std::uint64_t size)>;

/// A folder that fills with chunks, in any order, from any number of threads and processes, and
/// survives being killed at any instant. Every failure is an Error (Exit::io).
class Dataset {
 public:
  /// Starts or continues the dataset in `folder`; of the chunks there, those of `share` are looked
  /// at for damage. Throws Error (Exit::data) if another dataset or anything foreign lies there,
  /// naming what differs. Where the samples' files are not in the folder, `require` looks at them.
  Dataset(std::filesystem::path folder, DatasetPlan plan, const ChunkChoice& share = {},
          RequireFile require = {});

  const std::filesystem::path& folder() const { return folder_; }

  /// The hash, if there is nothing left to do.
  const std::optional<std::string>& finished() const { return hash_; }

  /// Chunks whose record or files were found incomplete on opening (a power cut, a hand that
  /// deleted images); they count as not made.
  std::uint64_t damaged() const { return damaged_; }

  /// A continued dataset keeps the chunk size and the form that it was started with.
  std::uint64_t chunk_size() const { return plan_.chunk_size; }
  std::uint64_t chunks() const;
  IndexRun indices(std::uint64_t chunk) const;
  bool has(std::uint64_t chunk) const;
  /// Whether any chunk is there.
  bool any_chunk() const;
  /// Chunks that are not there, in order.
  std::vector<std::uint64_t> missing() const;

  /// Stores a chunk: all of it or nothing. Committing what another has committed is success.
  /// Threads may commit at the same time.
  void commit(std::uint64_t chunk, std::span<const Sample> samples, const ChunkOrigin& origin = {});

  /// Others see that the chunk is being made for as long as what this returns lives; nothing if
  /// another process has finished the dataset. Throws Error (Exit::io).
  std::unique_ptr<Staging> begin(std::uint64_t chunk) const;

  /// Leaves a note that an attempt at a chunk failed, for those who look on. Never throws.
  void note_failure(std::uint64_t chunk, const std::string& why) const noexcept;

  /// Merges all chunks, checks that the ledger balances (placed = labelled + dropped and labelled =
  /// written = re-read, per class) and returns the hash. Throws Error (Exit::bug) if it does not,
  /// or if a chunk is missing, and Error (Exit::data) if one was made by another version or from
  /// another recipe.
  std::string finish();

 private:
  void require_same(const std::filesystem::path& file, const Json& found, const Json& wanted) const;
  std::optional<std::string> hash_on_disk() const;
  void create();
  void remove_abandoned() const;
  bool is_damaged(std::uint64_t chunk) const;
  void write_chunk(std::uint64_t chunk, std::span<const Sample> samples, ChunkOrigin origin) const;
  /// The files of a sample are there, unless archives hold them.
  void require_packed(std::uint64_t chunk, const Json& origin) const;
  void require_loose(const SampleRecord& sample) const;
  std::string merge() const;
  template <class ForEachRecord>
  void write_panoptic(const ForEachRecord& for_each_record,
                      const std::filesystem::path& aside) const;
  std::filesystem::path record(std::uint64_t chunk) const;
  std::filesystem::path staging(const std::string& purpose) const;

  std::filesystem::path folder_;
  std::filesystem::path chunks_;
  DatasetPlan plan_;
  RequireFile require_;
  std::optional<std::string> hash_;
  std::uint64_t damaged_ = 0;
};

}  // namespace orrery
