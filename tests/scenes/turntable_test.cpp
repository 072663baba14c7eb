#include "scenes/turntable.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <map>
#include <tuple>

#include "scenes/error.hpp"
#include "scenes/turntable_camera.hpp"
#include "tests/scenes/turntable_shots.hpp"

using namespace orrery;
using namespace orrery::testing;

TEST_SUITE("turntable") {
  TEST_CASE("a shot is the same to the bit whatever was drawn before it") {
    const Shot a = shot_of(spec(), assets(), 5, 77);
    for (const std::uint64_t other : {0U, 400U, 76U}) shot_of(spec(), assets(), 5, other);
    const Shot b = shot_of(spec(), assets(), 5, 77);
    CHECK(same_objects(a, b));
    CHECK(same_lights(a, b));
    CHECK(same_stage(a, b));
    CHECK(same_view(a, b));
    CHECK_FALSE(same_view(a, shot_of(spec(), assets(), 6, 77)));
  }

  TEST_CASE("changing the range of one factor moves only that factor") {
    TurntableSpec stops = spec();
    stops.exposure = {1, 2};
    TurntableSpec sun = spec();
    sun.sun_strength = {5, 6};
    TurntableSpec size = spec();
    size.apparent_size = {0.1, 0.2};
    TurntableSpec ground = spec();
    ground.ground_radius = {7, 9};
    for (std::uint64_t i = 0; i < 40; ++i) {
      const Shot plain = shot_of(spec(), assets(), 1, i);
      Shot brighter = shot_of(stops, assets(), 1, i);
      CHECK(brighter.scene.exposure > plain.scene.exposure);
      brighter.scene.exposure = plain.scene.exposure;
      CHECK((same_objects(plain, brighter) && same_lights(plain, brighter) &&
             same_stage(plain, brighter) && same_view(plain, brighter)));
      Shot sunnier = shot_of(sun, assets(), 1, i);
      CHECK(sunnier.scene.lights[0].color != plain.scene.lights[0].color);
      for (std::size_t k = 0; k < plain.scene.lights.size(); ++k) {
        sunnier.scene.lights[k].color = plain.scene.lights[k].color;
      }
      CHECK((same_objects(plain, sunnier) && same_lights(plain, sunnier) &&
             same_stage(plain, sunnier) && same_view(plain, sunnier)));
      const Shot smaller = shot_of(size, assets(), 1, i);
      CHECK(glm::length(eye(smaller)) > glm::length(eye(plain)));
      CHECK((same_objects(plain, smaller) && same_lights(plain, smaller) &&
             same_stage(plain, smaller)));
      Shot wider = shot_of(ground, assets(), 1, i);
      CHECK(wider.scene.ground.radius > plain.scene.ground.radius);
      wider.scene.ground.radius = plain.scene.ground.radius;
      CHECK((same_objects(plain, wider) && same_lights(plain, wider) && same_stage(plain, wider) &&
             same_view(plain, wider)));
    }
  }

  TEST_CASE("any prefix of indices visits every value of every factor equally often") {
    for (const std::uint32_t models : {1U, 2U, 3U, 5U, 10U}) {
      CAPTURE(models);
      const TurntableSpec s = spec();
      std::vector<std::uint64_t> model(models), elevation(4), azimuth(36), side(4), rig(8);
      for (std::uint64_t i = 0; i < 3000; ++i) {
        const TurntableStep step = turntable_step(s, models, {3, i, {}});
        ++model[step.model];
        ++elevation[step.elevation];
        ++azimuth[step.azimuth];
        ++side[step.side];
        ++rig[step.rig];
        for (const auto* counts : {&model, &elevation, &azimuth, &side, &rig}) {
          const auto [least, most] = std::minmax_element(counts->begin(), counts->end());
          CHECK_UNARY(*most - *least <= 1);
        }
      }
    }
  }

  TEST_CASE("one run of all combinations visits each exactly once, and so does the next") {
    for (const std::uint32_t models : {1U, 2U, 3U, 4U, 5U, 6U, 9U, 10U, 36U}) {
      CAPTURE(models);
      const TurntableSpec s = spec();
      const std::uint64_t all = std::uint64_t{models} * 4 * 36 * 4;
      for (std::uint64_t run = 0; run < 2; ++run) {
        std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, int> seen;
        for (std::uint64_t i = run * all; i < (run + 1) * all; ++i) {
          const TurntableStep t = turntable_step(s, models, {3, i, {}});
          ++seen[{t.model, t.elevation, t.azimuth, t.side}];
        }
        CHECK(seen.size() == all);
      }
    }
  }

  TEST_CASE("a few hundred images show every model at every elevation, on every side") {
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> elevations;
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> sides;
    for (std::uint64_t i = 0; i < 200; ++i) {
      const TurntableStep t = turntable_step(spec(), 4, {11, i, {}});
      ++elevations[{t.model, t.elevation}];
      ++sides[{t.model, t.side}];
    }
    CHECK(elevations.size() == 16);
    CHECK(sides.size() == 16);
  }

  TEST_CASE("the box's longer side is the apparent size asked for, within 2 %") {
    TurntableSpec s = spec();
    s.truncated = 0;
    for (const double size : {0.05, 0.3, 0.8}) {
      s.apparent_size = {size, size};
      for (std::uint64_t i = 0; i < 60; ++i) {
        const Shot shot = shot_of(s, assets(), 2, i);
        const auto box = projected_box(shot.view, world_points(shot, 0));
        REQUIRE(box.has_value());
        const glm::dvec2 side = box->high - box->low;
        CAPTURE(i);
        CHECK(std::max(side.x, side.y) == doctest::Approx(size * 480).epsilon(0.02));
        CHECK(std::min(box->low.x, box->low.y) > -2);
        CHECK(box->high.x < 642);
        CHECK(box->high.y < 482);
      }
    }
  }

  TEST_CASE("a distance asked for is the camera's distance from the object's centre") {
    TurntableSpec s = spec();
    s.distance = {0.7, 0.9};
    s.models_per_image = {1, 1};
    for (std::uint64_t i = 0; i < 40; ++i) {
      const Shot shot = shot_of(s, assets(), 3, i);
      const Object& object = shot.scene.objects[0];
      const Box3& box = assets().models[object.model].bounds;
      const glm::dvec3 center = object.world_from_object(glm::dvec3(0.5F * (box.low + box.high)));
      const double distance = glm::length(shot.view.camera_from_world(center));
      CHECK(distance >= 0.7);
      CHECK(distance <= 0.9);
    }
  }

  TEST_CASE("a truncated object leaves the image by the fraction asked for") {
    TurntableSpec s = spec();
    s.truncated = 1;
    s.truncation = {0.25, 0.25};
    for (std::uint64_t i = 0; i < 40; ++i) {
      const Shot shot = shot_of(s, assets(), 2, i);
      const auto box = projected_box(shot.view, world_points(shot, 0));
      REQUIRE(box.has_value());
      const glm::dvec2 side = box->high - box->low;
      const glm::dvec2 out = glm::max(-box->low, box->high - glm::dvec2(640, 480)) / side;
      CHECK(std::max(out.x, out.y) == doctest::Approx(0.25).epsilon(0.1));
    }
  }

  TEST_CASE("a tenth of the default images is truncated") {
    int truncated = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const Shot shot = shot_of(spec(), assets(), 4, i);
      const auto box = projected_box(shot.view, world_points(shot, 0));
      if (!box || box->low.x < -2 || box->low.y < -2 || box->high.x > 642 || box->high.y > 482) {
        ++truncated;
      }
    }
    CHECK(truncated > 60);
    CHECK(truncated < 140);
  }

  TEST_CASE("every object stands on the ground on each of its sides") {
    TurntableSpec s = spec();
    s.rest_sides = {RestSide::bottom, RestSide::top,   RestSide::left,
                    RestSide::right,  RestSide::front, RestSide::back};
    s.models_per_image = {1, 4};
    for (std::uint64_t i = 0; i < 60; ++i) {
      const Shot shot = shot_of(s, assets(), 9, i);
      for (std::size_t k = 0; k < shot.scene.objects.size(); ++k) {
        const auto points = world_points(shot, k);
        const auto lowest = std::min_element(
            points.begin(), points.end(), [](const auto& a, const auto& b) { return a.z < b.z; });
        CHECK(std::abs(lowest->z) < 1e-8);
        const glm::dmat3& r = shot.scene.objects[k].world_from_object.rotation;
        CHECK(glm::determinant(r) == doctest::Approx(1));
      }
    }
  }

  TEST_CASE("each rest side is the side that its name says") {
    Model arrow;  // x right, y back, z up: six marked points
    for (const glm::vec3& p :
         {glm::vec3(0, 0, -1), {0, 0, 1}, {-1, 0, 0}, {1, 0, 0}, {0, -1, 0}, {0, 1, 0}}) {
      arrow.vertices.push_back({p, 0, 0, {}, 0});
    }
    arrow.bounds = {glm::vec3(-1), glm::vec3(1)};
    Assets one;
    one.models.push_back(arrow);
    one.skies.resize(1);
    TurntableSpec s = default_turntable();
    for (std::size_t side = 0; side < 6; ++side) {
      s.rest_sides = {static_cast<RestSide>(side)};
      const Pose pose = shot_of(s, one, 0, 0).scene.objects[0].world_from_object;
      CHECK(std::abs(pose(glm::dvec3(arrow.vertices[side].position)).z) < 1e-12);
    }
  }

  TEST_CASE("models side by side keep apart and the first stays in the middle") {
    TurntableSpec s = spec();
    s.models_per_image = {6, 6};
    for (std::uint64_t i = 0; i < 40; ++i) {
      const Shot shot = shot_of(s, assets(), 9, i);
      REQUIRE(shot.scene.objects.size() == 6);
      std::vector<glm::dvec3> centres;
      std::vector<double> radii;
      for (std::size_t k = 0; k < 6; ++k) {
        const Object& o = shot.scene.objects[k];
        const Box3& box = assets().models[o.model].bounds;
        centres.push_back(o.world_from_object(0.5 * (glm::dvec3(box.low) + glm::dvec3(box.high))));
        double radius = 0;
        for (const glm::dvec3& p : world_points(shot, k)) {
          radius = std::max(radius, std::hypot(p.x - centres[k].x, p.y - centres[k].y));
        }
        radii.push_back(radius);
        for (std::size_t j = 0; j < k; ++j) {
          CHECK(std::hypot(centres[k].x - centres[j].x, centres[k].y - centres[j].y) >
                radii[k] + radii[j]);
        }
      }
      CHECK(std::hypot(centres[0].x, centres[0].y) < 1e-9);
      for (std::size_t k = 0; k < 6; ++k) CHECK(glm::distance(eye(shot), centres[k]) > radii[k]);
    }
  }

  TEST_CASE("the camera is above the ground at the elevation asked for, lights come from above") {
    TurntableSpec s = spec();
    s.elevation_jitter = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
      const Shot shot = shot_of(s, assets(), 8, i);
      const TurntableStep step = turntable_step(s, 3, {8, i, {}});
      const Object& object = shot.scene.objects[0];
      const Box3& box = assets().models[object.model].bounds;
      const glm::dvec3 centre =
          object.world_from_object(0.5 * (glm::dvec3(box.low) + glm::dvec3(box.high)));
      const glm::dvec3 d = glm::normalize(eye(shot) - centre);
      CHECK(eye(shot).z > 0);
      CHECK(glm::degrees(std::asin(d.z)) ==
            doctest::Approx(s.elevations[step.elevation]).epsilon(1e-6));
      REQUIRE(!shot.scene.lights.empty());
      CHECK(shot.scene.lights[0].kind == LightKind::sun);
      CHECK(shot.scene.lights[0].shadow);
      for (const Light& light : shot.scene.lights) {
        CHECK(light.direction.z < 0);
        CHECK(glm::length(light.direction) == doctest::Approx(1));
        CHECK(std::min({light.color.r, light.color.g, light.color.b}) >= 0);
        CHECK(light.inner_angle < light.outer_angle);
      }
      const glm::dvec3 key = -shot.scene.lights[0].direction;
      CHECK(std::asin(key.z) > glm::radians(24.9));
      CHECK(std::asin(key.z) < glm::radians(75.1));
    }
  }

  TEST_CASE("the object stands still while the camera goes round it, and a rig is one rig") {
    std::map<std::pair<std::uint32_t, RestSide>, Pose> poses;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<RestSide, Shot>> rigs;
    const TurntableSpec s = spec();
    for (std::uint64_t i = 0; i < 400; ++i) {
      const TurntableStep step = turntable_step(s, 3, {8, i, {}});
      const RestSide side = s.rest_sides[step.side];
      const Shot shot = shot_of(s, assets(), 8, i);
      const Pose& pose = shot.scene.objects[0].world_from_object;
      const auto known = poses.try_emplace({step.model, side}, pose).first;
      CHECK(same(known->second, pose));
      const auto rig = rigs.try_emplace({step.model, step.rig}, side, shot).first;
      CHECK(same_lights(rig->second.second, shot));
    }
    CHECK(poses.size() == 6);
    CHECK(rigs.size() == 24);
  }

  TEST_CASE("a spec that does not fit its assets is refused") {
    TurntableSpec s = spec();
    s.elevations.clear();
    CHECK_THROWS_AS(shot_of(s, assets(), 0, 0), Error);
    const auto refused = [](auto change) {
      BoundScene bound = bound_to(spec(), assets());
      change(bound);
      CHECK_THROWS_AS(scene_shot(bound, assets(), 0, 0), Error);
    };
    refused([](BoundScene& b) { b.sets.clear(); });
    refused([](BoundScene& b) { b.sets[0].models[1] = 3; });
    refused([](BoundScene& b) { b.skies = 4; });
    refused([](BoundScene& b) { b.photos = 3; });
    refused([](BoundScene& b) {
      b.photos = 0;
      b.spec.turntable->backgrounds = {BackgroundKind::photo};
    });
  }
}
