#include <doctest/doctest.h>

#include <cmath>
#include <glm/gtc/constants.hpp>

#include "tests/support/picture.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

/// A plane seen from above, 15 mm a pixel, under a sun that shines straight down; a cube of one
/// metre hangs in its way, before the camera too.
struct Table {
  Assets assets;
  Shot shot;

  explicit Table(double radius) {
    assets.models.push_back(cube(1));
    assets.models.push_back(sphere(0.1F, 16));
    assets.skies.push_back(uniform_sky(glm::vec3(0.1F)));
    View view;
    view.intrinsics = intrinsics_from_fov(200, 200, 2 * std::atan(0.5));  // 3 m across
    view.camera_from_world = camera_from_world_looking_at({0, 0, 3}, {0, 0, 0});
    shot = shot_of(view, {object_at(1, {1.2, 1.2, 0.1})});
    shot.scene.ground.kind = GroundKind::plane;
    Light sun;
    sun.color = glm::vec3(1.5F);
    sun.radius = radius;
    sun.gobo = Gobo{0, {glm::dmat3(1.0), 1.0, {0, 0, 5}}, 1.5};
    shot.scene.lights = {sun};
  }
};

RenderSettings shadowed() {
  RenderSettings settings = plain_settings();
  settings.shadows = true;
  return settings;
}

/// Green radiance at (x, 0) on the plane, averaged over a short stretch along y.
double radiance_along(const Picture& shown, double x) {
  double sum = 0;
  int count = 0;
  const int column = static_cast<int>(std::lround(100 + x * 200 / 3 - 0.5));
  for (int row = 90; row < 110; ++row, ++count) sum += radiance_of(shown.color.at(column, row)).g;
  return sum / count;
}

}  // namespace

TEST_SUITE("gobos") {
  TEST_CASE("a gobo shades what its outline covers, and its edge is as soft as the sun is wide") {
    for (const double radius : {0.005, 0.04}) {
      const Table table(radius);
      Shot bare = table.shot;
      bare.scene.lights[0].gobo.reset();
      Shot dark = bare;
      dark.scene.lights.clear();
      const Picture shown = picture(table.assets, table.shot, shadowed());
      const Picture lit = picture(table.assets, bare, shadowed());
      const Picture ambient = picture(table.assets, dark, shadowed());
      CHECK(radiance_along(shown, 0) == doctest::Approx(radiance_along(ambient, 0)).epsilon(0.03));
      CHECK(radiance_along(shown, 1) == doctest::Approx(radiance_along(lit, 1)).epsilon(0.03));
      // A disc of the sun's size, five metres on, behind a straight edge: the share of it that is
      // seen from beside the edge.
      const double wide = 5 * radius;
      for (const double aside : {-0.6, 0.0, 0.6}) {
        const double x = 0.5 + aside * wide;
        const double seen =
            0.5 + (aside * std::sqrt(1 - aside * aside) + std::asin(aside)) / glm::pi<double>();
        const double full = radiance_along(lit, x) - radiance_along(ambient, x);
        const double found = (radiance_along(shown, x) - radiance_along(ambient, x)) / full;
        // A pixel is 15 mm wide, as much as half of the sharper edge.
        if (radius > 0.01) CHECK(found == doctest::Approx(seen).epsilon(0.12));
        if (radius < 0.01) CHECK(std::abs(found - seen) < 0.35);
      }
    }
  }

  TEST_CASE("a gobo is in no label and stands before no other light") {
    const Table table(0.01);
    Shot bare = table.shot;
    bare.scene.lights[0].gobo.reset();
    const Picture with = picture(table.assets, table.shot, shadowed());
    const Picture without = picture(table.assets, bare, shadowed());
    CHECK((with.id.pixels == without.id.pixels));
    CHECK((with.depth.pixels == without.depth.pixels));
    CHECK((with.amodal_bits == without.amodal_bits));
    Shot second = table.shot;
    Light lamp;
    lamp.kind = LightKind::area;
    lamp.position = {0, 0, 2.5};
    second.scene.lights = {table.shot.scene.lights[0], lamp};
    Shot alone = second;
    alone.scene.lights = {lamp};
    const double both = radiance_along(picture(table.assets, second, shadowed()), 0);
    const double lamp_only = radiance_along(picture(table.assets, alone, shadowed()), 0);
    CHECK(both == doctest::Approx(lamp_only).epsilon(0.03));
  }

  TEST_CASE("views whose lights need all shadow maps look in a row as they do alone") {
    Table table(0.01);
    std::vector<Shot> shots;
    for (int i = 0; i < 6; ++i) {
      Shot shot = table.shot;
      shot.scene.lights.clear();
      for (int k = 0; k < 12; ++k) {
        Light sun = table.shot.scene.lights[0];
        const double angle = 0.5 * k + 0.1 * i;
        sun.direction = glm::normalize(glm::dvec3(std::cos(angle), std::sin(angle), -1));
        sun.color = glm::vec3(0.1F + 0.01F * static_cast<float>(i));
        if (k % 2 != i % 2) sun.gobo.reset();
        shot.scene.lights.push_back(sun);
      }
      shots.push_back(shot);
    }
    const std::vector<Picture> together = pictures(table.assets, shots, shadowed());
    REQUIRE(together.size() == shots.size());
    for (std::size_t i = 0; i < shots.size(); ++i) {
      const Picture alone = picture(table.assets, shots[i], shadowed());
      CHECK((together[i].color.pixels == alone.color.pixels));
    }
    CHECK_FALSE((together[0].color.pixels == together[1].color.pixels));
  }
}
