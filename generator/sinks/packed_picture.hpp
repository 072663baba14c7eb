#pragma once

#include <string>
#include <string_view>

#include "generator/ingest/picture_header.hpp"
#include "generator/labelled_image.hpp"

namespace orrery {

/// The header of an image's picture. Throws Error naming the image if it cannot be read or is not
/// as large as its labels say.
PictureHeader header_of(const LabelledImage& image);

/// All bytes of a file. Throws Error (Exit::io).
std::string file_bytes(const StoredFile& file);

/// "jpg" or "png" by the first bytes of a file; empty if it is neither.
std::string picture_kind(std::string_view bytes);

/// An encoded picture as it goes into an archive.
struct PackedPicture {
  std::string bytes;
  std::string extension;  ///< "jpg" or "png", by content
};

/// The picture of an image, upright: readers of archives do not look at EXIF. An upright JPEG or
/// PNG goes in as it is; a JPEG on its side is turned without loss where its size allows that; all
/// else is decoded and becomes a PNG. Throws Error as header_of() does.
PackedPicture packed_picture(const LabelledImage& image);

}  // namespace orrery
