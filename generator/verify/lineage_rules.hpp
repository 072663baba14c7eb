#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/splits/folds.hpp"
#include "generator/splits/track.hpp"
#include "generator/verify/findings.hpp"

namespace orrery {

/// folds.json and its lists against the manifest, a row at a time: a few numbers and the keys of an
/// image's lineage are kept.
class LineageRules {
 public:
  /// Reads folds.json if the dataset has one. `recipe` is dataset.json's. Broken:
  /// folds_unreadable, tracks_unreadable.
  LineageRules(const std::filesystem::path& dataset, const Json& recipe, Findings& findings);

  /// One row of the manifest, of the image called `name`. Broken: lineage_unreadable, leak, track,
  /// image_without_fold, fold_of_held_out, part.
  void add(const Json& row, const std::string& name, const std::string& where);

  /// What needs all rows: lists of folds and counts. Broken: fold_image_unknown, fold_list_missing,
  /// train_only_in_val, fold_list, fold_count.
  void finish();

  bool is_train_only(const std::string& name) const { return train_only_.contains(name); }

 private:
  struct Placed {
    std::size_t fold = 0;
    bool seen = false;
  };
  void read_folds(const Json& folds);
  void add_to_fold(const Json& row, const SplitItem& item, const std::string& where);
  void check_list(std::size_t fold, bool val);

  std::filesystem::path folder_;
  std::string file_;
  Findings& findings_;
  bool has_folds_ = false;
  std::vector<std::string> kinds_;
  std::vector<std::string> names_;        ///< of the folds
  std::map<std::string, Placed> images_;  ///< as folds.json has them
  std::set<std::string> train_only_;      ///< images that are never validated on
  std::map<LineageKey, std::pair<std::size_t, std::string>> holders_;  ///< fold and first image
  Json counts_;
  std::optional<TrackSpec> tracks_;
};

}  // namespace orrery
