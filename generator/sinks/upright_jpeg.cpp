#include "generator/sinks/upright_jpeg.hpp"

#include <turbojpeg.h>

#include <array>
#include <memory>

#include "generator/encode.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

struct DestroyTurboJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using TurboJpeg = std::unique_ptr<void, DestroyTurboJpeg>;

const unsigned char* bytes_of(std::span<const std::byte> jpeg) {
  return reinterpret_cast<const unsigned char*>(jpeg.data());
}

/// Without loss; empty if blocks at the border would not fit.
std::vector<std::byte> turned_blocks(std::span<const std::byte> jpeg, int orientation) {
  static constexpr std::array kTurns{TJXOP_NONE,      TJXOP_HFLIP, TJXOP_ROT180,     TJXOP_VFLIP,
                                     TJXOP_TRANSPOSE, TJXOP_ROT90, TJXOP_TRANSVERSE, TJXOP_ROT270};
  const TurboJpeg turbo(tjInitTransform());
  tjtransform turn{};
  turn.op = kTurns.at(static_cast<std::size_t>(orientation) - 1);
  turn.options = TJXOPT_PERFECT | TJXOPT_COPYNONE;
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const int failed =
      tjTransform(turbo.get(), bytes_of(jpeg), jpeg.size(), 1, &out, &size, &turn, 0);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(out, tjFree);
  if (failed != 0) return {};
  const auto* first = reinterpret_cast<const std::byte*>(out);
  return {first, first + size};
}

/// Where the upright picture's pixel (x,y) lies in the file.
glm::ivec2 stored(int x, int y, int width, int height, int orientation) {
  const int right = width - 1;
  const int low = height - 1;
  switch (orientation) {
    case 2:
      return {right - x, y};
    case 3:
      return {right - x, low - y};
    case 4:
      return {x, low - y};
    case 5:
      return {y, x};
    case 6:
      return {y, low - x};
    case 7:
      return {right - y, low - x};
    default:
      return {right - y, x};
  }
}

}  // namespace

std::vector<std::byte> upright_jpeg(std::span<const std::byte> jpeg, int orientation,
                                    const std::string& where) {
  if (orientation < 2 || orientation > 8) throw Error(where + ": no such orientation", Exit::bug);
  std::vector<std::byte> turned = turned_blocks(jpeg, orientation);
  if (!turned.empty()) return turned;
  const TurboJpeg turbo(tjInitDecompress());
  int width = 0;
  int height = 0;
  int subsampling = 0;
  int colors = 0;
  Image<Rgba8> found;
  bool good = tjDecompressHeader3(turbo.get(), bytes_of(jpeg), jpeg.size(), &width, &height,
                                  &subsampling, &colors) == 0;
  if (good) {
    found = Image<Rgba8>(width, height);
    good = tjDecompress2(turbo.get(), bytes_of(jpeg), jpeg.size(),
                         reinterpret_cast<unsigned char*>(found.pixels.data()), width, 0, height,
                         TJPF_RGBA, 0) == 0;
  }
  if (!good) {
    throw Error(where + ": cannot be turned upright: " + tjGetErrorStr2(turbo.get()));
  }
  const bool on_side = orientation >= 5;
  Image<Rgba8> upright(on_side ? height : width, on_side ? width : height);
  for (int y = 0; y < upright.height; ++y) {
    for (int x = 0; x < upright.width; ++x) {
      const glm::ivec2 at = stored(x, y, width, height, orientation);
      upright.at(x, y) = found.at(at.x, at.y);
    }
  }
  return jpeg_from(ImageView<Rgba8>{upright.width, upright.height, upright.pixels}, 95,
                   subsampling != TJSAMP_444);
}

}  // namespace orrery
