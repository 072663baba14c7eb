#include "scenes/scene_sampler.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "scenes/made_model.hpp"
#include "scenes/scene_file.hpp"
#include "tests/scenes/falling_table.hpp"

using namespace orrery;

namespace {

bool same_pose(const Pose& a, const Pose& b) {
  return a.rotation == b.rotation && a.scale == b.scale && a.translation == b.translation;
}

bool same_things(const Shot& a, const Shot& b) {
  return std::equal(a.scene.objects.begin(), a.scene.objects.end(), b.scene.objects.begin(),
                    b.scene.objects.end(), [](const Object& x, const Object& y) {
                      return x.model == y.model && x.class_id == y.class_id &&
                             same_pose(x.world_from_object, y.world_from_object);
                    });
}

bool same_light(const Shot& a, const Shot& b) {
  return std::equal(a.scene.lights.begin(), a.scene.lights.end(), b.scene.lights.begin(),
                    b.scene.lights.end(), [](const Light& x, const Light& y) {
                      return x.color == y.color && x.direction == y.direction &&
                             x.position == y.position && x.radius == y.radius;
                    });
}

/// Of everything: objects, then props; the table among them.
std::vector<Look> looks(const Shot& shot) {
  std::vector<Look> all;
  for (const Object& object : shot.scene.objects) all.push_back(object.look);
  for (const Prop& prop : shot.scene.props) all.push_back(prop.look);
  return all;
}

}  // namespace

