#include "renderer/labels/keypoints.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "scenes/random.hpp"
#include "tests/labels/plane_frame.hpp"

using namespace orrery;
using namespace orrery::testing;

namespace {

/// Labels of points given in the camera's frame, for instance 1.
std::vector<KeypointState> states(PlaneFrame& plane, const std::vector<glm::dvec3>& points,
                                  bool inside = false) {
  Model model;
  model.bounds = {glm::vec3(-0.1F), glm::vec3(0.1F)};
  for (std::size_t i = 0; i < points.size(); ++i) {
    model.keypoints.points.push_back({std::to_string(i), points[i], inside});
  }
  plane.shot.scene.objects.resize(1);
  std::vector<KeypointState> found;
  for (const KeypointLabel& label : keypoint_labels(plane.frame, 1, model)) {
    found.push_back(label.state);
  }
  return found;
}

const View kKeypointView{intrinsics_from_fov(160, 120, 1.0), {}, 0.01};

}  // namespace

TEST_SUITE("keypoints in a frame") {
  TEST_CASE("no point of a surface is hidden by it, however slanted, up to its very corners") {
    for (const double slope : {0.0, 1.0, 5.0, 20.0, 60.0}) {
      CAPTURE(slope);
      // All of it is at least 0.3 m away, and in the image.
      const double half = std::min(0.1, 0.2 / std::max(slope, 1.0));
      PlaneFrame plane(kKeypointView, {{1, slanted(0.5, slope, half)}, {0, slanted(1.5, 0, 9)}});
      Rng rng(1, 0, "points");
      std::vector<glm::dvec3> points;
      for (int i = 0; i < 200; ++i) {
        const double x = rng.uniform(-half, half);
        points.emplace_back(x, rng.uniform(-half, half), 0.5 + slope * x);
      }
      for (const double x : {-half, half}) {
        for (const double y : {-half, half}) points.emplace_back(x, y, 0.5 + slope * x);
      }
      for (const KeypointState state : states(plane, points)) {
        CHECK(state == KeypointState::visible);
      }
    }
  }

  TEST_CASE("a point behind its own surface, another's, or beyond the image is what it is") {
    // Instance 1 fills the image at 1 m; instance 2 stands before its right half.
    PlaneFrame plane(
        kKeypointView,
        {{1, slanted(1, 0, 9)}, {2, [](const glm::dvec3& ray) { return ray.x > 0 ? 0.5 : 0.0; }}});
    plane.shot.scene.objects.resize(2);
    const std::vector<glm::dvec3> points{{-0.2, 0, 1},   {-0.2, 0, 1.05}, {0.2, 0, 1},
                                         {0.2, 0, 1.05}, {-0.2, 0, 0.9},  {0.1, 0, 0.45},
                                         {-3, 0, 1},     {0.1, 0, -1}};
    using S = KeypointState;
    CHECK(states(plane, points) == std::vector{S::visible, S::hidden_by_itself,
                                               S::hidden_by_another, S::hidden_by_another,
                                               S::visible, S::visible, S::outside, S::outside});
    CHECK(states(plane, points, true) == std::vector{S::visible, S::visible, S::hidden_by_another,
                                                     S::hidden_by_another, S::visible, S::visible,
                                                     S::outside, S::outside});
  }

  TEST_CASE("the tolerance is 0.2 % of the model's diagonal and 1e-4 of the depth") {
    PlaneFrame plane(kKeypointView, {{1, slanted(1, 0, 9)}});
    const double tolerance = 0.002 * std::sqrt(12.0) * 0.1 + 1e-4;
    const std::vector<KeypointState> found =
        states(plane, {{0.1, 0.1, 1 + 0.98 * tolerance}, {0.1, 0.1, 1 + 1.02 * tolerance}});
    CHECK(found[0] == KeypointState::visible);
    CHECK(found[1] == KeypointState::hidden_by_itself);
  }
}
