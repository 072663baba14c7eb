#include "renderer/labels/annotate.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numbers>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "tests/labels/random_frame.hpp"

using namespace orrery;
using orrery::testing::RandomFrame;

namespace {

/// The same labels the slow way: one instance at a time, pixel by pixel.
struct Naive {
  std::uint64_t visible = 0, amodal = 0, inside = 0;
  Box visible_box{INT_MAX, INT_MAX, INT_MIN, INT_MIN};
  Box amodal_box = visible_box;
  Image<std::uint8_t> visible_mask, amodal_mask;
  std::map<std::uint32_t, std::uint64_t> occluders;

  Naive(const RandomFrame& random, std::uint32_t object)
      : visible_mask(random.id.width, random.id.height), amodal_mask(visible_mask) {
    const AmodalBits& canvas = random.frame.amodal;
    const auto grow = [](Box& box, int x, int y) {
      box = {std::min(box.x0, x), std::min(box.y0, y), std::max(box.x1, x + 1),
             std::max(box.y1, y + 1)};
    };
    for (int y = -canvas.offset_y; y < canvas.height - canvas.offset_y; ++y) {
      for (int x = -canvas.offset_x; x < canvas.width - canvas.offset_x; ++x) {
        if (!random.amodal_at(object, x, y)) continue;
        ++amodal;
        grow(amodal_box, x, y);
        if (x < 0 || y < 0 || x >= random.id.width || y >= random.id.height) continue;
        ++inside;
        amodal_mask.at(x, y) = 1;
        const std::uint32_t seen = random.id.at(x, y);
        if (seen != object + 1) {
          ++occluders[seen];
          continue;
        }
        ++visible;
        visible_mask.at(x, y) = 1;
        grow(visible_box, x, y);
      }
    }
  }
};

void check_label(const InstanceLabel& label, const Naive& naive) {
  CHECK(label.visible_area == naive.visible);
  CHECK(label.amodal_area == naive.amodal);
  CHECK(label.amodal_inside_area == naive.inside);
  CHECK(label.visible_box == naive.visible_box);
  CHECK(label.amodal_box == naive.amodal_box);
  CHECK(mask_from_rle(label.visible).pixels == naive.visible_mask.pixels);
  CHECK(mask_from_rle(label.amodal).pixels == naive.amodal_mask.pixels);
  CHECK(label.occluders.size() == naive.occluders.size());
  for (const Occluder& occluder : label.occluders) {
    CHECK(naive.occluders.at(occluder.id) == occluder.area);
  }
  CHECK(label.visible_fraction ==
        static_cast<double>(naive.visible) / static_cast<double>(naive.amodal));
  CHECK(label.occlusion ==
        static_cast<double>(naive.inside - naive.visible) / static_cast<double>(naive.inside));
  CHECK(label.truncation ==
        static_cast<double>(naive.amodal - naive.inside) / static_cast<double>(naive.amodal));
}

/// Area of the rectangle around a mask at `angle`, from all its corners.
double area_at(const Image<std::uint8_t>& mask, double angle, const OrientedBox* inside = nullptr) {
  constexpr double far = std::numeric_limits<double>::infinity();
  const glm::dvec2 along(std::cos(angle), std::sin(angle));
  const glm::dvec2 across(-along.y, along.x);
  glm::dvec2 low(far);
  glm::dvec2 high(-far);
  for (int y = 0; y <= mask.height; ++y) {
    for (int x = 0; x <= mask.width; ++x) {
      bool corner = false;
      for (const int dy : {-1, 0}) {
        for (const int dx : {-1, 0}) {
          const int px = x + dx;
          const int py = y + dy;
          corner = corner || (px >= 0 && py >= 0 && px < mask.width && py < mask.height &&
                              mask.at(px, py) != 0);
        }
      }
      if (!corner) continue;
      const glm::dvec2 at(glm::dot(glm::dvec2(x, y), along), glm::dot(glm::dvec2(x, y), across));
      low = glm::min(low, at);
      high = glm::max(high, at);
    }
  }
  if (inside != nullptr) {
    const glm::dvec2 center((low + high) * 0.5);
    CHECK(glm::distance(center.x * along + center.y * across, inside->center) < 1e-9);
    CHECK(glm::distance(high - low, inside->size) < 1e-9);
  }
  return (high.x - low.x) * (high.y - low.y);
}

}  // namespace

