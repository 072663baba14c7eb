#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "generator/dataset_plan.hpp"
#include "generator/sample.hpp"
#include "scenes/error.hpp"

namespace orrery {

/// What a chunk's record keeps of a sample: printed JSON, so that merging is copying.
struct SampleRecord {
  std::vector<std::pair<std::string, std::uint64_t>> files;  ///< path in the dataset, bytes
  Ledger ledger;
  PlacementCount placement;
  std::uint32_t substitute = 0;  ///< as in Sample
  std::string manifest;
  std::string image;                      ///< CocoImage::image
  std::vector<std::string> annotations;   ///< CocoImage::annotations
  std::vector<std::uint64_t> categories;  ///< of each annotation
  std::string panoptic;                   ///< Sample::panoptic; empty without one
};

/// Of a chunk's record in its dataset: ".chunks/00000003.jsonl".
std::string record_path(std::uint64_t chunk);

/// Who made a chunk.
struct ChunkOrigin {
  std::string device{};
  std::string driver{};
  std::string uuid{};               ///< of the device
  double seconds = 0;               ///< that it took
  std::uint64_t archive_bytes = 0;  ///< 0: its files are loose
};

/// The first two lines of a chunk's record: who made it (below 2 KB), and what its images are made
/// of.
std::string origin_lines(const DatasetPlan& plan, std::uint64_t chunk, const ChunkOrigin& origin,
                         std::span<const Sample> samples);

/// The lines of one sample.
std::string record_of(const Sample& sample);

/// A file of a chunk that is not there or not whole, so that the chunk is to be made again: other
/// than a disk or a store that does not answer now.
class Damaged : public Error {
 public:
  explicit Damaged(const std::string& text) : Error(text, Exit::io) {}
};

/// Reads a chunk's record, one sample at a time. Throws Damaged if it is not whole, and Error
/// (Exit::io) if it cannot be read.
class RecordReader {
 public:
  explicit RecordReader(const std::filesystem::path& file);
  /// The first line; call first.
  Json origin();
  /// The second line: [{kind, name, sha256, …}]; call next, or not at all.
  Json assets();
  /// The next sample, which must be `index`.
  SampleRecord next(std::uint64_t index);

 private:
  std::string line();

  std::filesystem::path file_;
  std::ifstream in_;
  bool assets_passed_ = false;
};

/// Throws Damaged unless the file is there and has that size, and Error (Exit::io) if it cannot be
/// looked at.
void require_file(const std::filesystem::path& file, std::uint64_t size);

}  // namespace orrery
