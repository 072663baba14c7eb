#include "generator/encode.hpp"

#include <doctest/doctest.h>
#include <png.h>
#include <turbojpeg.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "scenes/model.hpp"
#include "scenes/random.hpp"
#include "tests/generator/read_png.hpp"

using namespace orrery;
using orrery::testing::Decoded;
using orrery::testing::decoded;

namespace {

std::uint16_t level16(const Decoded& image, std::size_t i) {
  return static_cast<std::uint16_t>(image.bytes[2 * i] << 8 | image.bytes[2 * i + 1]);
}

/// Smooth, with noise and flat parts: what renders are made of.
Image<Rgba8> picture(int width, int height, std::uint64_t seed) {
  Rng rng(seed, 0, "picture");
  Image<Rgba8> image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint32_t noise = y % 3 == 0 ? rng.bits() & 0x0F0F0F0FU : 0;
      image.at(x, y) = Rgba8((x * 255 / width + static_cast<int>(noise & 0xFFU)) & 255,
                             (y + static_cast<int>(noise >> 8 & 0xFFU)) & 255, (x * y / 64) & 255,
                             x < width / 3 ? 255 : static_cast<int>(noise >> 24));
    }
  }
  return image;
}

constexpr std::pair<int, int> kSizes[] = {{1, 1}, {1, 9}, {7, 1}, {640, 480}, {333, 77}};

}  // namespace