TEST_SUITE("annotate") {
  TEST_CASE("labels of crowded, cut and covered instances equal a pixel-by-pixel count") {
    std::size_t hidden = 0;
    std::size_t outside = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      CAPTURE(seed);
      const RandomFrame random(seed, 33 + static_cast<int>(seed % 50),
                               20 + static_cast<int>(seed % 37),
                               1 + static_cast<std::uint32_t>(seed * 7 % 70), 12);
      const Annotations labels = annotate(random.frame, {&random.model, 1});
      check_invariants(random.frame, labels);
      CHECK(labels.instances.size() + labels.dropped.size() == random.shot.scene.objects.size());
      for (const InstanceLabel& label : labels.instances) {
        check_label(label, Naive(random, label.id - 1));
        CHECK(label.class_id == random.shot.scene.objects[label.id - 1].class_id);
      }
      for (const auto& dropped : labels.dropped) {
        const Naive naive(random, dropped.id - 1);
        CHECK(naive.visible == 0);
        if (naive.amodal > 0) CHECK(dropped.rule == (naive.inside > 0 ? "hidden" : "outside"));
        hidden += dropped.rule == "hidden";
        outside += dropped.rule == "outside";
      }
    }
    CHECK(hidden > 0);
    CHECK(outside > 0);
  }

  TEST_CASE("without amodal bits the amodal mask is the visible one") {
    RandomFrame random(3, 80, 60, 5, 20);
    random.frame.amodal = {};
    const Annotations labels = annotate(random.frame, {&random.model, 1});
    check_invariants(random.frame, labels);
    REQUIRE(!labels.instances.empty());
    for (const InstanceLabel& label : labels.instances) {
      CHECK(label.amodal == label.visible);
      CHECK(label.amodal_box == label.visible_box);
      CHECK(label.visible_fraction == 1);
      CHECK(label.occlusion == 0);
      CHECK(label.occluders.empty());
    }
  }

  TEST_CASE("no rectangle at any angle is smaller than the oriented box") {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      CAPTURE(seed);
      const RandomFrame random(seed, 60, 50, 3, 25);
      const Annotations labels = annotate(random.frame, {&random.model, 1});
      for (const InstanceLabel& label : labels.instances) {
        const OrientedBox& box = label.oriented_box;
        CHECK(box.angle >= 0);
        CHECK(box.angle < std::numbers::pi / 2);
        const Image<std::uint8_t> mask = mask_from_rle(label.visible);
        const double area = area_at(mask, box.angle, &box);
        for (int step = 0; step < 180; ++step) {
          CHECK(area <= area_at(mask, step * std::numbers::pi / 360) + 1e-9);
        }
      }
    }
  }

  TEST_CASE(
      "an instance that no pixel shows is dropped as outside the image, too small, or facing "
      "away") {
    Shot shot;
    shot.view.intrinsics = intrinsics_from_fov(32, 24, 1.0);
    shot.scene.objects.resize(4);
    shot.scene.objects[0].world_from_object.translation = {0, 0, 5};
    shot.scene.objects[1].world_from_object.translation = {50, 0, 5};
    shot.scene.objects[2].world_from_object.translation = {0, 0, -5};
    shot.scene.objects[3].model = 1;
    shot.scene.objects[3].world_from_object.translation = {0, 0, 5};
    const Image<std::uint16_t> id(32, 24);
    const std::vector<std::uint32_t> bits(32 * 24);
    Frame frame;
    frame.shot = &shot;
    frame.id = id;
    std::array<Model, 2> models;
    models[1].bounds = {glm::vec3(-1), glm::vec3(1)};
    for (const bool amodal : {false, true}) {
      if (amodal) frame.amodal = {32, 24, 0, 0, bits};
      const Annotations labels = annotate(frame, models);
      REQUIRE(labels.dropped.size() == 4);
      CHECK(labels.dropped[0].rule == "subpixel");
      CHECK(labels.dropped[1].rule == "outside");
      CHECK(labels.dropped[2].rule == "outside");
      CHECK(labels.dropped[3].rule == "facing_away");
      check_invariants(frame, labels);
    }
  }

  TEST_CASE("the pose is the object's in the camera frame") {
    RandomFrame random(1, 40, 30, 2, 20);
    random.shot.view.camera_from_world = camera_from_world_looking_at({1, 2, 3}, {0, 0, 0.2}, 0.3);
    const Annotations labels = annotate(random.frame, {&random.model, 1});
    REQUIRE(!labels.instances.empty());
    const InstanceLabel& label = labels.instances[0];
    const glm::dvec3 x(0.1, -0.2, 0.3);
    const Pose& world_from_object = random.shot.scene.objects[label.id - 1].world_from_object;
    CHECK(glm::distance(label.camera_from_object(x),
                        random.shot.view.camera_from_world(world_from_object(x))) < 1e-12);
  }

  TEST_CASE("an id without an object is our bug, not a label") {
    RandomFrame random(1, 40, 30, 2, 20);
    random.id.at(3, 3) = 9;
    CHECK_THROWS_AS(annotate(random.frame, {&random.model, 1}), Error);
  }

  TEST_CASE("the invariants notice every tampered number") {
    const RandomFrame random(5, 80, 60, 12, 25);
    const Annotations sound = annotate(random.frame, {&random.model, 1});
    const auto covered = std::find_if(sound.instances.begin(), sound.instances.end(),
                                      [](const auto& l) { return !l.occluders.empty(); });
    REQUIRE(covered != sound.instances.end());
    const auto at = static_cast<std::size_t>(covered - sound.instances.begin());
    const std::vector<std::function<void(InstanceLabel&)>> tampers = {
        [](auto& l) { ++l.visible_area; },
        [](auto& l) { --l.amodal_area; },
        [](auto& l) { ++l.amodal_inside_area; },
        [](auto& l) { ++l.visible_box.x0; },
        [](auto& l) { ++l.visible_box.y1; },
        [](auto& l) { --l.amodal_box.x1, l.amodal_box.x0 += 5; },
        [](auto& l) { l.visible = l.amodal; },
        [](auto& l) { std::swap(l.amodal, l.visible); },
        [](auto& l) { ++l.occluders[0].area; },
        [](auto& l) { l.occluders.pop_back(); },
        [](auto& l) { l.visible_fraction += 1e-6; },
        [](auto& l) { l.truncation += 1e-6; },
        [](auto& l) { l.occlusion += 1e-6; },
        [](auto& l) { ++l.class_id; },
        [](auto& l) { l.id = 0; },
        [](auto& l) { l.id = 13; },
    };
    for (std::size_t i = 0; i < tampers.size(); ++i) {
      CAPTURE(i);
      Annotations labels = sound;
      tampers[i](labels.instances[at]);
      CHECK_THROWS_AS(check_invariants(random.frame, labels), Error);
    }
    Annotations lost = sound;
    lost.instances.erase(lost.instances.begin() + static_cast<std::ptrdiff_t>(at));
    CHECK_THROWS_AS(check_invariants(random.frame, lost), Error);
    lost.dropped.push_back({covered->id, covered->class_id, "hidden"});
    CHECK_THROWS_AS(check_invariants(random.frame, lost), Error);
  }
}
