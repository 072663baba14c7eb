#include "generator/sinks/packed_picture.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "generator/encode.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/packed/random_images.hpp"

using namespace orrery;
using namespace orrery::testing;

namespace {

/// What a viewer shows of a picture with this EXIF orientation: where the stored row 0 and column 0
/// lie, as the EXIF standard says it.
Image<Rgba8> shown(const Image<Rgba8>& stored, int orientation) {
  const int w = stored.width;
  const int h = stored.height;
  Image<Rgba8> out = orientation >= 5 ? Image<Rgba8>(h, w) : Image<Rgba8>(w, h);
  for (int row = 0; row < h; ++row) {
    for (int column = 0; column < w; ++column) {
      const Rgba8 pixel = stored.at(column, row);
      const int right = w - 1 - column;
      const int below = h - 1 - row;
      switch (orientation) {
        case 1:
          out.at(column, row) = pixel;
          break;  // top, left
        case 2:
          out.at(right, row) = pixel;
          break;  // top, right
        case 3:
          out.at(right, below) = pixel;
          break;  // bottom, right
        case 4:
          out.at(column, below) = pixel;
          break;
        case 5:
          out.at(row, column) = pixel;
          break;  // left, top
        case 6:
          out.at(below, column) = pixel;
          break;
        case 7:
          out.at(below, right) = pixel;
          break;
        default:
          out.at(row, right) = pixel;
          break;
      }
    }
  }
  return out;
}

double difference(const Image<Rgba8>& a, const Image<Rgba8>& b) {
  REQUIRE(a.width == b.width);
  REQUIRE(a.height == b.height);
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    for (int k = 0; k < 3; ++k) sum += std::abs(a.pixels[i][k] - b.pixels[i][k]);
  }
  return sum / (3.0 * static_cast<double>(a.pixels.size()));
}

}  // namespace

TEST_CASE(
    "a JPEG of any EXIF orientation is packed upright, without loss if its blocks are whole") {
  const TemporaryFolder folder;
  for (const int size : {48, 41}) {
    Image<Rgba8> picture(size, 32);
    for (int y = 0; y < 32; ++y) {
      for (int x = 0; x < size; ++x) {
        picture.at(x, y) = {static_cast<std::uint8_t>(x * 5), static_cast<std::uint8_t>(y * 7), 60,
                            255};
      }
    }
    const std::vector<std::byte> jpeg = jpeg_from(picture, 95, false);
    const std::string text(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
    for (int orientation = 1; orientation <= 8; ++orientation) {
      CAPTURE(size);
      CAPTURE(orientation);
      LabelledImage image;
      image.name = "a";
      image.file = folder.path / "a.jpg";
      std::ofstream(image.file.path, std::ios::binary) << with_orientation(text, orientation);
      image.width = orientation >= 5 ? 32 : size;
      image.height = orientation >= 5 ? size : 32;
      const PackedPicture packed = packed_picture(image);
      const Image<Rgba8> found = color_from_bytes(std::as_bytes(std::span(packed.bytes)), "packed");
      CHECK(difference(found, shown(read_color(image.file.path), orientation)) < 0.5);
      if (size == 48 || orientation == 1) CHECK(packed.extension == "jpg");
      if (size == 48) CHECK(packed.bytes.size() < 2 * text.size());
      // A second reader must not turn it again.
      std::ofstream(folder.path / "b.jpg", std::ios::binary) << packed.bytes;
      if (orientation > 1) CHECK(read_picture_header(folder.path / "b.jpg").orientation == 1);
    }
  }
}
