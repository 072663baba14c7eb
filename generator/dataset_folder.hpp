#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "generator/stored_file.hpp"
#include "scenes/json.hpp"

namespace orrery {

/// Where the files of the samples of a finished dataset of our own lie, whichever form it has
/// (pack.hpp). It remembers what is in one archive: samples of a chunk are best asked for together.
class DatasetFolder {
 public:
  /// Reads dataset.json; where there is none, files are loose. Throws Error (Exit::io) if it is not
  /// as orrery writes it.
  explicit DatasetFolder(const std::filesystem::path& folder);
  /// The same of what was read of it.
  DatasetFolder(std::filesystem::path folder, const Json& dataset);

  /// The file `path` of sample `index`. Of archives, throws Error (Exit::io) if it is not there;
  /// loose files are not looked for.
  StoredFile find(std::uint64_t index, const std::string& path);

  /// Archives that the dataset consists of; 0: its files are loose.
  std::uint64_t shards() const { return shards_; }

 private:
  std::filesystem::path folder_;
  std::uint64_t chunk_size_ = 0;
  std::uint64_t shards_ = 0;
  std::optional<std::uint64_t> chunk_;         ///< whose archive is known
  std::map<std::string, StoredFile> members_;  ///< of that archive, by path in the dataset
};

}  // namespace orrery
