#pragma once

// The levels of detail of a cooked model in the cache, little-endian:
//
//   8 bytes    "ORRCOOK1"
//   u32 …      how many levels; of each the bits of its error, then first and count of each part;
//              then all indices of the levels after the first
//   64 bytes   SHA-256 of all before, hexadecimal

#include <filesystem>

#include "scenes/model.hpp"

namespace orrery {

/// $XDG_CACHE_HOME/orrery/levels, or the same below ~/.cache.
std::filesystem::path default_level_cache();

/// cook(), whose levels of detail are made once for a geometry and then read from `cache`: the same
/// model either way. A pack that is missing, damaged or cannot be written costs only the time to
/// make the levels anew.
void cached_cook(Model& model, const std::filesystem::path& cache = default_level_cache());

}  // namespace orrery
