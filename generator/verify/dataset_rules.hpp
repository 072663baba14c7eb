#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "generator/verify/findings.hpp"

namespace orrery {

/// What checks of formats need to know of the dataset they were made from.
struct DatasetFacts {
  std::vector<std::string> classes{};
  std::set<std::string> train_only{};  ///< names of images that are never validated on
};

/// Re-reads a dataset of our own (dataset.hpp) once, image by image, and holds it to what it says
/// of itself: hashes, pictures, ids, masks, boxes, rows, ledger, folds. Memory grows by a few
/// numbers an image. Throws Error (Exit::io) only if there is no dataset.json.
DatasetFacts check_dataset(const std::filesystem::path& folder, Findings& findings);

}  // namespace orrery
