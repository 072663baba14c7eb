#include "generator/label_json.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"

using namespace orrery;

namespace {

Rle random_mask(Rng& rng, int width, int height) {
  Image<std::uint8_t> mask(width, height, 0);
  for (auto& pixel : mask.pixels) pixel = static_cast<std::uint8_t>(rng.below(2));
  return rle_from_mask(mask);
}

Label full_label(std::uint64_t seed) {
  Rng rng(seed, 0, "label");
  const auto number = [&rng] { return rng.uniform(-1000.0, 1000.0) / 3.0; };
  Label label;
  label.id = 7 + seed;
  label.class_id = 3;
  label.box = {number(), number(), number(), number()};
  label.mask = random_mask(rng, 13, 9);
  for (int i = 0; i < 2; ++i) {
    Polygon& polygon = label.outline.emplace_back();
    for (int k = 0; k < 4; ++k) {
      const double x = number();
      polygon.emplace_back(x, number());
    }
  }
  label.oriented = OrientedBox{{0.1, 0.2}, {1.0 / 3.0, 5}, 0.7};
  label.keypoints = {{{1.1, 2.2}, 2}, {{0, 0}, 0}};
  label.amodal = random_mask(rng, 13, 9);
  label.amodal_box = Rect{-1.5, -2.5, 20, 1e-300};
  label.visible_fraction = 0.1;
  label.truncation = 0.0;
  label.occlusion = 1.0 / 3;
  label.pose = ObjectPose{{glm::dmat3(1, 2, 3, 4, 5, 6, 7, 8, 9.1), 0.3, {1, 2, 3}},
                          {{0.1F, 0.2F, 0.3F}, {1, 2, 3}},
                          "mug"};
  label.crowd = label.hard = label.loose = true;
  label.weight = 0.25;
  label.more = {{"score", 0.9}, {"tags", {"x", "y"}}};
  return label;
}

void check_same(const Label& a, const Label& b) {
  CHECK(a.id == b.id);
  CHECK(a.class_id == b.class_id);
  CHECK(a.box == b.box);
  CHECK(a.mask == b.mask);
  CHECK(a.outline == b.outline);
  CHECK(a.oriented.has_value() == b.oriented.has_value());
  if (a.oriented && b.oriented) {
    CHECK(a.oriented->center == b.oriented->center);
    CHECK(a.oriented->size == b.oriented->size);
    CHECK(a.oriented->angle == b.oriented->angle);
  }
  CHECK(a.keypoints == b.keypoints);
  CHECK(a.amodal == b.amodal);
  CHECK(a.amodal_box == b.amodal_box);
  CHECK(a.visible_fraction == b.visible_fraction);
  CHECK(a.truncation == b.truncation);
  CHECK(a.occlusion == b.occlusion);
  CHECK(a.pose.has_value() == b.pose.has_value());
  if (a.pose && b.pose) {
    CHECK(a.pose->camera_from_object.rotation == b.pose->camera_from_object.rotation);
    CHECK(a.pose->camera_from_object.scale == b.pose->camera_from_object.scale);
    CHECK(a.pose->camera_from_object.translation == b.pose->camera_from_object.translation);
    CHECK(a.pose->bounds.low == b.pose->bounds.low);
    CHECK(a.pose->bounds.high == b.pose->bounds.high);
    CHECK(a.pose->model == b.pose->model);
  }
  CHECK(a.crowd == b.crowd);
  CHECK(a.hard == b.hard);
  CHECK(a.loose == b.loose);
  CHECK(a.weight == b.weight);
  CHECK(a.more == b.more);
}

Label through_text(const Label& label) {
  return label_from_json(Json::parse(json_from(label).dump()), "here");
}

}  // namespace

TEST_SUITE("label_json") {
  TEST_CASE("a label with everything comes back from its text exactly") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const Label label = full_label(seed);
      check_same(label, through_text(label));
    }
  }

  TEST_CASE("a label with a box alone comes back with a box alone") {
    Label label;
    label.id = 1;
    label.box = {0.1, 0.2, 0.30000000000000004, 1e17};
    check_same(label, through_text(label));
    CHECK(json_from(label).size() == 3);
  }

  TEST_CASE("what JSON cannot hold is refused, not written as null") {
    Label label;
    label.box.x1 = std::numeric_limits<double>::infinity();
    CHECK_THROWS_AS(json_from(label), Error);
  }

  TEST_CASE("a label that lacks its box is an error that says where") {
    CHECK_THROWS_WITH_AS(label_from_json(Json{{"id", 1}, {"class_id", 0}}, "store: image 3"),
                         doctest::Contains("store: image 3"), Error);
  }

  TEST_CASE("keypoints, ingredients and cameras come back") {
    const Keypoints keypoints{{{"rim", {0.1, 0.2, 0.3}, true}, {"base", {}, false}},
                              {{"rim", "base"}},
                              {{"base", "rim"}}};
    CHECK(keypoints_from_json(Json::parse(json_from(keypoints).dump()), "") == keypoints);
    const Ingredient photo{"photo", "x", "ab", "CC0-1.0"};
    CHECK(ingredient_from_json(json_from(photo), "") == photo);
    const Intrinsics camera{640,
                            480,
                            500.5,
                            501,
                            320,
                            240.25,
                            lens_from(LensModel::brown_conrady, {-0.1, 0.01, 0.001})};
    CHECK(intrinsics_from_json(Json::parse(json_from(camera).dump()), "") == camera);
  }
}
