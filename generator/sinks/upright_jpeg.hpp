#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace orrery {

/// A JPEG turned as its EXIF orientation (2…8) says, without EXIF and other notes: readers that
/// know nothing of orientations see it upright. Without loss where blocks allow it, else decoded
/// and encoded again with quality 95. Throws Error beginning with `where` if it cannot be decoded.
std::vector<std::byte> upright_jpeg(std::span<const std::byte> jpeg, int orientation,
                                    const std::string& where);

}  // namespace orrery
