#include "generator/labelled_image.hpp"

#include <doctest/doctest.h>

#include "renderer/labels/mask.hpp"
#include "scenes/random.hpp"

using namespace orrery;

TEST_CASE("a mask without holes that becomes polygons becomes the same mask again") {
  for (std::uint64_t i = 0; i < 200; ++i) {
    Rng rng(7, i, "mask");
    Image<std::uint8_t> mask(24, 17, 0);
    for (int k = 0; k < 6; ++k) {  // touching and overlapping rectangles
      const int x = static_cast<int>(rng.below(20));
      const int y = static_cast<int>(rng.below(13));
      for (int v = y; v < y + 4; ++v) {
        for (int u = x; u < x + 4; ++u) mask.at(u, v) = 1;
      }
    }
    const Rle rle = rle_from_mask(mask);
    std::size_t holes = 0;
    const std::vector<Polygon> polygons = polygons_of(rle, holes);
    if (holes > 0) continue;
    CHECK(mask_of(polygons, 24, 17) == rle);
    const Rect extent = extent_of(polygons);
    const Rect box = rect_of(bounding_box(rle));
    CHECK(extent == box);
  }
}

TEST_CASE("a hole in a mask is counted and filled by polygons") {
  Image<std::uint8_t> mask(8, 8, 0);
  for (int y = 1; y < 7; ++y) {
    for (int x = 1; x < 7; ++x) mask.at(x, y) = x == 3 && y == 3 ? 0 : 1;
  }
  std::size_t holes = 0;
  const std::vector<Polygon> polygons = polygons_of(rle_from_mask(mask), holes);
  CHECK(holes == 1);
  REQUIRE(polygons.size() == 1);
  CHECK(area(mask_of(polygons, 8, 8)) == 36);
}

TEST_CASE("pixels that touch at a corner only are polygons of their own") {
  Image<std::uint8_t> mask(4, 4, 0);
  mask.at(1, 1) = mask.at(2, 2) = 1;
  std::size_t holes = 0;
  CHECK(polygons_of(rle_from_mask(mask), holes).size() == 2);
  CHECK(holes == 0);
}
