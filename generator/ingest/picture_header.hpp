#pragma once

#include <optional>
#include <string>

#include "generator/stored_file.hpp"

namespace orrery {

/// What the head of a picture file says, without decoding it.
struct PictureHeader {
  int width = 0;  ///< pixels, as stored
  int height = 0;
  int orientation = 1;      ///< EXIF: 1 upright, 2…8 as the EXIF standard has them; of JPEG alone
  std::string extension{};  ///< ".jpg", ".png", ".bmp" or ".gif", as its content says
  int bits = 8;             ///< of a channel; of PNG alone

  /// The upright picture lies on its side in the file.
  bool on_side() const { return orientation >= 5; }
  int upright_width() const { return on_side() ? height : width; }
  int upright_height() const { return on_side() ? width : height; }
};

/// Why a picture cannot be used.
struct PictureFault {
  std::string reason;  ///< "picture_missing", "picture_truncated" or "picture_undecodable"
  std::string text;    ///< what was found and what is wanted; begins with the path
};

/// Size and orientation of a JPEG, PNG, BMP or GIF file, told by its first bytes and not by its
/// name, and whether the file ends as its format says: a JPEG with the end-of-image marker, a PNG
/// with IEND, the others no shorter than they claim. Bytes after that end are allowed. Nothing if
/// it is no such picture; `fault` says why. PNG's eXIf is not read: few readers turn PNGs.
std::optional<PictureHeader> find_picture_header(const StoredFile& file, PictureFault& fault);

/// The same. Throws Error (Exit::io if the file cannot be read) with the fault's text.
PictureHeader read_picture_header(const StoredFile& file);

}  // namespace orrery
