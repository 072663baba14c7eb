#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "scenes/image.hpp"

namespace orrery {

/// `image` with its longer side at most `side` pixels: each pixel the mean of the area it covers,
/// transparency laid over a light chequerboard.
Image<Rgba8> thumbnail(const Image<Rgba8>& image, int side);

/// `image` as a JPEG in a `data:` URI; the quality gives way until the JPEG has at most
/// `max_bytes`, or cannot sensibly sink further. Throws Error if encoding fails.
std::string jpeg_data_uri(const Image<Rgba8>& image, std::size_t max_bytes);

/// How many pixels have which luma (Rec. 709, of the encoded values): equal steps from 0 to 255.
std::array<std::uint64_t, 32> luma_histogram(const Image<Rgba8>& image);

}  // namespace orrery
