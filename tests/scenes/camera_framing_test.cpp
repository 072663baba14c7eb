#include "scenes/camera_framing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "scenes/turntable_camera.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

CameraAim aim_at(const Intrinsics& intrinsics, const glm::dvec3& target) {
  CameraAim aim;
  aim.target = target;
  aim.direction = glm::normalize(glm::dvec3(0.5, -0.3, 0.7));
  aim.pixel = {intrinsics.cx, intrinsics.cy};
  return aim;
}

}  // namespace

TEST_SUITE("camera framing") {
  const Intrinsics kIntrinsics = intrinsics_from_fov(640, 480, 0.9);

  TEST_CASE("the distance for an area is that of a sphere's tangent cone") {
    const Model ball = sphere(0.05F, 96);
    const Object object = object_at(0, {0.3, 0.2, 0.05});
    const std::vector<glm::dvec3> points = outline_points(object, ball);
    CHECK(points.size() < 1000);
    for (const double share : {0.001, 0.01, 0.1, 0.3}) {
      CAPTURE(share);
      const CameraAim aim = aim_at(kIntrinsics, object.world_from_object.translation);
      const double area = share * 640 * 480;
      const double found = distance_for_area(kIntrinsics, aim, points, area);
      // A sphere in the middle of the image is a disc of radius f r / sqrt(d² - r²).
      const double radius_px = std::sqrt(area / std::numbers::pi);
      const double wanted = 0.05 * std::sqrt(1 + std::pow(kIntrinsics.fx / radius_px, 2));
      CHECK(found == doctest::Approx(wanted).epsilon(0.02));
    }
  }

  TEST_CASE("what is to stay inside the image does, wherever the camera was aimed") {
    const Model box = cube(0.1F);
    const Object object = object_at(0, {0, 0, 0.05});
    const std::vector<glm::dvec3> points = outline_points(object, box);
    for (const double x : {-900.0, -20.0, 320.0, 700.0}) {
      for (const double distance : {0.15, 0.5, 3.0}) {
        CAPTURE(x);
        CAPTURE(distance);
        CameraAim aim = aim_at(kIntrinsics, {0, 0, 0.05});
        aim.pixel.x = x;
        aim.distance = distance;
        const auto shown = projected_box(
            aimed_view(kIntrinsics, kept_inside(kIntrinsics, aim, points, 24)), points);
        REQUIRE(shown);
        CHECK(shown->low.x >= 23.9);
        CHECK(shown->low.y >= 23.9);
        CHECK(shown->high.x <= 640 - 23.9);
        CHECK(shown->high.y <= 480 - 23.9);
      }
    }
  }

  TEST_CASE("the target appears where it is aimed, seen from the distance asked for") {
    CameraAim aim = aim_at(kIntrinsics, {0.1, 0.2, 0.3});
    aim.pixel = {100, 400};
    aim.distance = 0.7;
    aim.roll = 0.4;
    const View view = aimed_view(kIntrinsics, aim);
    const auto pixel = project(kIntrinsics, view.camera_from_world(aim.target));
    REQUIRE(pixel);
    CHECK(glm::distance(*pixel, aim.pixel) < 1e-9);
    CHECK(glm::distance(inverse(view.camera_from_world).translation, aim.target) ==
          doctest::Approx(0.7));
  }

  TEST_CASE("no eye stays below the surface or in a thing, and a free one stays where it is") {
    const std::vector<Model> models{cube(0.1F)};
    Scene scene;
    scene.objects = {object_at(0, {0, 0, 0.05})};
    Prop surface;
    surface.model = 0;
    surface.stuff = Stuff::surface;
    scene.props = {surface, Prop{0, {glm::dmat3(1), 1, {0.3, 0, 0.05}}}};
    CameraAim inside = aim_at(kIntrinsics, {0, 0, 0.05});
    inside.distance = 0.02;
    CameraAim below = inside;
    below.direction = glm::normalize(glm::dvec3(1, 0, -0.5));
    below.distance = 0.33;  // where it also meets the distractor
    for (const CameraAim& aim : {inside, below}) {
      const CameraAim free = kept_free(aim, scene, models);
      const glm::dvec3 eye = free.target + free.distance * free.direction;
      CHECK(eye.z >= 0.0199);
      for (const double x : {0.0, 0.3}) {
        const glm::dvec3 off = glm::abs(eye - glm::dvec3(x, 0, 0.05));
        CHECK(std::max({off.x, off.y, off.z}) > 0.05);
      }
    }
    CameraAim far = aim_at(kIntrinsics, {0, 0, 0.05});
    const CameraAim still = kept_free(far, scene, models);
    CHECK(still.distance == far.distance);
    CHECK(still.direction == far.direction);
  }
}
