#include "generator/sinks/packed_picture.hpp"

#include <turbojpeg.h>

#include <array>
#include <fstream>
#include <memory>
#include <span>

#include "generator/encode.hpp"
#include "generator/store/strip_exif.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace {

struct TurboJpegDestroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};
struct TurboJpegFree {
  void operator()(unsigned char* bytes) const { tjFree(bytes); }
};

/// What brings a picture of this EXIF orientation upright.
int transform_of(int orientation) {
  static constexpr std::array kTransforms{TJXOP_NONE,       TJXOP_HFLIP,     TJXOP_ROT180,
                                          TJXOP_VFLIP,      TJXOP_TRANSPOSE, TJXOP_ROT90,
                                          TJXOP_TRANSVERSE, TJXOP_ROT270};
  return kTransforms.at(static_cast<std::size_t>(orientation - 1));
}

/// The JPEG turned by moving its coefficients; empty if its edge blocks are not whole, so that
/// they cannot move.
std::string turned_jpeg(const std::string& bytes, int orientation) {
  const std::unique_ptr<void, TurboJpegDestroy> handle(tjInitTransform());
  if (!handle) throw Error("libjpeg-turbo cannot be started", Exit::bug);
  tjtransform transform{};
  transform.op = transform_of(orientation);
  transform.options = TJXOPT_PERFECT | TJXOPT_COPYNONE;
  unsigned char* turned = nullptr;
  unsigned long size = 0;
  const int status =
      tjTransform(handle.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<unsigned long>(bytes.size()), 1, &turned, &size, &transform, 0);
  const std::unique_ptr<unsigned char, TurboJpegFree> owner(turned);
  if (status != 0) return {};
  return {reinterpret_cast<const char*>(turned), size};
}

Image<Rgba8> upright(const Image<Rgba8>& stored, int orientation) {
  if (orientation == 1) return stored;
  const bool on_side = orientation >= 5;
  const int w = stored.width;
  const int h = stored.height;
  Image<Rgba8> out(on_side ? h : w, on_side ? w : h);
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int along = on_side ? y : x;
      const int down = on_side ? x : y;
      out.at(x, y) = stored.at(flip_x ? w - 1 - along : along, flip_y ? h - 1 - down : down);
    }
  }
  return out;
}

bool opaque(const Image<Rgba8>& picture) {
  for (const Rgba8& pixel : picture.pixels) {
    if (pixel.a != 255) return false;
  }
  return true;
}

/// The picture without what it says of where it was taken.
std::string without_place(std::string bytes, const std::string& where) {
  if (!has_gps(std::as_bytes(std::span(bytes)))) return bytes;
  const std::vector<std::byte> clean = without_exif(std::as_bytes(std::span(bytes)), where);
  return {reinterpret_cast<const char*>(clean.data()), clean.size()};
}

}  // namespace

std::string file_bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes;
  if (in) bytes.assign(std::istreambuf_iterator<char>(in), {});
  if (!in || in.bad()) throw Error(file.string() + ": cannot be read", Exit::io);
  return bytes;
}

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
  const PictureHeader header = header_of(image);
  std::string bytes = without_place(file_bytes(image.file), image.file.string());
  const std::string kind = picture_kind(bytes);
  if (header.orientation == 1 && !kind.empty()) return {std::move(bytes), kind};
  if (kind == "jpg") {
    std::string turned = turned_jpeg(bytes, header.orientation);
    if (!turned.empty()) return {std::move(turned), "jpg"};
  }
  const Image<Rgba8> picture = upright(
      color_from_bytes(std::as_bytes(std::span(bytes)), image.file.string()), header.orientation);
  const std::vector<std::byte> png = png_from(picture, opaque(picture) ? Alpha::drop : Alpha::keep);
  return {{reinterpret_cast<const char*>(png.data()), png.size()}, "png"};
}

}  // namespace orrery
