#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/dataset_folder.hpp"
#include "generator/verify/findings.hpp"

namespace orrery {

/// The files of a dataset's samples against the manifest: eight bytes a file are kept.
class SampleFiles {
 public:
  /// `dataset` is what dataset.json says.
  SampleFiles(std::filesystem::path folder, const Json& dataset, Findings& findings);

  /// The picture of COCO image `index`, decoded whole. Broken: those of check_picture, and
  /// picture_named_twice.
  void add_picture(std::uint64_t index, const std::string& file_name, const Json& image);
  /// The files of row `index` and their hashes. Broken: file_outside_dataset, file_missing,
  /// file_hash, files_unreadable.
  void add_row(std::uint64_t index, const Json& row, const std::string& where);
  /// Files beside those of rows, where rows have theirs, and archives beside those of chunks.
  /// Broken: picture_extra, picture_named_twice, shard_extra.
  void find_extra();

 private:
  void check_file(const StoredFile& file, const Json& hash, const std::string& where);
  void find_extra_shards();
  /// A file of the dataset, by its path there.
  void take_found(const std::string& path);

  std::filesystem::path folder_;
  DatasetFolder files_;
  Findings& findings_;
  std::set<std::string> folders_{"images"};  ///< that samples have files in
  std::vector<std::uint64_t> named_;         ///< by rows, as numbers
  std::vector<std::uint64_t> pictures_;      ///< by COCO images
  std::optional<std::uint64_t> twice_;       ///< a number of two of them
  std::vector<std::string> extra_;           ///< files that no row names
};

}  // namespace orrery
