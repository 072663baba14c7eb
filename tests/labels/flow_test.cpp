#include "renderer/labels/flow.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/labels/plane_frame.hpp"

using namespace orrery;
using namespace orrery::testing;

namespace {

const View kFlowView{intrinsics_from_fov(160, 120, 1.0), {}, 0.01};

/// The camera has moved by `by` along its own axes.
View moved(const glm::dvec3& by) {
  View next = kFlowView;
  next.camera_from_world.translation = -by;
  return next;
}

double off(const Flow& flow, int x, int y, const glm::dvec2& wanted) {
  return glm::distance(glm::dvec2(flow.pixels.at(x, y)), wanted);
}

}  // namespace

TEST_SUITE("flow") {
  TEST_CASE("a step aside moves a wall by f t / z, and a step ahead expands it from the middle") {
    const PlaneFrame wall(kFlowView, {{0, slanted(2, 0, 9)}});
    const Flow aside = flow_to(wall.frame, moved({0.02, 0, 0}), wall.depth);
    const Flow ahead = flow_to(wall.frame, moved({0, 0, 0.1}), wall.depth);
    for (int y = 0; y < 120; y += 7) {
      for (int x = 0; x < 160; x += 7) {
        CHECK(aside.known.at(x, y) == 1);
        CHECK(off(aside, x, y, {-kFlowView.intrinsics.fx * 0.02 / 2, 0}) < 1e-5);
        const glm::dvec2 from_middle(x + 0.5 - 80, y + 0.5 - 60);
        CHECK(off(ahead, x, y, from_middle * (2 / 1.9 - 1)) < 1e-4);
      }
    }
  }

  TEST_CASE("the sky moves as the camera turns, and not as it steps; a plain background never") {
    PlaneFrame sky(kFlowView, {});
    View turned = moved({5, 0, 0});
    turned.camera_from_world.rotation = glm::dmat3(0, 1, 0, -1, 0, 0, 0, 0, 1);  // x to y
    const Flow flow = flow_to(sky.frame, turned, sky.depth);
    // (x, y) from the middle goes to (-y, x).
    CHECK(off(flow, 90, 70, glm::dvec2(80 - 10.5, 60 + 10.5) - glm::dvec2(90.5, 70.5)) < 1e-4);
    CHECK(flow.hidden.at(90, 70) == 0);
    CHECK(off(flow_to(sky.frame, moved({5, 0, 0}), sky.depth), 90, 70, {0, 0}) < 1e-6);
    sky.shot.scene.background.kind = BackgroundKind::color;
    CHECK(flow_to(sky.frame, turned, sky.depth).known.at(90, 70) == 0);
  }

  TEST_CASE("what a thing in front comes to cover is hidden next, and so is what leaves") {
    // A strip at 1 m before a wall at 2 m. The camera steps to the left: the strip moves to the
    // right by f t and the wall by half of it.
    const double step = 8 / kFlowView.intrinsics.fx;
    const auto strip = [](double from, double to) {
      return [=](const glm::dvec3& ray) { return ray.x > from && ray.x < to ? 1.0 : 0.0; };
    };
    const PlaneFrame now(kFlowView, {{1, strip(0, 0.1)}, {0, slanted(2, 0, 9)}});
    const PlaneFrame next(kFlowView, {{1, strip(step, 0.1 + step)}, {0, slanted(2, 0, 9)}});
    const Flow flow = flow_to(now.frame, moved({-step, 0, 0}), next.depth);
    const int right = 80 + static_cast<int>(std::ceil(0.1 * kFlowView.intrinsics.fx));
    int hidden = 0;
    for (int x = 0; x < 150; ++x) hidden += flow.hidden.at(x, 50);
    CHECK(std::abs(hidden - 4) <= 1);  // 8 - 4 pixels of the wall, to the right of the strip
    for (int x = right + 1; x < right + 3; ++x) CHECK(flow.hidden.at(x, 50) == 1);
    CHECK(flow.hidden.at(85, 50) == 0);
    for (int x = 156; x < 160; ++x) CHECK(flow.hidden.at(x, 50) == 1);
  }
}
