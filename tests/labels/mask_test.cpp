#include "renderer/labels/mask.hpp"

#include <doctest/doctest.h>

#include "scenes/error.hpp"
#include "scenes/random.hpp"

using namespace orrery;

namespace {

Image<std::uint8_t> random_mask(std::uint64_t seed) {
  Rng rng(seed, 0, "mask");
  Image<std::uint8_t> mask{1 + static_cast<int>(rng.below(90)),
                           1 + static_cast<int>(rng.below(70))};
  const double stay = rng.uniform(0.3, 1.0);  // long runs and noise alike
  std::uint8_t value = rng.unit() < 0.5;
  for (auto& pixel : mask.pixels) {
    if (rng.unit() > stay) value = value == 0;
    pixel = value;
  }
  return mask;
}

}  // namespace

TEST_SUITE("masks") {
  TEST_CASE("mask, runs, COCO text, runs, mask: nothing is lost on the way") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      CAPTURE(seed);
      const Image<std::uint8_t> mask = random_mask(seed);
      const Rle rle = rle_from_mask(mask);
      const Rle back = rle_from_coco(coco_counts(rle), rle.width, rle.height);
      REQUIRE(back == rle);
      REQUIRE(mask_from_rle(back).pixels == mask.pixels);
    }
  }

  TEST_CASE("area, box and common area from runs equal those counted from pixels") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      CAPTURE(seed);
      const Image<std::uint8_t> a = random_mask(seed);
      Image<std::uint8_t> b(a.width, a.height);
      Rng rng(seed, 1, "other");
      for (auto& pixel : b.pixels) pixel = rng.unit() < 0.5;
      std::uint64_t count = 0;
      std::uint64_t both = 0;
      Box box{a.width, a.height, 0, 0};
      for (int y = 0; y < a.height; ++y) {
        for (int x = 0; x < a.width; ++x) {
          if (a.at(x, y) == 0) continue;
          ++count;
          both += b.at(x, y);
          box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
                 std::max(box.y1, y + 1)};
        }
      }
      const Rle rle = rle_from_mask(a);
      CHECK(area(rle) == count);
      CHECK(common_area(rle, rle_from_mask(b)) == both);
      CHECK(common_area(rle, rle) == count);
      CHECK(bounding_box(rle) == (count == 0 ? Box{} : box));
    }
  }

  TEST_CASE("the COCO text is the one pycocotools writes") {
    // mask.encode of a 3 x 4 (h x w) mask whose middle two columns are set, of an empty and of a
    // full one.
    CHECK(coco_counts({4, 3, {3, 6, 3}}) == "363");
    CHECK(coco_counts({4, 3, {12}}) == "<");
    CHECK(coco_counts({4, 3, {0, 12}}) == "0<");
  }

  TEST_CASE("text that is no run lengths of the image is refused") {
    CHECK_THROWS_AS(rle_from_coco("36", 4, 3), Error);       // too short
    CHECK_THROWS_AS(rle_from_coco("3630000<", 4, 3), Error);  // too long
    CHECK_THROWS_AS(rle_from_coco("P", 4, 3), Error);         // ends within a number
    CHECK_THROWS_AS(rle_from_coco("36 3", 4, 3), Error);      // not a digit
    CHECK_THROWS_AS(rle_from_coco("oooooooooooooooooooooo1", 4, 3), Error);
  }
}
