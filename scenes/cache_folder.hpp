#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace orrery {

/// $XDG_CACHE_HOME/orrery/`name`, or the same below ~/.cache. It need not exist.
std::filesystem::path cache_folder(const std::string& name);

/// Beside the file, and of no other process on any machine: many may fill one cache at a time, and
/// process numbers repeat among them.
std::filesystem::path aside_of(const std::filesystem::path& file);

/// All bytes of a file of a cache; nothing if it cannot be read.
std::optional<std::vector<std::byte>> read_cached(const std::filesystem::path& file);

/// Written aside and renamed, so that nobody reads half a file; what cannot be kept is no harm.
void keep_cached(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace orrery
