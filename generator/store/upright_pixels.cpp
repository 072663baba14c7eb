#include "generator/store/upright_pixels.hpp"

#include <turbojpeg.h>

#include <memory>
#include <string_view>

#include "scenes/error.hpp"

namespace orrery {
namespace {

struct DestroyTurboJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};

[[noreturn]] void refuse(const std::string& where, const std::string& found) {
  throw Error(where + ": " + found + ", wanted a picture that decodes to its end");
}

/// Bytes between segments are common and do no harm; every other warning means lost pixels.
bool harmless(std::string_view warning) {
  return warning.find("extraneous bytes") != std::string_view::npos;
}

Image<Rgba8> pixels_of_jpeg(std::span<const std::byte> bytes, const std::string& where) {
  const std::unique_ptr<void, DestroyTurboJpeg> decoder(tjInitDecompress());
  const auto* first = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0;
  int height = 0;
  int sampling = 0;
  int colors = 0;
  if (!decoder || tjDecompressHeader3(decoder.get(), first, bytes.size(), &width, &height,
                                      &sampling, &colors) != 0) {
    refuse(where, tjGetErrorStr2(decoder.get()));
  }
  // Four inks: TurboJPEG does not make RGB of them.
  if (colors == TJCS_CMYK || colors == TJCS_YCCK) return color_from_bytes(bytes, where);
  Image<Rgba8> pixels(width, height);
  if (tjDecompress2(decoder.get(), first, bytes.size(), &pixels.pixels[0].x, width, 0, height,
                    TJPF_RGBA, TJFLAG_ACCURATEDCT) != 0) {
    const std::string found = tjGetErrorStr2(decoder.get());
    if (tjGetErrorCode(decoder.get()) != TJERR_WARNING || !harmless(found)) refuse(where, found);
  }
  return pixels;
}

}  // namespace

Image<Rgba8> turned_upright(Image<Rgba8> stored, int orientation) {
  if (orientation <= 1 || orientation > 8) return stored;
  const int w = stored.width;
  const int h = stored.height;
  Image<Rgba8> out = orientation >= 5 ? Image<Rgba8>(h, w) : Image<Rgba8>(w, h);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      Rgba8& to = out.at(x, y);
      switch (orientation) {
        case 2:
          to = stored.at(w - 1 - x, y);
          break;
        case 3:
          to = stored.at(w - 1 - x, h - 1 - y);
          break;
        case 4:
          to = stored.at(x, h - 1 - y);
          break;
        case 5:
          to = stored.at(y, x);
          break;
        case 6:
          to = stored.at(y, h - 1 - x);
          break;
        case 7:
          to = stored.at(w - 1 - y, h - 1 - x);
          break;
        default:
          to = stored.at(w - 1 - y, x);
          break;
      }
    }
  }
  return out;
}

Image<Rgba8> upright_pixels(std::span<const std::byte> bytes, int orientation,
                            const std::string& where) {
  const bool jpeg = bytes.size() > 2 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xD8};
  return turned_upright(jpeg ? pixels_of_jpeg(bytes, where) : color_from_bytes(bytes, where),
                        orientation);
}

}  // namespace orrery
