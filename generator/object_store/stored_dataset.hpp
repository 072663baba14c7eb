#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "generator/lanes.hpp"
#include "generator/object_store/object_store.hpp"
#include "generator/object_store/scratch_folder.hpp"
#include "scenes/error.hpp"

namespace orrery {

/// A dataset on an object store, laid out as on a disk (generator/dataset.hpp), and a scratch
/// folder that its chunks pass through. A store has no rename and cannot be relied on to refuse
/// what is there already, so a chunk's record is put after its files, whoever comes second changes
/// nothing or puts the same bytes, and only finishing says that everything is there.
class StoredDataset {
 public:
  /// Throws Error (Exit::io) if there can be no scratch folder in `place`.
  StoredDataset(const StoreAddress& address, const std::filesystem::path& place);

  const ObjectStore& store() const { return store_; }
  /// Stands for the dataset, holding of it what is needed.
  const std::filesystem::path& folder() const { return folder_; }

  /// Fetches what says how far it is, and makes `machine` leave out the chunks that are there and
  /// hand over the others. Throws Error (Exit::data) if something lies there that is no dataset.
  void open(Machine& machine);

  /// Puts notes of failed attempts, for those who look on. Never throws.
  void put_failures() const noexcept;

  /// The error, said of the dataset and not of the folder that stands for it.
  Error of_dataset(const Error& error) const;

 private:
  void put_plan();
  void hand_over(std::uint64_t chunk) const;

  ObjectStore store_;
  ScratchFolder scratch_;
  std::filesystem::path folder_;
  bool planned_ = false;
};

/// The chunk that a record in a listing is of; nothing if it is no record.
std::optional<std::uint64_t> chunk_of_record(const std::string& path);

}  // namespace orrery
