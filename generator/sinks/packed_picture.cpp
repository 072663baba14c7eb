#include "generator/sinks/packed_picture.hpp"

#include <vector>

#include "generator/encode.hpp"
#include "generator/store/strip_exif.hpp"
#include "generator/upright_picture.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace {

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool opaque(const Image<Rgba8>& picture) {
  for (const Rgba8& pixel : picture.pixels) {
    if (pixel.a != 255) return false;
  }
  return true;
}

}  // namespace

std::string file_bytes(const StoredFile& file) { return text_of(stored_bytes(file)); }

std::string picture_kind(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8")) return "jpg";
  return bytes.starts_with("\x89PNG") ? "png" : "";
}

PictureHeader header_of(const LabelledImage& image) {
  const PictureHeader header = read_picture_header(image.file);
  if (header.upright_width() != image.width || header.upright_height() != image.height) {
    throw Error("image \"" + image.name + "\": " + image.file.string() + " is " +
                std::to_string(header.upright_width()) + "x" +
                std::to_string(header.upright_height()) + ", wanted as its labels say " +
                std::to_string(image.width) + "x" + std::to_string(image.height));
  }
  return header;
}

PackedPicture packed_picture(const LabelledImage& image) {
  const int orientation = header_of(image).orientation;
  const std::string where = image.file.string();
  std::vector<std::byte> bytes = stored_bytes(image.file);
  if (has_gps(bytes)) bytes = without_exif(bytes, where);
  const std::string kind = picture_kind(text_of(bytes));
  if (orientation == 1 && !kind.empty()) return {text_of(bytes), kind};
  if (kind == "jpg") {
    const std::vector<std::byte> turned = turned_jpeg(bytes, orientation);
    if (!turned.empty()) return {text_of(turned), "jpg"};
  }
  const Image<Rgba8> picture = upright_pixels(bytes, orientation, where);
  const Alpha alpha = opaque(picture) ? Alpha::drop : Alpha::keep;
  return {text_of(png_from(picture, alpha)), "png"};
}

}  // namespace orrery
