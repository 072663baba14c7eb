#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "generator/verify/findings.hpp"

namespace orrery {

/// The files of a dataset's samples against the manifest: eight bytes a file are kept.
class SampleFiles {
 public:
  SampleFiles(std::filesystem::path folder, Findings& findings);

  /// The picture of a COCO image, decoded whole. Broken: those of check_picture, and
  /// picture_named_twice.
  void add_picture(const std::string& file_name, const Json& image);
  /// A row's files and their hashes. Broken: file_outside_dataset, file_missing, file_hash,
  /// files_unreadable.
  void add_row(const Json& row, const std::string& where);
  /// Files beside those of rows, where rows have theirs. Broken: picture_extra.
  void find_extra();

 private:
  std::filesystem::path folder_;
  Findings& findings_;
  std::set<std::string> folders_{"images"};  ///< that samples have files in
  std::vector<std::uint64_t> named_;         ///< by rows, as numbers
  std::vector<std::uint64_t> pictures_;      ///< by COCO images
};

}  // namespace orrery
