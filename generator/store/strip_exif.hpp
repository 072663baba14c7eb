#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace orrery {

/// The same picture without what it says about where, when, by whom and with what it was taken:
/// compressed pixels stay as they are, byte for byte. Of a JPEG, only what decoding needs is kept
/// (JFIF, Adobe's colour transform, the ICC profile), and, where the EXIF orientation is not 1, a
/// minimal EXIF block with nothing but the orientation; bytes after the picture's end, where phones
/// put previews with data of their own, go too. Of a PNG, the chunks eXIf, tEXt, zTXt, iTXt and
/// tIME go (its orientation with them: see PictureHeader). Throws Error beginning with `where` if
/// it is neither, or is broken. Sources: ITU-T T.81 annex B; EXIF 2.32; PNG (ISO/IEC 15948)
/// clause 11.
std::vector<std::byte> without_exif(std::span<const std::byte> bytes, const std::string& where);

/// The picture says where it was taken, in EXIF or in XMP. False for what is no JPEG or PNG.
bool has_gps(std::span<const std::byte> bytes);

}  // namespace orrery
