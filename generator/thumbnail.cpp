#include "generator/thumbnail.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "generator/encode.hpp"

namespace orrery {
namespace {

glm::vec3 over_chequerboard(const Rgba8& pixel, int x, int y) {
  const float board = ((x / 8 + y / 8) % 2) != 0 ? 235.0F : 250.0F;
  return glm::mix(glm::vec3(board), glm::vec3(pixel), static_cast<float>(pixel.a) / 255.0F);
}

}  // namespace

Image<Rgba8> thumbnail(const Image<Rgba8>& image, int side) {
  const double scale = std::min(1.0, double(side) / std::max(image.width, image.height));
  Image<Rgba8> small(std::max(1, static_cast<int>(std::lround(image.width * scale))),
                     std::max(1, static_cast<int>(std::lround(image.height * scale))));
  for (int y = 0; y < small.height; ++y) {
    const int y0 = y * image.height / small.height;
    const int y1 = std::max(y0 + 1, (y + 1) * image.height / small.height);
    for (int x = 0; x < small.width; ++x) {
      const int x0 = x * image.width / small.width;
      const int x1 = std::max(x0 + 1, (x + 1) * image.width / small.width);
      glm::vec3 sum(0.0F);
      for (int v = y0; v < y1; ++v) {
        for (int u = x0; u < x1; ++u) sum += over_chequerboard(image.at(u, v), u, v);
      }
      const glm::vec3 mean = sum / static_cast<float>((y1 - y0) * (x1 - x0));
      small.at(x, y) = Rgba8(glm::round(mean), 255);
    }
  }
  return small;
}

std::string jpeg_data_uri(const Image<Rgba8>& image, std::size_t max_bytes) {
  std::vector<std::byte> jpeg;
  for (const int quality : {88, 80, 70, 55, 40}) {
    jpeg = jpeg_from(image, quality, true);
    if (jpeg.size() <= max_bytes) break;
  }
  std::string base64((jpeg.size() + 2) / 3 * 4 + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                  reinterpret_cast<const unsigned char*>(jpeg.data()),
                  static_cast<int>(jpeg.size()));
  base64.pop_back();  // the terminating zero
  return "data:image/jpeg;base64," + base64;
}

std::array<std::uint64_t, 32> luma_histogram(const Image<Rgba8>& image) {
  std::array<std::uint64_t, 32> bins{};
  for (const Rgba8& pixel : image.pixels) {
    const double luma = 0.2126 * pixel.r + 0.7152 * pixel.g + 0.0722 * pixel.b;
    ++bins[std::min<std::size_t>(31, static_cast<std::size_t>(luma / 8.0))];
  }
  return bins;
}

}  // namespace orrery
