#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "generator/object_store/stored_dataset.hpp"

namespace orrery {

/// What came of finishing.
struct Finished {
  std::optional<std::string> hash;       ///< nothing: chunks are missing
  std::vector<std::uint64_t> missing{};  ///< in order
  std::uint64_t damaged = 0;             ///< of the missing: not whole
  std::uint64_t chunks = 0;              ///< that the dataset is made in
};

/// Merges the chunks in the store, going by their records and the sizes of a listing, and puts what
/// finishing adds, dataset.json last. Records of damaged chunks are removed, so that they are made
/// anew. Needs room in scratch for all records and the annotations, and for whole datasets of
/// recipes. Says to `say` what it had to leave out. Throws Error as finish() does.
Finished finish_stored(StoredDataset& dataset, std::ostream& say);

}  // namespace orrery
