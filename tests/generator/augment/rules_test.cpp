#include <doctest/doctest.h>

#include <algorithm>

#include "generator/augment/moved_polygon.hpp"
#include "scenes/error.hpp"
#include "tests/generator/augment/flat_scene.hpp"

using namespace orrery;
using namespace orrery::testing;
using Op = AugmentOp;

namespace {

Rect box_of(const LabelledPixels& picture, std::size_t index) {
  return picture.labelled.labels.at(index).box;
}

LabelledPixels one_box(const Rect& box, int width = 200, int height = 200) {
  LabelledPixels picture;
  picture.color = Image<Rgba8>(width, height, kGround);
  picture.labelled.width = width;
  picture.labelled.height = height;
  Label label;
  label.id = 1;
  label.box = box;
  picture.labelled.labels = {label};
  return picture;
}

}  // namespace

TEST_SUITE("augment rules") {
  TEST_CASE("two crops that leave 36 % do not pass for half, whatever lies between them") {
    // One label as large as the picture: each crop keeps 60 % of what is there.
    for (const bool blurred : {false, true}) {
      LabelledPixels picture = one_box({0, 0, 200, 200});
      Label& label = picture.labelled.labels[0];
      label.outline = {corners_of(label.box)};
      const AugmentStep crop = always(Op::random_crop, {{0.6, 0.6}, {1, 1}});
      AugmentSpec spec = spec_of({crop});
      spec.min_visible = 0.5;
      LabelledPixels once = picture;
      CHECK(augmented(once, spec).made_crowd.empty());
      spec.steps = blurred ? std::vector<AugmentStep>{crop, always(Op::gaussian_blur), crop}
                           : std::vector<AugmentStep>{crop, crop};
      const AugmentReport report = augmented(picture, spec);
      REQUIRE(report.made_crowd.size() == 1);
      CHECK(report.made_crowd[0].rule == "min_visible");
      CHECK(picture.labelled.labels[0].crowd);
      CHECK(box_of(picture, 0).area() / 40000 == doctest::Approx(0.36).epsilon(0.02));
    }
  }

  TEST_CASE("10 to 25 % left is hard, less is a crowd, nothing left is dropped as outside") {
    const auto cropped = [](double box_x0, AugmentReport& report) {
      // The crop takes the 100 pixels on the left; the box is 40 wide.
      LabelledPixels picture = one_box({box_x0, 20, box_x0 + 40, 60});
      report =
          augmented(picture, spec_of({always(Op::crop, {{100, 100}, {200, 200}, {0, 0}, {0, 0}})}));
      return picture;
    };
    AugmentReport report;
    CHECK_FALSE(cropped(80, report).labelled.labels.at(0).hard);  // 50 %
    const LabelledPixels hard = cropped(92, report);              // 20 %
    CHECK(hard.labelled.labels.at(0).hard);
    CHECK(report.made_hard.at(0).rule == "hard_visible");
    CHECK(hard.labelled.labels.at(0).box == Rect{92, 20, 100, 60});
    const LabelledPixels crowd = cropped(97, report);  // 7.5 %
    CHECK(crowd.labelled.labels.at(0).crowd);
    CHECK(cropped(120, report).labelled.labels.empty());
    CHECK(report.dropped.at(0).rule == "outside");
  }

  TEST_CASE("a class that is chiral is never mirrored, and may be turned") {
    AugmentSpec spec = spec_of(
        {always(Op::flip_horizontal), always(Op::flip_vertical), always(Op::rotate90, {{2, 2}})});
    spec.chiral = {"bar"};
    LabelledPixels picture = flat_scene(3, 96, 72, 4);
    const AugmentReport report = augmented(picture, spec);
    REQUIRE(report.refused.size() == 2);
    CHECK(report.refused[0].reason == "chiral");
    CHECK(report.refused[0].op == Op::flip_horizontal);
    CHECK(report.ran.size() == 1);
    LabelledPixels discs = one_box({10, 10, 50, 50});
    CHECK(augmented(discs, spec).ran.size() == 3);
    spec.chiral = {"baz"};
    CHECK_THROWS_WITH_AS(augmented(discs, spec), doctest::Contains("\"bar\""), Error);
  }

  TEST_CASE("a box alone is turned up to 10 degrees in all; beyond, the operation is refused") {
    LabelledPixels picture = one_box({50, 60, 150, 120});
    const AugmentStep eight = always(Op::rotate, {{8, 8}});
    AugmentReport report = augmented(picture, spec_of({eight, always(Op::gaussian_blur), eight}));
    REQUIRE(report.refused.size() == 1);
    CHECK(report.refused[0].reason == "box_rotation");
    CHECK(picture.labelled.labels[0].loose);
    LabelledPixels right = one_box({50, 60, 150, 120});
    report = augmented(right, spec_of({always(Op::rotate, {{90, 90}})}));
    CHECK(report.refused.empty());
    CHECK_FALSE(right.labelled.labels[0].loose);
    CHECK(box_of(right, 0) == Rect{80, 50, 140, 150});
  }

  TEST_CASE(
      "the ellipse's box is that of a turned disc, where its corners' box is twice as large") {
    for (const double angle : {5.0, 10.0, 15.0, 45.0}) {
      AugmentSpec spec = spec_of({always(Op::rotate, {{angle, angle}})});
      LabelledPixels disc = one_box({60, 60, 140, 140});
      spec.box_rotation = BoxRotation::ellipse;
      augmented(disc, spec);
      CHECK(box_of(disc, 0).x0 == doctest::Approx(60).epsilon(1e-3));
      CHECK(box_of(disc, 0).x1 == doctest::Approx(140).epsilon(1e-3));
      CHECK(disc.labelled.labels[0].loose);
      if (angle > 10) continue;
      LabelledPixels corners = one_box({60, 60, 140, 140});
      spec.box_rotation = BoxRotation::refuse;
      augmented(corners, spec);
      const double iou = 6400 / box_of(corners, 0).area();
      CHECK(iou == doctest::Approx(1 / (1 + std::sin(2 * glm::radians(angle)))).epsilon(1e-6));
    }
  }

  TEST_CASE("dropped pixels are in no mask, hide keypoints and count as occlusion") {
    for (std::uint64_t i = 0; i < 10; ++i) {
      LabelledPixels picture = flat_scene(i, 160, 120, 6);
      const LabelledPixels before = picture;
      AugmentSpec spec = spec_of({always(Op::dropout, {{6, 6}, {0.1, 0.3}, {0.1, 0.3}})});
      spec.fill = {1, 2, 3};
      spec.min_visible = spec.min_side = spec.min_area = 0;
      const AugmentReport report = augmented(picture, spec, i);
      for (const Label& label : picture.labelled.labels) {
        const Image<std::uint8_t> mask = mask_from_rle(*label.mask);
        const Image<std::uint8_t> first =
            mask_from_rle(*before.labelled.labels.at(label.id - 1).mask);
        std::size_t now = 0;
        std::size_t then = 0;
        for (std::size_t k = 0; k < mask.pixels.size(); ++k) {
          const bool filled = picture.color.pixels[k] == Rgba8(1, 2, 3, 255);
          CHECK((mask.pixels[k] != 0) == (first.pixels[k] != 0 && !filled));
          now += mask.pixels[k];
          then += first.pixels[k];
        }
        const Label& old = before.labelled.labels.at(label.id - 1);
        const double share = static_cast<double>(now) / static_cast<double>(then);
        CHECK(*label.visible_fraction == doctest::Approx(*old.visible_fraction * share));
        CHECK(*label.occlusion == doctest::Approx(1 - *label.visible_fraction));
        for (std::size_t k = 0; k < label.keypoints.size(); ++k) {
          const glm::ivec2 at(label.keypoints[k].position);
          const bool under =
              at.x < 160 && at.y < 120 && picture.color.at(at.x, at.y) == Rgba8(1, 2, 3, 255);
          if (old.keypoints[k].visibility == 2) {
            CHECK(label.keypoints[k].visibility == (under ? 1 : 2));
          }
        }
      }
      for (const AugmentReport::Lost& lost : report.dropped) CHECK(lost.rule == "hidden");
    }
  }

  TEST_CASE("after a crop, shares and amodal boxes are those of the pixels that are left") {
    for (std::uint64_t i = 0; i < 10; ++i) {
      LabelledPixels picture = flat_scene(i, 160, 120, 8);
      const LabelledPixels before = picture;
      // The window [40,120) x [30,90).
      AugmentSpec spec = spec_of({always(Op::crop, {{80, 80}, {60, 60}, {0.5, 0.5}, {0.5, 0.5}})});
      spec.min_visible = spec.min_side = spec.min_area = 0;
      augmented(picture, spec, i);
      const auto in_window = [](const Rle& mask) {
        const Image<std::uint8_t> pixels = mask_from_rle(mask);
        double sum = 0;
        for (int y = 30; y < 90; ++y) {
          for (int x = 40; x < 120; ++x) sum += pixels.at(x, y);
        }
        return sum;
      };
      for (const Label& label : picture.labelled.labels) {
        const auto old = std::find_if(before.labelled.labels.begin(), before.labelled.labels.end(),
                                      [&](const Label& one) { return one.id == label.id; });
        const auto alone = static_cast<double>(area(*old->amodal));
        const double visible = in_window(*old->mask);
        const double inside = in_window(*old->amodal);
        CHECK(*label.visible_fraction == doctest::Approx(visible / alone));
        CHECK(*label.truncation == doctest::Approx(1 - inside / alone));
        CHECK(*label.occlusion == doctest::Approx(1 - visible / inside));
        CHECK(static_cast<double>(area(*label.amodal)) == inside);
        CHECK(label.amodal_box->x0 == old->amodal_box->x0 - 40);
        CHECK(label.amodal_box->y1 == old->amodal_box->y1 - 30);
      }
    }
  }

  TEST_CASE("things that a border mirrors are crowd regions") {
    std::uint64_t mirrored = 0;
    for (std::uint64_t i = 0; i < 10; ++i) {
      LabelledPixels picture = flat_scene(i, 160, 120, 6, static_cast<Labelled>(i % 3));
      AugmentSpec spec = spec_of({always(Op::scale, {{0.6, 0.6}})});
      spec.border = AugmentBorder::reflect;
      spec.box_rotation = BoxRotation::ellipse;
      mirrored += augmented(picture, spec, i).mirrored;
      Image<std::uint8_t> told_of(160, 120, 0);
      for (const Label& label : picture.labelled.labels) {
        const Rle mask = label.mask ? *label.mask : mask_of({corners_of(label.box)}, 160, 120);
        const Image<std::uint8_t> pixels = mask_from_rle(mask);
        for (std::size_t k = 0; k < pixels.pixels.size(); ++k)
          told_of.pixels[k] |= pixels.pixels[k];
      }
      std::size_t untold = 0;
      for (std::size_t k = 0; k < told_of.pixels.size(); ++k) {
        bool flat = false;
        for (std::size_t c = 0; c < 6; ++c) flat = flat || picture.color.pixels[k] == flat_color(c);
        untold += flat && told_of.pixels[k] == 0 ? 1U : 0U;
      }
      CHECK(untold == 0);
    }
    CHECK(mirrored > 20);
  }

  TEST_CASE("a crop and a stretch take the camera along; a turn does away with it and with poses") {
    const auto with_camera = [] {
      LabelledPixels picture = flat_scene(4, 160, 120, 3);
      picture.labelled.camera = intrinsics_from_fov(160, 120, 1.0);
      picture.labelled.labels[0].pose.emplace();
      picture.labelled.ids = std::filesystem::path("ids.png");
      return picture;
    };
    const glm::dvec3 point(0.1, 0.05, 2);
    LabelledPixels cropped = with_camera();
    const glm::dvec2 before = *project(*cropped.labelled.camera, point);
    AugmentReport report = augmented(
        cropped, spec_of({always(Op::crop, {{100, 100}, {80, 80}, {0.5, 0.5}, {0.5, 0.5}}),
                          always(Op::resize, {{200, 200}, {240, 240}})}));
    REQUIRE(cropped.labelled.camera);
    const glm::dvec2 after = *project(*cropped.labelled.camera, point);
    CHECK(after.x == doctest::Approx((before.x - 30) * 2));
    CHECK(after.y == doctest::Approx((before.y - 20) * 3));
    CHECK_FALSE(cropped.labelled.ids);
    CHECK(report.cleared == std::map<std::string, std::uint64_t>{{"ids", 1}});
    LabelledPixels turned = with_camera();
    report = augmented(turned, spec_of({always(Op::flip_horizontal)}));
    CHECK_FALSE(turned.labelled.camera);
    CHECK_FALSE(turned.labelled.labels[0].pose);
    CHECK(report.cleared ==
          std::map<std::string, std::uint64_t>{{"camera", 1}, {"ids", 1}, {"pose", 1}});
  }

  TEST_CASE(
      "much blur makes small things hard, darkness makes all hard, else they stay as they are") {
    LabelledPixels picture = flat_scene(6, 160, 120, 6);
    picture.labelled.labels.resize(2);
    picture.labelled.labels[0].box = {10, 10, 90, 90};
    picture.labelled.labels[1].box = {20, 20, 40, 30};
    LabelledPixels blurred = picture;
    const AugmentReport blur = augmented(blurred, spec_of({always(Op::gaussian_blur, {{3, 3}})}));
    CHECK_FALSE(blurred.labelled.labels[0].hard);
    CHECK(blurred.labelled.labels[1].hard);  // 7.1 px of blur over half of 10
    CHECK(blur.made_hard.at(0).rule == "hard_blur");
    CHECK(*blurred.labelled.labels[0].mask == *picture.labelled.labels[0].mask);
    LabelledPixels dark = picture;
    augmented(dark, spec_of({always(Op::brightness_contrast, {{-1, -1}, {1, 1}})}));
    CHECK(dark.labelled.labels[0].hard);
  }
}