TEST_SUITE("encode") {
  TEST_CASE("a colour PNG holds every bit of its pixels, with alpha and without") {
    for (const auto& [width, height] : kSizes) {
      const Image<Rgba8> image = picture(width, height, 1);
      const Decoded rgba = decoded(png_from(image, Alpha::keep));
      CHECK(rgba.width == width);
      CHECK(rgba.height == height);
      CHECK(rgba.color == PNG_COLOR_TYPE_RGBA);
      REQUIRE(rgba.bytes.size() == image.pixels.size() * 4);
      CHECK(std::memcmp(rgba.bytes.data(), image.pixels.data(), rgba.bytes.size()) == 0);
      const Decoded rgb = decoded(png_from(image, Alpha::drop));
      CHECK(rgb.color == PNG_COLOR_TYPE_RGB);
      REQUIRE(rgb.bytes.size() == image.pixels.size() * 3);
      bool same = true;
      for (std::size_t i = 0; i < rgb.bytes.size(); ++i) {
        same = same && rgb.bytes[i] == image.pixels[i / 3][static_cast<int>(i % 3)];
      }
      CHECK(same);
    }
  }

  TEST_CASE("grey PNGs hold every bit, noise included") {
    for (const auto& [width, height] : kSizes) {
      Rng rng(2, 0, "gray");
      Image<std::uint16_t> wide(width, height);
      Image<std::uint8_t> narrow(width, height);
      for (std::size_t i = 0; i < wide.pixels.size(); ++i) {
        wide.pixels[i] = static_cast<std::uint16_t>(rng.bits());
        narrow.pixels[i] = static_cast<std::uint8_t>(rng.bits());
      }
      const Decoded eight = decoded(png_from(narrow));
      CHECK(eight.bits == 8);
      CHECK(eight.bytes == narrow.pixels);
      const Decoded sixteen = decoded(png_from(wide));
      CHECK(sixteen.bits == 16);
      bool same = true;
      for (std::size_t i = 0; i < wide.pixels.size(); ++i) {
        same = same && level16(sixteen, i) == wide.pixels[i];
      }
      CHECK(same);
    }
  }

  TEST_CASE("flow is KITTI's: 64 a pixel about 2^15, and nothing where it is unknown or too far") {
    Image<glm::vec2> pixels(3, 2);
    pixels.pixels = {{0, 0}, {1.5F, -2}, {-511.9F, 511.9F}, {600, 0}, {0.004F, 0.012F}, {9, 9}};
    Image<std::uint8_t> known(3, 2, 1);
    known.pixels[5] = 0;
    const Decoded image = decoded(png16_from_flow(pixels, known));
    CHECK(image.bits == 16);
    CHECK(image.color == PNG_COLOR_TYPE_RGB);
    std::vector<int> levels;
    for (std::size_t i = 0; i < 18; ++i) levels.push_back(level16(image, i));
    CHECK(levels == std::vector{32768, 32768, 1, 32864, 32640, 1, 6, 65530, 1,  //
                                0, 0, 0, 32768, 32769, 1, 0, 0, 0});
  }

  TEST_CASE("segment ids are red, green and blue bytes, the lowest first") {
    Image<std::uint32_t> ids(2, 2);
    ids.pixels = {0, 7, 0x0102, 0x030201};
    CHECK(decoded(png_from_segments(ids)).bytes ==
          std::vector<std::uint8_t>{0, 0, 0, 7, 0, 0, 2, 1, 0, 1, 2, 3});
  }

  TEST_CASE("ids take 8 bits as long as they fit and survive either way") {
    for (const int most : {255, 256}) {
      Image<std::uint16_t> id(50, 40);
      for (int i = 0; i <= most; ++i) {
        id.pixels[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(i);
      }
      const Decoded image = decoded(png_from_ids(id));
      CHECK(image.bits == (most < 256 ? 8 : 16));
      for (std::size_t i = 0; i < id.pixels.size(); ++i) {
        REQUIRE((image.bits == 8 ? image.bytes[i] : level16(image, i)) == id.pixels[i]);
      }
    }
  }

  TEST_CASE("depth is rounded to millimetres; none stays 0 and far saturates") {
    Image<float> depth(4, 2);
    depth.pixels = {0.0F,
                    0.0101F,
                    1.2345F,
                    65.534F,
                    65.536F,
                    1e9F,
                    std::numeric_limits<float>::infinity(),
                    std::numeric_limits<float>::quiet_NaN()};
    const Decoded image = decoded(png16_from_depth(depth));
    CHECK(image.bits == 16);
    CHECK(image.color == PNG_COLOR_TYPE_GRAY);
    const std::uint16_t wanted[] = {0, 10, 1235, 65534, 65535, 65535, 65535, 0};
    for (std::size_t i = 0; i < 8; ++i) {
      CAPTURE(i);
      CHECK(std::abs(level16(image, i) - wanted[i]) <= (i == 2 ? 1 : 0));
    }
  }

  TEST_CASE("normals decode to the direction they were, within half a level") {
    Rng rng(4, 0, "normals");
    Image<std::uint32_t> packed(64, 48);
    for (auto& pixel : packed.pixels) pixel = packed_normal(glm::vec3(rng.direction()));
    packed.pixels[7] = 0;
    const Decoded image = decoded(png_from_normals(packed));
    CHECK(image.bytes[21] == 0);
    CHECK(image.bytes[22] == 0);
    CHECK(image.bytes[23] == 0);
    float worst = 0;
    for (std::size_t i = 0; i < packed.pixels.size(); ++i) {
      if (i == 7) continue;
      const glm::vec3 n = unpacked_normal(packed.pixels[i]);
      for (int c = 0; c < 3; ++c) {
        const float level = image.bytes[3 * i + static_cast<std::size_t>(c)];
        worst = std::max(worst, std::abs(level - (n[c] * 127.5F + 127.5F)));
      }
    }
    CHECK(worst <= 0.501F);
  }

  TEST_CASE("JPEG comes back close at quality 95, closer without colour subsampling") {
    Image<Rgba8> image(97, 53);
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        image.at(x, y) = Rgba8(x * 2, y * 4, x < 48 ? 200 : 20, 255);
      }
    }
    double errors[2] = {0, 0};
    for (const bool subsample : {false, true}) {
      const std::vector<std::byte> file = jpeg_from(image, 95, subsample);
      tjhandle decoder = tjInitDecompress();
      Image<Rgba8> back(image.width, image.height);
      const auto* bytes = reinterpret_cast<const unsigned char*>(file.data());
      int width = 0;
      int height = 0;
      int layout = 0;
      int space = 0;
      REQUIRE(tjDecompressHeader3(decoder, bytes, file.size(), &width, &height, &layout, &space) ==
              0);
      CHECK(width == image.width);
      CHECK(height == image.height);
      CHECK(layout == (subsample ? TJSAMP_420 : TJSAMP_444));
      REQUIRE(tjDecompress2(decoder, bytes, file.size(), &back.pixels[0].x, width, 0, height,
                            TJPF_RGBA, 0) == 0);
      tjDestroy(decoder);
      for (std::size_t i = 0; i < image.pixels.size(); ++i) {
        for (int c = 0; c < 3; ++c) {
          errors[subsample] += std::abs(int{back.pixels[i][c]} - int{image.pixels[i][c]});
        }
      }
    }
    CHECK(errors[0] / (3.0 * static_cast<double>(image.pixels.size())) < 2);
    CHECK(errors[0] < errors[1]);
  }

  TEST_CASE("the same pixels give the same bytes") {
    const Image<Rgba8> image = picture(320, 240, 9);
    CHECK(png_from(image, Alpha::drop) == png_from(image, Alpha::drop));
    CHECK(jpeg_from(image, 90, true) == jpeg_from(image, 90, true));
  }
}
