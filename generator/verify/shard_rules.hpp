#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "generator/verify/findings.hpp"

namespace orrery {

/// Every index.json below a folder against the shards beside it: their sizes, hashes and numbers of
/// samples. `samples_of` reads a shard and says how many it has; nothing if it cannot be read.
/// Broken: index_missing, index_unreadable, shard_missing, shard_size, shard_hash, shard_samples,
/// shard_extra.
void check_shards(
    const std::filesystem::path& folder, const std::string& extension,
    const std::function<std::optional<std::uint64_t>(const std::filesystem::path&)>& samples_of,
    Findings& findings);

}  // namespace orrery