TEST_SUITE("scene sampler") {
  TEST_CASE("a shot is a pure function of its seed and index") {
    const Table table;
    for (const std::uint64_t index : {0U, 7U}) {
      const Shot a = scene_shot(table.scene, table.assets, 5, index);
      const Shot b = scene_shot(table.scene, table.assets, 5, index);
      CHECK(same_things(a, b));
      CHECK(same_light(a, b));
      CHECK(same_pose(a.view.camera_from_world, b.view.camera_from_world));
      CHECK(a.sensor == b.sensor);
      CHECK_FALSE(same_things(a, scene_shot(table.scene, table.assets, 6, index)));
      CHECK_FALSE(same_things(a, scene_shot(table.scene, table.assets, 5, index + 1)));
    }
  }

  TEST_CASE("varying one factor moves nothing but its own") {
    const Table plain;
    const Shot before = scene_shot(plain.scene, plain.assets, 1, 3);
    const auto varied = [&](const std::string& factor) {
      Table table;
      table.scene.spec.vary = {factor};
      return scene_shot(table.scene, table.assets, 1, 3);
    };
    const Shot lights = varied("lights");
    CHECK(same_things(before, lights));
    CHECK(same_pose(before.view.camera_from_world, lights.view.camera_from_world));
    CHECK(before.sensor == lights.sensor);
    CHECK_FALSE(same_light(before, lights));
    const Shot camera = varied("camera");
    CHECK(same_things(before, camera));
    CHECK(same_light(before, camera));
    CHECK_FALSE(same_pose(before.view.camera_from_world, camera.view.camera_from_world));
    const Shot sensor = varied("sensor");
    CHECK(same_things(before, sensor));
    CHECK(same_light(before, sensor));
    CHECK(same_pose(before.view.camera_from_world, sensor.view.camera_from_world));
    // Factors that this scene does without.
    for (const char* absent : {"room", "backplate"}) {
      const Shot shot = varied(absent);
      CHECK(same_things(before, shot));
      CHECK(same_light(before, shot));
      CHECK(same_pose(before.view.camera_from_world, shot.view.camera_from_world));
    }
    const Shot placement = varied("placement");
    CHECK(same_light(before, placement));
    CHECK_FALSE(same_things(before, placement));
    for (const Shot* other : {&lights, &camera, &sensor}) CHECK(looks(before) == looks(*other));
  }

  TEST_CASE("one factor of the looks switched off leaves all others as they were") {
    const Table plain;
    const auto changed = [&](const std::function<void(ObjectSet&)>& change) {
      Table table;
      change(table.scene.spec.objects[1]);
      return scene_shot(table.scene, table.assets, 1, 3);
    };
    const Shot before = scene_shot(plain.scene, plain.assets, 1, 3);
    const auto same_but = [&](const Shot& other, const std::function<void(Look&)>& forget) {
      std::vector<Look> a = looks(before);
      std::vector<Look> b = looks(other);
      CHECK_FALSE(a == b);
      std::for_each(a.begin(), a.end(), forget);
      std::for_each(b.begin(), b.end(), forget);
      CHECK(a == b);
      CHECK(same_things(before, other));
      CHECK(same_light(before, other));
    };
    same_but(changed([](ObjectSet& set) { set.hue_shift = Distribution::fixed(0); }),
             [](Look& look) { look.hue_turn = 0; });
    same_but(changed([](ObjectSet& set) { set.wear = Distribution::fixed(0); }), [](Look& look) {
      if (look.wear) look.wear->wear = 0;
    });
    same_but(changed([](ObjectSet& set) { set.dirt = Distribution::fixed(0); }), [](Look& look) {
      if (look.wear) look.wear->dirt = 0;
    });
    same_but(changed([](ObjectSet& set) { set.textures.probability = 1; }),
             [](Look& look) { look.picture.reset(); });
    same_but(changed([](ObjectSet& set) {
               set.hue = Distribution::uniform(0, 360);
               set.saturation = Distribution::fixed(0.5);
             }),
             [](Look& look) { look.tint = glm::vec3(1); });
  }

  TEST_CASE("pictures lie under and on things as often as the scene says, at a drawn size") {
    Table table;
    table.scene.spec.objects[0].count = Distribution::fixed(0);  // nothing that falls takes time
    table.scene.spec.surface.image_share = 0.25;
    table.scene.spec.surface.image_size = Distribution::uniform(0.5, 0.8);
    int tables = 0;
    int swapped = 0;
    int boxes = 0;
    for (std::uint64_t index = 0; index < 200; ++index) {
      const Shot shot = scene_shot(table.scene, table.assets, 8, index);
      for (const Prop& prop : shot.scene.props) {
        const auto& picture = prop.look.picture;
        if (!prop.casts_shadow) {
          if (!picture) continue;
          ++tables;
          CHECK(prop.model == *table.scene.plain_surface);
          CHECK(picture->repeats.x > 1 / 0.81F);
          CHECK(picture->repeats.x < 1 / 0.49F);
        } else {
          ++boxes;
          REQUIRE(picture.has_value());  // an image of the set's, if it is no swapped one
          swapped += picture->projected ? 1 : 0;
        }
      }
    }
    CHECK(tables > 30);
    CHECK(tables < 75);
    CHECK(swapped * 100 > boxes * 40);
    CHECK(swapped * 100 < boxes * 60);
  }

  TEST_CASE("images free of targets come at the stated rate, and the others are as they were") {
    Table table;
    table.scene.spec.objects[0].placement = Placement::lie;
    const Table plain = table;
    table.scene.spec.target_free = 0.25;
    int free_of_targets = 0;
    for (std::uint64_t index = 0; index < 120; ++index) {
      const Shot shot = scene_shot(table.scene, table.assets, 11, index);
      if (!shot.scene.objects.empty()) {
        if (index < 12) CHECK(same_things(shot, scene_shot(plain.scene, plain.assets, 11, index)));
        continue;
      }
      ++free_of_targets;
      CHECK(shot.scene.props.size() >= 2);  // the table, and clutter where it found room
    }
    CHECK(free_of_targets > 15);
    CHECK(free_of_targets < 45);
  }

  TEST_CASE("what covers falls nearer to a target than what just falls") {
    const auto mean_gap = [](bool cover) {
      Table table("");
      ObjectSet& clutter = table.scene.spec.objects[1];
      clutter.placement = Placement::drop;
      clutter.cover = cover;
      clutter.size = Distribution::fixed(0.03);
      table.scene.spec.objects[0].count = Distribution::fixed(2);
      table.scene.spec.surface.spread = Distribution::fixed(0.3);
      double sum = 0;
      int count = 0;
      for (std::uint64_t index = 0; index < 12; ++index) {
        const Shot shot = scene_shot(table.scene, table.assets, 21, index);
        for (const Prop& prop : shot.scene.props) {
          if (!prop.casts_shadow || shot.scene.objects.empty()) continue;
          double nearest = 1e9;
          for (const Object& object : shot.scene.objects) {
            nearest = std::min(nearest, glm::distance(object.world_from_object.translation,
                                                      prop.world_from_object.translation));
          }
          sum += nearest;
          ++count;
        }
      }
      REQUIRE(count > 20);
      return sum / count;
    };
    CHECK(mean_gap(true) < 0.5 * mean_gap(false));
  }

  TEST_CASE("a camera in someone's hands and its next move are the camera's factor alone") {
    const std::string handheld =
        "camera: {placement: handheld, apparent_size: {uniform: [0.02, 0.2]}, target: pile,\n"
        "         margin: 0.05, place_x: {choice: [-0.33, 0.33]}}\n"
        "labels: {flow: true}\n";
    const Table plain;
    const Table held(handheld);
    for (std::uint64_t index = 0; index < 3; ++index) {
      const Shot before = scene_shot(held.scene, held.assets, 1, index);
      const Shot dome = scene_shot(plain.scene, plain.assets, 1, index);
      CHECK(same_things(before, dome));
      CHECK(same_light(before, dome));
      CHECK_FALSE(same_pose(before.view.camera_from_world, dome.view.camera_from_world));
      CHECK_FALSE(dome.next_view.has_value());
      REQUIRE(before.next_view);
      for (const char* factor : {"camera", "lights"}) {
        Table table(handheld);
        table.scene.spec.vary = {factor};
        const Shot varied = scene_shot(table.scene, table.assets, 1, index);
        const bool other = std::string(factor) == "camera";
        CHECK(same_things(before, varied));
        CHECK(same_pose(before.view.camera_from_world, varied.view.camera_from_world) != other);
        CHECK(same_pose(before.next_view->camera_from_world, varied.next_view->camera_from_world) !=
              other);
      }
      const glm::dvec3 eye = inverse(before.view.camera_from_world).translation;
      const glm::dvec3 next = inverse(before.next_view->camera_from_world).translation;
      CHECK(eye.z > 0.019);
      CHECK(glm::distance(eye, next) > 0.0019);
      CHECK(glm::distance(eye, next) < 0.0201);
    }
  }
}
