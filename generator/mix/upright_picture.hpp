#pragma once

#include <filesystem>

#include "scenes/image.hpp"

namespace orrery {

/// A photo as a viewer shows it: turned as its EXIF orientation says. Throws Error if it cannot be
/// decoded whole.
Image<Rgba8> read_upright(const std::filesystem::path& file);

}  // namespace orrery
