#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include "generator/sample.hpp"

namespace orrery {

/// Line `index` of a dataset's manifest. Throws Error.
Json manifest_row(const std::filesystem::path& dataset, std::uint64_t index);

/// Says whether a sample that was made again has the row that it had before, and else what differs.
/// Its files are written below `out` unless that is empty.
bool compare_replayed(const Sample& sample, const Json& before, const std::filesystem::path& out,
                      std::ostream& say);

}  // namespace orrery
