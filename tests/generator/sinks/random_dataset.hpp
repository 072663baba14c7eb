#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"

namespace orrery::testing {

/// What random labels may have.
struct Flavour {
  bool weights = false;
  bool crowds = true;
  bool folds = true;
};

/// Images with crowds, holes, masks of several parts, outlines, keypoints, boxes alone, none at
/// all, and classes whose names have blanks, quotes and letters beyond ASCII.
struct RandomDataset {
  DatasetInfo info;
  std::vector<LabelledImage> images;
  /// Writes pictures below `folder`.
  RandomDataset(std::uint64_t seed, int count, const std::filesystem::path& folder,
                const Flavour& flavour = {});
  /// What readers must find, in plain JSON: masks as 0 and 1 in rows.
  void write_truth(const std::filesystem::path& file) const;
};

/// Every file below a folder with its bytes, in order of path.
std::map<std::string, std::string> files_of(const std::filesystem::path& folder);

}  // namespace orrery::testing
