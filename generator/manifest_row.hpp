#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>

#include "generator/sample.hpp"

namespace orrery {

/// A dataset that is finished, or being made, and one of its samples.
struct ReplayedSample {
  std::filesystem::path description{};  ///< of the dataset: the file that holds the recipe
  Json recipe{};
  std::uint64_t index = 0;
  std::optional<Json> row{};     ///< of the manifest, if the dataset is finished
  std::uint32_t substitute = 0;  ///< as in Sample
};

/// Throws Error if there is no such dataset, or sample in it.
ReplayedSample replayed_sample(const std::filesystem::path& dataset, std::uint64_t index);

/// Says whether a sample that was made again has the row that it had before, and else what differs;
/// true, too, if there is none to compare with. Its files are written below `out` unless that is
/// empty.
bool compare_replayed(Sample sample, const ReplayedSample& before, const std::filesystem::path& out,
                      std::ostream& say);

}  // namespace orrery
