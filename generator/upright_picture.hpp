#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "generator/stored_file.hpp"
#include "scenes/image.hpp"

namespace orrery {

/// The decoded pixels of a JPEG, PNG, BMP or GIF (its first frame), turned as the EXIF
/// `orientation` (1…8) says; straight alpha. Stricter than decoders are: a JPEG whose compressed
/// data is damaged or breaks off is an Error that begins with `where`, not a picture with grey in
/// it. Faster than color_from_bytes().
Image<Rgba8> upright_pixels(std::span<const std::byte> bytes, int orientation,
                            const std::string& where);

/// The same of a file, which says its orientation itself.
Image<Rgba8> read_upright(const StoredFile& file);

/// Turned from how it is stored to how it is looked at. Source: EXIF 2.32, tag 0x0112.
Image<Rgba8> turned_upright(Image<Rgba8> stored, int orientation);

/// A JPEG turned by moving its blocks, without loss and without EXIF and other notes; empty if
/// blocks at the border are not whole, so that they cannot move.
std::vector<std::byte> turned_jpeg(std::span<const std::byte> jpeg, int orientation);

}  // namespace orrery
