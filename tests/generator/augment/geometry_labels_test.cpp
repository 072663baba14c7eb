#include <doctest/doctest.h>

#include <algorithm>

#include "generator/augment/geometry_of.hpp"
#include "tests/generator/augment/flat_scene.hpp"

using namespace orrery;
using namespace orrery::testing;
using Op = AugmentOp;

namespace {

/// Which label a pixel's colour says it is of, 0 for ground or fill; nothing if it is a mixture.
std::optional<std::uint64_t> told_by_color(const Rgba8& p, std::size_t count) {
  const auto near = [&](const Rgba8& to) {
    return std::abs(p.r - to.r) + std::abs(p.g - to.g) + std::abs(p.b - to.b) <= 3;
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (near(flat_color(i))) return i + 1;
  }
  if (near(kGround) || near(Rgba8(114, 114, 114, 255))) return 0;
  return std::nullopt;
}

struct Agreement {
  std::size_t pure = 0;   ///< pixels of one colour
  std::size_t wrong = 0;  ///< of those, pixels that a mask gives to something else
};

Agreement agreement(const LabelledPixels& picture, std::size_t count) {
  Image<std::uint64_t> ids(picture.color.width, picture.color.height, 0);
  for (const Label& label : picture.labelled.labels) {
    const auto mask = mask_of(label, ids.width, ids.height);
    if (!mask) continue;
    const Image<std::uint8_t> pixels = mask_from_rle(*mask);
    for (std::size_t i = 0; i < pixels.pixels.size(); ++i) {
      if (pixels.pixels[i] != 0) ids.pixels[i] = label.id;
    }
  }
  Agreement result;
  for (std::size_t i = 0; i < ids.pixels.size(); ++i) {
    const auto told = told_by_color(picture.color.pixels[i], count);
    if (!told) continue;
    ++result.pure;
    if (*told != ids.pixels[i]) ++result.wrong;
  }
  return result;
}

/// The extent of an instance's own colour; of pixels only that have it all around, if `inner`: a
/// mixture of two colours may look like a third.
Rect extent_of_color(const Image<Rgba8>& color, std::size_t index, std::size_t count,
                     bool inner = false) {
  Rect extent{1e9, 1e9, -1e9, -1e9};
  const auto its = [&](int x, int y) {
    return x < 0 || y < 0 || x >= color.width || y >= color.height ||
           told_by_color(color.at(x, y), count) == index + 1;
  };
  for (int y = 0; y < color.height; ++y) {
    for (int x = 0; x < color.width; ++x) {
      if (!its(x, y)) continue;
      if (inner && !(its(x - 1, y) && its(x + 1, y) && its(x, y - 1) && its(x, y + 1))) continue;
      extent = {std::min(extent.x0, x + 0.0), std::min(extent.y0, y + 0.0),
                std::max(extent.x1, x + 1.0), std::max(extent.y1, y + 1.0)};
    }
  }
  return extent;
}

/// Every label goes, as one pixel of it: nothing becomes a crowd.
AugmentSpec keeping_all(std::vector<AugmentStep> steps) {
  AugmentSpec spec = spec_of(std::move(steps));
  spec.min_visible = spec.min_side = spec.min_area = 0;
  return spec;
}

const std::vector<AugmentStep>& exact_steps() {
  static const std::vector<AugmentStep> steps{always(Op::flip_horizontal),
                                              always(Op::flip_vertical),
                                              always(Op::rotate90),
                                              always(Op::rotate, {{180, 180}}),
                                              always(Op::crop, {{90, 90}, {70, 70}}),
                                              always(Op::random_crop),
                                              always(Op::crop_instance)};
  return steps;
}

const std::vector<AugmentStep>& smooth_steps() {
  static const std::vector<AugmentStep> steps{always(Op::rotate, {{-180, 180}}),
                                              always(Op::scale, {{0.7, 1.8}, {0.8, 1.25}}),
                                              always(Op::shift),
                                              always(Op::shear, {{-20, 20}, {-10, 10}}),
                                              always(Op::perspective, {{0.1, 0.2}}),
                                              always(Op::elastic, {{0.02, 0.05}}),
                                              always(Op::grid_distortion),
                                              always(Op::resize, {{200, 260}, {150, 190}}),
                                              always(Op::letterbox, {{200, 200}, {230, 230}})};
  return steps;
}

}  // namespace

