#include "generator/mix/upright_picture.hpp"

#include <turbojpeg.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "generator/ingest/picture_header.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

struct DestroyTurboJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};

bool is_jpeg(const std::vector<char>& bytes) {
  return bytes.size() > 2 && bytes[0] == '\xFF' && bytes[1] == '\xD8';
}

Image<Rgba8> from_jpeg(const std::vector<char>& bytes, const std::string& where) {
  const std::unique_ptr<void, DestroyTurboJpeg> decoder(tjInitDecompress());
  const auto* first = reinterpret_cast<const unsigned char*>(bytes.data());
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colorspace = 0;
  if (!decoder || tjDecompressHeader3(decoder.get(), first, bytes.size(), &width, &height,
                                      &subsampling, &colorspace) != 0) {
    throw Error(where + ": " + tjGetErrorStr2(decoder.get()));
  }
  // turbojpeg has no way from CMYK to RGB.
  if (colorspace == TJCS_CMYK || colorspace == TJCS_YCCK) {
    return color_from_bytes(std::as_bytes(std::span(bytes)), where);
  }
  Image<Rgba8> out(width, height, Rgba8(0, 0, 0, 255));
  if (tjDecompress2(decoder.get(), first, bytes.size(), &out.pixels[0].x, width, 0, height,
                    TJPF_RGBA, TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING) != 0) {
    throw Error(where + ": " + tjGetErrorStr2(decoder.get()) + ", wanted a whole picture");
  }
  return out;
}

/// Where the upright pixel (x,y) lies in the stored picture of that size.
glm::ivec2 stored_place(int orientation, int x, int y, int width, int height) {
  switch (orientation) {
    case 2:
      return {width - 1 - x, y};
    case 3:
      return {width - 1 - x, height - 1 - y};
    case 4:
      return {x, height - 1 - y};
    case 5:
      return {y, x};
    case 6:
      return {y, height - 1 - x};
    case 7:
      return {width - 1 - y, height - 1 - x};
    case 8:
      return {width - 1 - y, x};
    default:
      return {x, y};
  }
}

}  // namespace

Image<Rgba8> read_upright(const std::filesystem::path& file) {
  const PictureHeader header = read_picture_header(file);
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in),
                                std::istreambuf_iterator<char>()};
  if (!in) throw Error(file.string() + ": cannot be read", Exit::io);
  Image<Rgba8> stored = is_jpeg(bytes)
                            ? from_jpeg(bytes, file.string())
                            : color_from_bytes(std::as_bytes(std::span(bytes)), file.string());
  if (header.orientation == 1) return stored;
  Image<Rgba8> upright(header.upright_width(), header.upright_height());
  for (int y = 0; y < upright.height; ++y) {
    for (int x = 0; x < upright.width; ++x) {
      const glm::ivec2 from = stored_place(header.orientation, x, y, stored.width, stored.height);
      upright.at(x, y) = stored.at(from.x, from.y);
    }
  }
  return upright;
}

}  // namespace orrery
