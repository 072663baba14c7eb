#include "generator/mix/photo_pool.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace orrery;

namespace {

/// Twelve photos in three parts; photo i shows classes i % 4 and, every third, class 5.
PhotoPool pool_of_twelve() {
  std::vector<LabelledImage> images;
  std::map<std::string, std::size_t> part_of;
  for (std::uint32_t i = 0; i < 12; ++i) {
    LabelledImage& image = images.emplace_back();
    image.name = "photo " + std::to_string(i);
    Label label;
    label.class_id = i % 4;
    image.labels.push_back(label);
    label.class_id = 5;
    if (i % 3 == 0) image.labels.push_back(label);
    part_of[image.name] = i / 4;
  }
  return {images, part_of};
}

}  // namespace

TEST_CASE("each photo comes once in every round, in another order each") {
  const PhotoPool pool = pool_of_twelve();
  std::vector<std::size_t> before;
  for (std::uint64_t round = 0; round < 3; ++round) {
    std::vector<std::size_t> order;
    for (std::uint64_t n = 0; n < 12; ++n) order.push_back(pool.nth(12 * round + n, 7));
    CHECK(std::set<std::size_t>(order.begin(), order.end()).size() == 12);
    CHECK(order != before);
    before = order;
  }
}

TEST_CASE("photos of a part come from that part alone") {
  const PhotoPool pool = pool_of_twelve();
  Rng rng(1, 0, "test");
  std::set<std::size_t> seen;
  for (int i = 0; i < 300; ++i) {
    const std::size_t photo = pool.any_of(1, rng, i % 2 == 0);
    CHECK(pool.part_of(photo) == 1);
    seen.insert(photo);
  }
  CHECK(seen.size() == 4);
}

TEST_CASE("by class, a rare class is drawn from as often as a frequent one") {
  const PhotoPool pool = pool_of_twelve();
  Rng rng(2, 0, "test");
  double rare = 0;
  double plain = 0;
  constexpr int kDraws = 6000;
  for (int i = 0; i < kDraws; ++i) {
    const std::size_t by_class = pool.any(rng, true);
    rare += by_class % 3 == 0 ? 1 : 0;
    const std::size_t by_image = pool.any(rng, false);
    plain += by_image % 3 == 0 ? 1 : 0;
  }
  // Four photos of twelve have class 5. By class, a fifth of the draws asks for it; of the others,
  // which ask for one of four classes with three photos each, a third have it anyway.
  CHECK(rare / kDraws == doctest::Approx(0.2 + 0.8 / 3).epsilon(0.05));
  CHECK(plain / kDraws == doctest::Approx(1.0 / 3).epsilon(0.05));
}
