#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>

#include "generator/options.hpp"

namespace orrery {

/// How far a dataset is that any number of processes are making.
struct DatasetStatus {
  std::uint64_t images = 0;  ///< wanted
  std::uint64_t chunks = 0;  ///< wanted
  std::uint64_t images_done = 0;
  std::uint64_t chunks_done = 0;
  /// Chunks that somebody began, and no less; nothing where that cannot be seen.
  std::optional<std::uint64_t> running = 0;
  std::map<std::string, std::uint64_t> failed;   ///< of chunks not done: attempts, by why
  std::map<std::string, std::uint64_t> devices;  ///< chunks done, by device and driver
  double rate = 0;          ///< images a second, from the first chunk to the last
  double seconds_left = 0;  ///< at this rate; 0 if there is none
  double slowest = 0;       ///< seconds of the chunk that took longest
  std::uint64_t slowest_chunk = 0;
  std::string slowest_host;
  std::optional<std::string> hash;  ///< finished
};

/// Reads the first line of every chunk's record. Throws Error if no dataset was begun in `folder`.
DatasetStatus dataset_status(const std::filesystem::path& folder);

/// For people, or as JSON.
void print_status(const DatasetStatus& status, bool json, std::ostream& out);

}  // namespace orrery
