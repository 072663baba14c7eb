#include "scenes/lens.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "scenes/camera.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"

using namespace orrery;

namespace {

struct Seen {
  glm::dvec3 point;
  glm::dvec2 pixel;
};

const Lens kBarrel =
    lens_from(LensModel::brown_conrady, {-0.31, 0.12, 0.0015, -0.0021, -0.02, 0, 0, 0});
const Lens kRational =
    lens_from(LensModel::brown_conrady, {0.25, -0.18, -0.0008, 0.0012, 0.035, 0.41, -0.12, 0.06});
const Lens kFisheye = lens_from(LensModel::fisheye, {-0.042, 0.011, -0.0065, 0.0009});

Intrinsics with(const Lens& lens) { return {640, 480, 612.5, 598.75, 331.25, 236.5, lens}; }

void check_seen(const Lens& lens, const std::array<Seen, 5>& all) {
  for (const Seen& seen : all) {
    const auto pixel = project(with(lens), seen.point);
    REQUIRE(pixel.has_value());
    CHECK(glm::distance(*pixel, seen.pixel) < 1e-6);
    CHECK(glm::distance(unproject(with(lens), seen.pixel, seen.point.z), seen.point) < 1e-6);
  }
}

}  // namespace

TEST_SUITE("lens") {
  // Pixels from cv2.projectPoints and cv2.fisheye.projectPoints of OpenCV 4, camera as in with().
  TEST_CASE("points fall where OpenCV's Brown-Conrady model puts them") {
    check_seen(kBarrel, {{{{0.1, -0.2, 1.0}, {391.442059375, 118.737550625}},
                          {{-0.55, 0.4, 1.2}, {73.9485771234, 419.422223257}},
                          {{0.7, 0.5, 1.1}, {661.5408221364, 468.2243403513}},
                          {{-0.3, -0.62, 0.9}, {155.9510678209, -115.603599589}},
                          {{0.0, 0.0, 2.0}, {331.25, 236.5}}}});
  }

  TEST_CASE("points fall where OpenCV's rational model puts them") {
    check_seen(kRational, {{{{0.1, -0.2, 1.0}, {392.0815624141, 117.6159881781}},
                            {{-0.55, 0.4, 1.2}, {65.8382189972, 425.2074822061}},
                            {{0.7, 0.5, 1.1}, {681.5117177685, 480.4636909879}},
                            {{-0.3, -0.62, 0.9}, {147.5670482546, -135.7397592936}},
                            {{0.0, 0.0, 2.0}, {331.25, 236.5}}}});
  }

  TEST_CASE("points fall where OpenCV's fisheye model puts them, up to 80 degrees off the axis") {
    check_seen(kFisheye, {{{{0.1, -0.2, 1.0}, {391.3877665261, 118.9245299347}},
                           {{-5, 4, 1.2}, {-282.4874405311, 716.4677290031}},
                           {{2.7, 1.5, 1.1}, {952.2476394657, 573.7538200726}},
                           {{-0.3, -0.62, 0.09}, {-21.9215751825, -477.0026829775}},
                           {{0.001, 0.0, 2.0}, {331.5562499713, 236.5}}}});
  }

  TEST_CASE("unprojecting undoes projecting all over the field, from any start") {
    Rng draw(7, 0, "rays");
    for (const Lens& lens : {kBarrel, kRational, kFisheye}) {
      const double reach = std::min(lens.widest, 12.0);
      for (int i = 0; i < 2000; ++i) {
        const double angle = draw.uniform(0, 6.283);
        const glm::dvec2 slope =
            draw.uniform(0, 0.99) * reach * glm::dvec2(std::cos(angle), std::sin(angle));
        const auto image = bent(lens, slope);
        REQUIRE(image.has_value());
        const auto cold = unbent(lens, *image);
        const auto warm = unbent(lens, *image, slope * 0.97 + glm::dvec2(0.01));
        REQUIRE(cold.has_value());
        REQUIRE(warm.has_value());
        const double scale = 1 + glm::dot(slope, slope);
        CHECK(glm::distance(*cold, slope) < 1e-8 * scale);
        CHECK(glm::distance(*warm, slope) < 1e-8 * scale);
      }
    }
  }

  TEST_CASE("a lens sees as far as its model rises and no farther than 89 degrees") {
    // r - r³/2 turns at r² = 2/3.
    const Lens folded = lens_from(LensModel::brown_conrady, {-0.5, 0, 0, 0, 0, 0, 0, 0});
    CHECK(folded.folds);
    CHECK(folded.widest < std::sqrt(2.0 / 3));
    CHECK(folded.widest > 0.98 * std::sqrt(2.0 / 3));
    CHECK_FALSE(project(with(folded), {1, 0, 1}).has_value());
    CHECK_FALSE(unbent(folded, {0.6, 0}).has_value());  // the farthest image is at 0.544
    CHECK_FALSE(kFisheye.folds);
    CHECK(project(with(kFisheye), {50, 0, 1}).has_value());
    CHECK_FALSE(project(with(kFisheye), {60, 0, 1}).has_value());
  }

  TEST_CASE("the field of view is that through the lens") {
    for (const Lens& lens : {kBarrel, kRational, kFisheye}) {
      const Intrinsics camera = intrinsics_from_fov(640, 480, 1.0, lens);
      const auto left = project(camera, {-std::tan(0.5), 0, 1});
      const auto right = project(camera, {std::tan(0.5), 0, 1});
      REQUIRE(left.has_value());
      REQUIRE(right.has_value());
      CHECK(right->x - left->x == doctest::Approx(640));
      CHECK(std::abs(left->x) < 4);  // tangential terms shift both alike
    }
    const Intrinsics wide = intrinsics_from_fov(640, 480, glm::radians(170.0), kFisheye);
    CHECK(project(wide, {std::tan(glm::radians(85.0)), 0, 1})->x == doctest::Approx(640));
  }

  TEST_CASE("a fold inside the image is an error that says where") {
    const Lens folded = lens_from(LensModel::brown_conrady, {-0.5, 0, 0, 0, 0, 0, 0, 0});
    CHECK_NOTHROW(intrinsics_from_fov(640, 480, glm::radians(40.0), folded));
    CHECK_THROWS_WITH_AS(intrinsics_from_fov(640, 480, glm::radians(75.0), folded),
                         doctest::Contains("folds"), Error);
    CHECK_THROWS_WITH_AS(intrinsics_from_fov(640, 480, glm::radians(120.0), folded),
                         doctest::Contains("wanted at most"), Error);
  }

  TEST_CASE("without coefficients Brown-Conrady is a pinhole") {
    const Lens none = lens_from(LensModel::brown_conrady, {});
    const glm::dvec3 p(0.4, -0.3, 0.9);
    CHECK(glm::distance(*project(with(none), p), *project(with({}), p)) < 1e-10);
  }
}
