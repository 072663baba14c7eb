#pragma once

// Byte layout of a sky pack, little-endian:
//   8 bytes    "ORRSKY01"
//   u32 ×2     width and height of the radiance
//   float32    radiance, irradiance, then every specular level: three channels an element
//   64 bytes   SHA-256 of all before, hexadecimal

#include <filesystem>
#include <string>

#include "scenes/sky.hpp"

namespace orrery {

/// $XDG_CACHE_HOME/orrery/skies, or the same below ~/.cache.
std::filesystem::path default_sky_cache();

/// The sky of an .hdr file, of a room, or the procedural sky of that name, prepared once and then
/// read from `cache`. A pack that is missing, damaged or cannot be written costs only the time to
/// prepare the sky anew. Throws Error as sky_from_file and procedural_sky do.
Sky cached_sky(const std::string& name, const std::filesystem::path& cache = default_sky_cache());

}  // namespace orrery
