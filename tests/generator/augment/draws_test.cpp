#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "tests/generator/augment/flat_scene.hpp"

using namespace orrery;
using namespace orrery::testing;
using Op = AugmentOp;

namespace {

/// Any operation with ranges within its limits that a small picture stands, in groups or not.
AugmentSpec random_spec(std::uint64_t index) {
  Rng rng(5, index, "test/spec");
  const auto step = [&] {
    const auto op = static_cast<Op>(rng.below(static_cast<std::uint32_t>(operations().size())));
    AugmentStep one = always(op);
    one.probability = rng.uniform(0.3, 1);
    for (std::size_t i = 0; i < one.values.size(); ++i) {
      const OperationParameter& limits = operation_info(op).parameters[i];
      if (limits.high > 300) {
        one.values[i] = {20.0 + rng.below(60), 90.0 + rng.below(60)};
      } else if (rng.unit() < 0.3) {
        const double a = rng.uniform(limits.low, limits.high);
        const double b = rng.uniform(limits.low, limits.high);
        one.values[i] = {std::min(a, b), std::max(a, b)};
        if (limits.whole)
          one.values[i] = {std::ceil(one.values[i].low), std::ceil(one.values[i].high)};
      }
    }
    return one;
  };
  AugmentSpec spec;
  const std::uint32_t count = 1 + rng.below(6);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (rng.unit() < 0.25) {
      AugmentStep group;
      group.kind = rng.unit() < 0.5 ? AugmentStep::Kind::one_of : AugmentStep::Kind::sequence;
      group.steps.push_back(step());
      group.steps.push_back(step());
      spec.steps.push_back(group);
    } else {
      spec.steps.push_back(step());
    }
  }
  spec.border = rng.unit() < 0.4 ? AugmentBorder::reflect : AugmentBorder::constant;
  spec.box_rotation = rng.unit() < 0.5 ? BoxRotation::refuse : BoxRotation::ellipse;
  return spec;
}

/// What must hold of every picture that comes out.
void check_picture(const LabelledPixels& picture) {
  const LabelledImage& image = picture.labelled;
  CHECK(image.width == picture.color.width);
  CHECK(image.height == picture.color.height);
  std::set<std::uint64_t> ids;
  for (const Label& label : image.labels) {
    CAPTURE(label.id);
    CHECK(ids.insert(label.id).second);
    CHECK_FALSE(label.box.empty());
    CHECK(label.box.x0 >= 0);
    CHECK(label.box.y0 >= 0);
    CHECK(label.box.x1 <= image.width);
    CHECK(label.box.y1 <= image.height);
    if (label.mask) {
      CHECK(label.mask->width == image.width);
      CHECK(label.mask->height == image.height);
      CHECK(label.box == rect_of(bounding_box(*label.mask)));
      CHECK(area(*label.mask) > 0);
    }
    if (label.mask && label.amodal) {
      CHECK(common_area(*label.mask, *label.amodal) == area(*label.mask));
    }
    if (!label.outline.empty()) CHECK(label.box == extent_of(label.outline));
    for (const LabelPoint& point : label.keypoints) {
      if (point.visibility == 0) continue;
      CHECK(point.position.x >= 0);
      CHECK(point.position.y >= 0);
      CHECK(point.position.x <= image.width);
      CHECK(point.position.y <= image.height);
    }
    for (const auto& share : {label.visible_fraction, label.truncation, label.occlusion}) {
      if (share) CHECK((*share >= 0 && *share <= 1));
    }
  }
}

}  // namespace

TEST_SUITE("augment draws") {
  TEST_CASE("labels in and mirrored are labels out and dropped, and all lie in the picture") {
    std::uint64_t ran = 0;
    std::uint64_t dropped = 0;
    std::uint64_t crowds = 0;
    std::uint64_t mirrored = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      LabelledPixels picture = flat_scene(i % 40, 96, 72, 6, static_cast<Labelled>(i % 4));
      const std::size_t before = picture.labelled.labels.size();
      const AugmentReport report = augmented(picture, random_spec(i), i);
      CAPTURE(i);
      CHECK(report.labels_in == before);
      CHECK(report.labels_out == picture.labelled.labels.size());
      CHECK(report.labels_in + report.mirrored == report.labels_out + report.dropped.size());
      check_picture(picture);
      ran += report.ran.size();
      dropped += report.dropped.size();
      crowds += report.made_crowd.size();
      mirrored += report.mirrored;
    }
    MESSAGE(ran << " operations, " << dropped << " labels dropped, " << crowds << " made crowds, "
                << mirrored << " mirrored");
    CHECK(ran > 4000);
    CHECK(dropped > 100);
    CHECK(crowds > 100);
    CHECK(mirrored > 100);
  }

  TEST_CASE("a picture's draws hang on seed and index alone, in any order and on any thread") {
    const AugmentSpec spec = augment_preset("heavy");
    constexpr std::size_t kCount = 24;
    std::vector<std::string> forth(kCount);
    std::vector<std::string> back(kCount);
    const auto make = [&](std::size_t i) {
      LabelledPixels picture = flat_scene(i, 96, 72, 6, Labelled::mixed);
      augmented(picture, spec, i, 11);
      return told(picture);
    };
    for (std::size_t i = 0; i < kCount; ++i) forth[i] = make(i);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = kCount; i-- > 0;) {
          if (i % 3 == t) back[i] = make(i);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < kCount; ++i) CHECK((forth[i] == back[i]));
    LabelledPixels other = flat_scene(0, 96, 72, 6, Labelled::mixed);
    augmented(other, spec, 0, 12);
    CHECK((told(other) != forth[0]));
  }

  TEST_CASE("what one operation draws does not move when another's parameters do") {
    const auto drawn = [](double probability, Range angle) {
      AugmentSpec spec = augment_preset("heavy");
      spec.steps[1] = always(Op::rotate, {angle});
      spec.steps[1].probability = probability;
      std::map<std::string, std::vector<double>> all;
      for (std::uint64_t i = 0; i < 20; ++i) {
        LabelledPixels picture = flat_scene(i, 96, 72, 4);
        for (const auto& ran : augmented(picture, spec, i).ran) {
          if (ran.op == Op::rotate) continue;
          std::vector<double>& values = all[operation_info(ran.op).name + std::to_string(i)];
          for (const auto& parameter : ran.parameters) values.push_back(parameter.second);
        }
      }
      return all;
    };
    const auto first = drawn(1, {-5, 5});
    CHECK(first.size() > 100);
    CHECK((first == drawn(1, {20, 30})));
    CHECK((first == drawn(0, {-5, 5})));
  }
}
