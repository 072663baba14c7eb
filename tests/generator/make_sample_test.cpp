#include "generator/make_sample.hpp"

#include <doctest/doctest.h>

using namespace orrery;

namespace {

/// A thing 2 metres ahead.
Shot shot_of_one() {
  Shot shot;
  shot.view.intrinsics = intrinsics_from_fov(640, 480, 1);
  shot.scene.objects.push_back({0, 0, Pose{glm::dmat3(1.0), 1.0, {0, 0, 2}}});
  return shot;
}

InstanceLabel label_with(double visible_fraction, int shorter_side) {
  InstanceLabel label;
  label.id = 1;
  label.visible_fraction = visible_fraction;
  label.visible_box = {100, 100, 180, 100 + shorter_side};
  return label;
}

}  // namespace

TEST_SUITE("make sample") {
  TEST_CASE("less than a quarter visible is hard through the best of sensors") {
    const Shot shot = shot_of_one();
    CHECK(is_hard(label_with(0.24, 60), shot));
    CHECK_FALSE(is_hard(label_with(0.26, 60), shot));
    CHECK_FALSE(is_hard(label_with(1, 4), shot));
  }

  TEST_CASE("what a shake smears over more than half of its shorter side is hard") {
    Shot shot = shot_of_one();
    shot.sensor.shake = 7;
    CHECK(is_hard(label_with(1, 13), shot));
    CHECK_FALSE(is_hard(label_with(1, 15), shot));
  }
}