TEST_SUITE("augment geometry") {
  TEST_CASE("flips, right angles and crops give every pixel's colour and label the same instance") {
    for (const AugmentStep& step : exact_steps()) {
      CAPTURE(operation_info(step.op).name);
      for (std::uint64_t i = 0; i < 8; ++i) {
        LabelledPixels picture = flat_scene(i, 160, 121, 9);
        augmented(picture, keeping_all({step}), i);
        const Agreement found = agreement(picture, 9);
        CHECK(found.pure == picture.color.pixels.size());
        CHECK(found.wrong == 0);
        for (const Label& label : picture.labelled.labels) {
          CHECK(label.box == extent_of_color(picture.color, label.id - 1, 9));
        }
      }
    }
  }

  TEST_CASE("maps between pixels leave no pixel of one colour in another's mask") {
    for (const AugmentStep& step : smooth_steps()) {
      CAPTURE(operation_info(step.op).name);
      std::size_t wrong = 0;
      std::size_t pure = 0;
      for (std::uint64_t i = 0; i < 8; ++i) {
        LabelledPixels picture = flat_scene(i, 160, 121, 9);
        augmented(picture, keeping_all({step}), i);
        const Agreement found = agreement(picture, 9);
        wrong += found.wrong;
        pure += found.pure;
        for (const Label& label : picture.labelled.labels) {
          const Rect extent = extent_of_color(picture.color, label.id - 1, 9, true);
          if (extent.x1 < extent.x0) continue;  // a sliver: only mixtures are left of it
          CHECK(label.box.x0 <= extent.x0);
          CHECK(label.box.y0 <= extent.y0);
          CHECK(label.box.x1 >= extent.x1);
          CHECK(label.box.y1 >= extent.y1);
        }
      }
      CHECK(pure > 100000);
      // A pixel of pure colour has its nearest neighbour among those that it is mixed from; area
      // averages and outlines of a stretched picture differ at edges.
      CHECK(static_cast<double>(wrong) < 1e-4 * static_cast<double>(pure));
    }
  }

  TEST_CASE("outlines that are moved exactly cover the same colours as masks do") {
    for (const AugmentStep& step : smooth_steps()) {
      CAPTURE(operation_info(step.op).name);
      std::size_t wrong = 0;
      std::size_t pure = 0;
      for (std::uint64_t i = 0; i < 4; ++i) {
        LabelledPixels picture = flat_scene(i, 160, 121, 5, Labelled::outlines);
        augmented(picture, keeping_all({step}), i);
        wrong += agreement(picture, 5).wrong;
        pure += agreement(picture, 5).pure;
      }
      CHECK(static_cast<double>(wrong) < 2e-3 * static_cast<double>(pure));
    }
  }

  TEST_CASE("several maps are one warp: turning there and back again changes no pixel") {
    LabelledPixels picture = flat_scene(1, 160, 120, 6);
    const std::string before = told(picture);
    augmented(
        picture,
        keeping_all({always(Op::rotate, {{33, 33}}), always(Op::rotate, {{-33, -33}}),
                     always(Op::scale, {{1.7, 1.7}}), always(Op::scale, {{1 / 1.7, 1 / 1.7}})}));
    std::size_t differ = 0;
    const LabelledPixels first = flat_scene(1, 160, 120, 6);
    for (std::size_t i = 0; i < picture.color.pixels.size(); ++i) {
      differ += picture.color.pixels[i] != first.color.pixels[i] ? 1U : 0U;
    }
    CHECK(differ == 0);
  }

  TEST_CASE("flips and four quarter turns, done again, give every byte back") {
    for (const Labelled labelled : {Labelled::masks, Labelled::outlines, Labelled::boxes}) {
      for (const Op op : {Op::flip_horizontal, Op::flip_vertical}) {
        LabelledPixels picture = flat_scene(2, 161, 120, 7, labelled);
        LabelledPixels once = picture;
        augmented(picture, keeping_all({}));  // oriented boxes are derived from here on
        const std::string before = told(picture);
        augmented(once, keeping_all({always(op)}));
        CHECK((told(once) != before));
        augmented(once, keeping_all({always(op)}));
        CHECK((told(once) == before));
      }
      LabelledPixels turned = flat_scene(2, 161, 120, 7, labelled);
      const std::string before = told(turned);
      for (int i = 0; i < 4; ++i) augmented(turned, keeping_all({always(Op::rotate90, {{1, 1}})}));
      CHECK((told(turned) == before));
    }
  }

  TEST_CASE("left and right keypoints change places in a mirror and in nothing else") {
    const auto points = [](Op op) {
      LabelledPixels picture = flat_scene(5, 160, 120, 1);
      picture.labelled.labels[0].keypoints = {{{50, 50}, 2}, {{40, 50}, 2}, {{60, 50}, 1}};
      AugmentStep step =
          always(op, op == Op::rotate90 ? std::vector<Range>{{2, 2}} : std::vector<Range>{});
      augmented(picture, keeping_all({step}));
      return picture.labelled.labels[0].keypoints;
    };
    const auto mirrored = points(Op::flip_horizontal);
    CHECK(mirrored[0] == LabelPoint{{110, 50}, 2});
    CHECK(mirrored[1] == LabelPoint{{100, 50}, 1});
    CHECK(mirrored[2] == LabelPoint{{120, 50}, 2});
    const auto turned = points(Op::rotate90);
    CHECK(turned[1] == LabelPoint{{120, 70}, 2});
    CHECK(turned[2] == LabelPoint{{100, 70}, 1});
  }

  TEST_CASE("a keypoint that leaves the picture keeps its place in the list and loses its v") {
    LabelledPixels picture = flat_scene(5, 160, 120, 1);
    picture.labelled.labels[0].keypoints = {{{80, 60}, 2}, {{2, 2}, 2}, {{90, 60}, 2}};
    augmented(picture,
              keeping_all({always(Op::crop, {{80, 80}, {60, 60}, {0.5, 0.5}, {0.5, 0.5}})}));
    REQUIRE(picture.labelled.labels.size() == 1);
    const auto& points = picture.labelled.labels[0].keypoints;
    REQUIRE(points.size() == 3);
    CHECK(points[0] == LabelPoint{{40, 30}, 2});
    CHECK(points[1] == LabelPoint{});
    CHECK(points[2] == LabelPoint{{50, 30}, 2});
  }

  TEST_CASE("pixels move where points do, to a fiftieth of a pixel") {
    // A blob of four pixels' width. Where its brightness goes is told by the map at every pixel.
    const auto blob = [](const glm::dvec2& p, const glm::dvec2& c) {
      return 220 * std::exp(-glm::dot(p - c, p - c) / 32);
    };
    double worst = 0;
    std::size_t seen = 0;
    for (const AugmentStep& step : smooth_steps()) {
      for (std::uint64_t i = 0; i < 24; ++i) {
        Rng rng(9, i, "test/" + operation_info(step.op).name);
        const double bx = rng.uniform(50, 110);
        const double by = rng.uniform(40, 80);
        const glm::dvec2 center(bx, by);
        std::vector<double> values;
        for (const Range& range : step.values) values.push_back(rng.uniform(range.low, range.high));
        Geometry geometry(160, 120);
        std::optional<Projection> projection;
        REQUIRE(add_operation(step.op, values, {}, rng, geometry, projection).empty());
        Image<Rgba8> color(160, 120, kGround);
        for (int y = 0; y < 120; ++y) {
          for (int x = 0; x < 160; ++x) {
            const auto v =
                static_cast<std::uint8_t>(std::lround(blob(glm::dvec2(x + 0.5, y + 0.5), center)));
            color.at(x, y) = Rgba8(v, v, v, 255);
          }
        }
        color = Warp(geometry).color(color, AugmentBorder::constant, {});
        glm::dvec2 found(0.0);
        glm::dvec2 wanted(0.0);
        glm::dvec2 weight(0.0);
        bool cut = false;
        for (int y = 0; y < color.height; ++y) {
          for (int x = 0; x < color.width; ++x) {
            const glm::dvec2 at(x + 0.5, y + 0.5);
            // Without the tails, which eight bits cut.
            const double is = std::max(color.at(x, y).r - 8.0, 0.0);
            const double should_be = std::max(blob(geometry.in_from_out(at), center) - 8, 0.0);
            found += is * at;
            wanted += should_be * at;
            weight += glm::dvec2(is, should_be);
            cut = cut || ((x == 0 || y == 0 || x + 1 == color.width || y + 1 == color.height) &&
                          should_be > 0.1);
          }
        }
        const auto there = geometry.out_from_in(center);
        REQUIRE(there);
        CHECK(glm::length(geometry.in_from_out(*there) - center) < 1e-6);
        if (cut || weight.x == 0) continue;
        ++seen;
        const glm::dvec2 off = glm::abs(found / weight.x - wanted / weight.y);
        CAPTURE(operation_info(step.op).name);
        CHECK(std::max(off.x, off.y) < 0.02);
        worst = std::max({worst, off.x, off.y});
      }
    }
    CHECK(seen > 100);
    MESSAGE("farthest off: " << worst << " px of " << seen << " blobs");
  }
}
