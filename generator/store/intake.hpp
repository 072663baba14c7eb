#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "generator/source.hpp"
#include "generator/store/ingest_report.hpp"
#include "generator/store/label_check.hpp"
#include "generator/store/near_duplicates.hpp"
#include "generator/store/store_index.hpp"

namespace orrery {

struct IntakeSettings {
  std::filesystem::path store;   ///< made where it is not there
  std::filesystem::path source;  ///< folder or annotation file; sessions are relative to it
  std::string session;           ///< of all; empty: the source's own, else the picture's folder
  std::string licence;           ///< of all; empty: the source's own
  std::string origin;            ///< empty: the source's own, else the name of its folder
  std::string command = "{}";    ///< JSON, for the record
  bool several_passes = false;   ///< take() comes again: what was done once is not counted twice
};

/// What one pass over a source may be asked.
struct PassHooks {
  /// The picture is still being written: it comes with a later pass.
  std::function<bool(const LabelledImage&)> later = [](const LabelledImage&) { return false; };
  std::function<bool()> stop = [] { return false; };
};

/// Takes pictures and labels into a store, batch by batch; a batch is one transaction, written
/// after its pictures lie safely in place, so a process that is killed leaves a store that another
/// run completes to what it would have been.
///
/// What becomes of a picture:
///   - its bytes, or its decoded upright pixels, are in the store: it is already there. Its labels
///     are the stored ones, or else the picture is quarantined ("labels_differ"); whoever has no
///     labels for a picture contradicts nobody, so a picture without labels takes those that come
///     later. Session, split and licence that were said first stand.
///   - it cannot be decoded to its end, or is not of the size its source says: it is quarantined
///     ("picture_missing", "picture_truncated", "picture_undecodable", "picture_too_large",
///     "size_differs", "plane_missing");
///   - else it is stored with the labels that keep the rules (label_check.hpp).
/// A source's quarantine is what its latest ingest found.
///
/// A picture's session is `session`, else what its lineage says, else its folder relative to the
/// source ("." is the source folder's name). Origins qualify sessions: a default origin that
/// another source of the store has already gets a number.
class Intake {
 public:
  /// Throws Error.
  explicit Intake(IntakeSettings settings);

  /// Throws Error if the source cannot be read on; what came before that is in the store.
  void take(Source& source, const PassHooks& hooks = {});
  /// Records the counts. Call once, last. Throws Error (Exit::bug) if the ledger does not balance.
  IngestSummary end();
  const IngestCounts& counts() const { return counts_; }

 private:
  struct Candidate;

  void settle(std::vector<Candidate>& batch, const Source& source, std::size_t& problems_taken);
  void settle_one(Candidate& candidate);
  void settle_known(Candidate& candidate, const StoreIndex::Known& known);
  void store(Candidate& candidate);
  void count_source_problem(const Problem& problem);
  void quarantine(Candidate& candidate, const Problem& problem, std::uint64_t labels);
  void learn_new_rows();
  std::string session_of(const LabelledImage& image, const std::string& origin) const;
  std::string relative(const std::filesystem::path& file) const;

  IntakeSettings settings_;
  StoreIndex index_;
  std::filesystem::path root_;  ///< folder of the source
  std::string source_name_;     ///< absolute path
  std::string origin_;
  std::int64_t ingest_ = 0;
  IngestCounts counts_;
  NearDuplicates duplicates_;
  std::int64_t last_known_ = 0;  ///< newest image that duplicates_ knows
  std::vector<std::uint32_t> places_;
  std::vector<Keypoints> own_keypoints_;
  std::vector<Keypoints> stored_keypoints_;
  StoreLabelRules rules_{};
  /// Of earlier passes: pictures with their labels, and what was wrong with them.
  std::map<std::string, std::vector<Problem>> done_;
  std::set<std::string> counted_;  ///< problems of the source
};

}  // namespace orrery
