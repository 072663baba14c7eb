#include "generator/upright_picture.hpp"

#include <turbojpeg.h>

#include <array>
#include <memory>
#include <string_view>

#include "generator/ingest/picture_header.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

struct DestroyTurboJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};

[[noreturn]] void refuse_jpeg(const std::string& where, const std::string& found) {
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
    refuse_jpeg(where, tjGetErrorStr2(decoder.get()));
  }
  // Four inks: TurboJPEG does not make RGB of them.
  if (colors == TJCS_CMYK || colors == TJCS_YCCK) return color_from_bytes(bytes, where);
  Image<Rgba8> pixels(width, height);
  if (tjDecompress2(decoder.get(), first, bytes.size(), &pixels.pixels[0].x, width, 0, height,
                    TJPF_RGBA, TJFLAG_ACCURATEDCT) != 0) {
    const std::string found = tjGetErrorStr2(decoder.get());
    if (tjGetErrorCode(decoder.get()) != TJERR_WARNING || !harmless(found)) {
      refuse_jpeg(where, found);
    }
  }
  return pixels;
}

}  // namespace

Image<Rgba8> turned_upright(Image<Rgba8> stored, int orientation) {
  if (orientation <= 1 || orientation > 8) return stored;
  const int w = stored.width;
  const int h = stored.height;
  const bool on_side = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation >= 7;
  const bool from_bottom =
      orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  Image<Rgba8> out(on_side ? h : w, on_side ? w : h);
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int along = on_side ? y : x;
      const int down = on_side ? x : y;
      out.at(x, y) =
          stored.at(from_right ? w - 1 - along : along, from_bottom ? h - 1 - down : down);
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

Image<Rgba8> read_upright(const StoredFile& file) {
  const int orientation = read_picture_header(file).orientation;
  return upright_pixels(stored_bytes(file), orientation, file.string());
}

std::vector<std::byte> turned_jpeg(std::span<const std::byte> jpeg, int orientation) {
  static constexpr std::array kTurns{TJXOP_NONE,      TJXOP_HFLIP, TJXOP_ROT180,     TJXOP_VFLIP,
                                     TJXOP_TRANSPOSE, TJXOP_ROT90, TJXOP_TRANSVERSE, TJXOP_ROT270};
  const std::unique_ptr<void, DestroyTurboJpeg> turbo(tjInitTransform());
  if (!turbo) throw Error("libjpeg-turbo cannot be started", Exit::bug);
  tjtransform turn{};
  turn.op = kTurns.at(static_cast<std::size_t>(orientation) - 1);
  turn.options = TJXOPT_PERFECT | TJXOPT_COPYNONE;
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const auto* first = reinterpret_cast<const unsigned char*>(jpeg.data());
  const int failed = tjTransform(turbo.get(), first, jpeg.size(), 1, &out, &size, &turn, 0);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(out, tjFree);
  if (failed != 0) return {};
  const auto* turned = reinterpret_cast<const std::byte*>(out);
  return {turned, turned + size};
}

}  // namespace orrery
