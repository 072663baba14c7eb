#include "scenes/camera.hpp"

#include <doctest/doctest.h>

using namespace orrery;

TEST_SUITE("camera") {
  const Intrinsics kCamera = intrinsics_from_fov(640, 480, 1.0);

  TEST_CASE("a point behind the camera does not project") {
    CHECK_FALSE(project(kCamera, {0, 0, -1}).has_value());
    CHECK_FALSE(project(kCamera, {1, 1, 0}).has_value());
  }

  TEST_CASE("unproject undoes project") {
    const glm::dvec3 p(0.3, -0.2, 1.7);
    const auto pixel = project(kCamera, p);
    REQUIRE(pixel.has_value());
    CHECK(glm::length(unproject(kCamera, *pixel, p.z) - p) < 1e-12);
  }

  TEST_CASE("the target of a look-at lies in the image's centre with the world's up pointing up") {
    const glm::dvec3 eye(2, -3, 1.5);
    const glm::dvec3 target(0.1, 0.2, 0.3);
    const Pose camera_from_world = camera_from_world_looking_at(eye, target);
    CHECK(glm::length(camera_from_world(eye)) < 1e-12);
    const auto centre = project(kCamera, camera_from_world(target));
    const auto above = project(kCamera, camera_from_world(target + glm::dvec3(0, 0, 0.1)));
    REQUIRE(centre.has_value());
    REQUIRE(above.has_value());
    CHECK(glm::length(*centre - glm::dvec2(320, 240)) < 1e-9);
    CHECK(above->y < 240);  // y points down
    CHECK(std::abs(above->x - 320) < 1e-9);
    CHECK(std::abs(glm::determinant(camera_from_world.rotation) - 1) < 1e-12);
  }

  TEST_CASE("a pose composed with its inverse is the identity") {
    const Pose a{
        glm::dmat3(camera_from_world_looking_at({1, 2, 3}, {0, 0, 0}).rotation), 2.5, {1, -2, 3}};
    const glm::dvec3 x(0.2, 0.4, -0.7);
    const Pose identity = inverse(a) * a;
    CHECK(glm::length(identity(x) - x) < 1e-12);
    CHECK(glm::length(glm::dvec3(matrix(a) * glm::dvec4(x, 1)) - a(x)) < 1e-12);
  }
}
