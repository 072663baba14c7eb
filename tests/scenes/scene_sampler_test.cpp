#include "scenes/scene_sampler.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "scenes/made_model.hpp"
#include "scenes/scene_file.hpp"
#include "scenes/sky.hpp"

using namespace orrery;

namespace {

/// Boxes and dice that fall on a table, with distractors.
struct Table {
  Assets assets;
  BoundScene scene;

  explicit Table(const std::string& more = "") {
    scene.spec = scene_from_text(
        "objects:\n"
        "  - {name: dice, shapes: die, count: {uniform: [4, 9]}, size: 0.02,\n"
        "     class_by_side: [two, five, three, four, one, six]}\n"
        "  - {name: clutter, shapes: box, label: false, count: 3, placement: lie,\n"
        "     wear: {uniform: [0.1, 0.5]}, dirt: {uniform: [0.1, 0.5]}, images: any,\n"
        "     hue_shift: {uniform: [-18, 18]}, textures: {images: any, probability: 0.5}}\n"
        "surface: {spread: 0.08, width: 0.8, depth: 0.8}\n" +
            more,
        "table");
    scene.sets.resize(2);
    add("made:die/0", 0);
    add("made:die/1", 0);
    add("made:box/0", 1);
    for (std::uint32_t i = 0; i < 4; ++i) {
      assets.pictures.emplace_back();
      scene.sets[1].images.push_back(i);
      scene.sets[1].textures.push_back(i);
      scene.surface_images.push_back(i);
    }
    scene.sets[1].takes_image = {true};
    assets.wear_masks.resize(2);
    scene.sets[0].class_by_side = {1, 4, 2, 3, 0, 5};
    scene.surfaces.push_back(static_cast<std::uint32_t>(assets.models.size()));
    assets.models.push_back(made_model(made_surface("wood", 0, 0.8, 0.8)));
    scene.plain_surface = static_cast<std::uint32_t>(assets.models.size());
    assets.models.push_back(made_model(made_flat_surface(0.8, 0.8)));
    assets.skies.push_back(procedural_sky("studio"));
  }

 private:
  void add(const std::string& name, std::size_t set) {
    scene.sets[set].models.push_back(static_cast<std::uint32_t>(assets.models.size()));
    scene.sets[set].classes.push_back(0);
    assets.models.push_back(made_model(name));
    scene.shapes.push_back(collision_shape_from(assets.models.back()));
  }
};

bool same(const Pose& a, const Pose& b) {
  return a.rotation == b.rotation && a.scale == b.scale && a.translation == b.translation;
}

bool same_things(const Shot& a, const Shot& b) {
  return std::equal(a.scene.objects.begin(), a.scene.objects.end(), b.scene.objects.begin(),
                    b.scene.objects.end(), [](const Object& x, const Object& y) {
                      return x.model == y.model && x.class_id == y.class_id &&
                             same(x.world_from_object, y.world_from_object);
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

double lowest_corner(const Model& model, const Pose& world_from_object) {
  double lowest = 1e9;
  for (const Vertex& vertex : model.vertices) {
    lowest = std::min(lowest, world_from_object(glm::dvec3(vertex.position)).z);
  }
  return lowest;
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
      CHECK(same(a.view.camera_from_world, b.view.camera_from_world));
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
    CHECK(same(before.view.camera_from_world, lights.view.camera_from_world));
    CHECK(before.sensor == lights.sensor);
    CHECK_FALSE(same_light(before, lights));
    const Shot camera = varied("camera");
    CHECK(same_things(before, camera));
    CHECK(same_light(before, camera));
    CHECK_FALSE(same(before.view.camera_from_world, camera.view.camera_from_world));
    const Shot sensor = varied("sensor");
    CHECK(same_things(before, sensor));
    CHECK(same_light(before, sensor));
    CHECK(same(before.view.camera_from_world, sensor.view.camera_from_world));
    // Factors that this scene does without.
    for (const char* absent : {"room", "backplate"}) {
      const Shot shot = varied(absent);
      CHECK(same_things(before, shot));
      CHECK(same_light(before, shot));
      CHECK(same(before.view.camera_from_world, shot.view.camera_from_world));
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
      CHECK_FALSE(same(before.view.camera_from_world, dome.view.camera_from_world));
      CHECK_FALSE(dome.next_view.has_value());
      REQUIRE(before.next_view);
      for (const char* factor : {"camera", "lights"}) {
        Table table(handheld);
        table.scene.spec.vary = {factor};
        const Shot varied = scene_shot(table.scene, table.assets, 1, index);
        const bool other = std::string(factor) == "camera";
        CHECK(same_things(before, varied));
        CHECK(same(before.view.camera_from_world, varied.view.camera_from_world) != other);
        CHECK(same(before.next_view->camera_from_world, varied.next_view->camera_from_world) !=
              other);
      }
      const glm::dvec3 eye = inverse(before.view.camera_from_world).translation;
      const glm::dvec3 next = inverse(before.next_view->camera_from_world).translation;
      CHECK(eye.z > 0.019);
      CHECK(glm::distance(eye, next) > 0.0019);
      CHECK(glm::distance(eye, next) < 0.0201);
    }
  }

  TEST_CASE("what fell lies on the table, neither sunk in nor in the air") {
    const Table table;
    std::size_t things = 0;
    std::size_t wanted = 0;
    for (std::uint64_t index = 0; index < 20; ++index) {
      const Shot shot = scene_shot(table.scene, table.assets, 2, index);
      Rng count(2, index, "objects/dice/count");
      wanted += static_cast<std::size_t>(drawn(table.scene.spec.objects[0].count, count));
      double lowest = 1e9;
      for (const Object& object : shot.scene.objects) {
        const double z = lowest_corner(table.assets.models[object.model], object.world_from_object);
        CHECK(z > -0.001);
        lowest = std::min(lowest, z);
        ++things;
      }
      if (!shot.scene.objects.empty()) CHECK(lowest < 0.0005);
    }
    CHECK(things > 80);
    CHECK(things * 100 >= wanted * 95);
  }

  TEST_CASE("a die's class is the side that lies up") {
    const Table table;
    const Shot shot = scene_shot(table.scene, table.assets, 3, 0);
    REQUIRE_FALSE(shot.scene.objects.empty());
    // Of +x, -x, +y, -y, +z, -z, as the spec says.
    const std::array<std::uint32_t, 6> classes{1, 4, 2, 3, 0, 5};
    for (const Object& object : shot.scene.objects) {
      const glm::dmat3& r = object.world_from_object.rotation;
      const std::array<double, 6> up{r[0].z, -r[0].z, r[1].z, -r[1].z, r[2].z, -r[2].z};
      const auto best = std::max_element(up.begin(), up.end()) - up.begin();
      CHECK(object.class_id == classes[static_cast<std::size_t>(best)]);
    }
  }

  TEST_CASE("distractors are props, and things that lie apart do not touch") {
    const Table table("");
    for (std::uint64_t index = 0; index < 10; ++index) {
      const Shot shot = scene_shot(table.scene, table.assets, 4, index);
      std::vector<const Prop*> boxes;
      for (const Prop& prop : shot.scene.props) {
        if (prop.casts_shadow) boxes.push_back(&prop);
      }
      CHECK(boxes.size() + 1 == shot.scene.props.size());  // and the table
      for (const Prop* box : boxes) {
        const double z = lowest_corner(table.assets.models[box->model], box->world_from_object);
        CHECK(std::abs(z) < 1e-4);
      }
    }
  }

  TEST_CASE("what is wanted is placed or counted as left out") {
    // Far more upright boxes than the area has room for.
    const Table table;
    Table full;
    full.scene.spec.objects[1].count = Distribution::fixed(60);
    full.scene.spec.objects[1].placement = Placement::stand;
    for (const Table* t : {&table, static_cast<const Table*>(&full)}) {
      const Shot shot = scene_shot(t->scene, t->assets, 7, 1);
      const std::size_t there = shot.scene.objects.size() + shot.scene.props.size() - 1;
      CHECK(shot.scene.placement.wanted == there + shot.scene.placement.left_out);
    }
    CHECK(scene_shot(full.scene, full.assets, 7, 1).scene.placement.left_out > 20);
  }

  TEST_CASE("things that stand keep their spacing") {
    Table table;
    table.scene.spec.objects[1].count = Distribution::fixed(4);
    table.scene.spec.objects[1].placement = Placement::stand;
    table.scene.spec.objects[1].spacing = Distribution::fixed(0.05);
    table.scene.spec.surface.spread = Distribution::fixed(0.3);
    const Shot shot = scene_shot(table.scene, table.assets, 8, 0);
    std::vector<glm::dvec2> places;
    for (const Prop& prop : shot.scene.props) {
      if (prop.casts_shadow) places.emplace_back(prop.world_from_object.translation);
    }
    REQUIRE(places.size() == 4);
    const Box3& box = table.assets.models[2].bounds;
    const double least = 0.05 + glm::length(glm::dvec2(box.high - box.low));
    for (std::size_t i = 0; i < places.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) CHECK(glm::distance(places[i], places[j]) > least - 1e-6);
    }
  }

  TEST_CASE("stacked boxes lie on each other, rows stand in line without overlap") {
    Table table;
    table.scene.spec.objects[0].count = Distribution::fixed(0);
    ObjectSet& boxes = table.scene.spec.objects[1];
    boxes.count = Distribution::fixed(3);
    boxes.placement = Placement::stack;
    boxes.per_stack = Distribution::fixed(3);
    boxes.size = Distribution::fixed(0.05);
    const Shot stack = scene_shot(table.scene, table.assets, 9, 0);
    double highest = 0;
    for (const Prop& prop : stack.scene.props) {
      if (prop.casts_shadow) highest = std::max(highest, prop.world_from_object.translation.z);
    }
    CHECK(stack.scene.placement.left_out == 0);
    const Box3& box = table.assets.models[2].bounds;
    const glm::dvec3 sides(box.high - box.low);
    const double longest = std::max({sides.x, sides.y, sides.z});
    const double thin = std::min({sides.x, sides.y, sides.z}) / longest * 0.05;
    CHECK(highest > 2.3 * thin);
    boxes.placement = Placement::row;
    boxes.gap = Distribution::fixed(0.01);
    boxes.jitter = Distribution::fixed(0);
    table.scene.spec.surface.spread = Distribution::fixed(0.4);
    const Shot row = scene_shot(table.scene, table.assets, 9, 0);
    std::vector<glm::dvec2> places;
    for (const Prop& prop : row.scene.props) {
      if (prop.casts_shadow) places.emplace_back(prop.world_from_object.translation);
    }
    REQUIRE(places.size() == 3);
    const double step = glm::distance(places[0], places[1]);
    CHECK(step == doctest::Approx(std::min(sides.x, sides.y) / longest * 0.05 + 0.01));
    CHECK(glm::distance(places[0], places[2]) == doctest::Approx(2 * step));
  }

  TEST_CASE("what goes into a container ends in it or is left out") {
    Table table;
    const auto bowl = static_cast<std::uint32_t>(table.assets.models.size());
    table.assets.models.push_back(made_model("made:bowl/0"));
    table.scene.shapes.resize(bowl);
    table.scene.shapes.push_back(collision_shape_from(table.assets.models.back()));
    table.scene.spec.objects[0].container = "clutter";
    table.scene.spec.objects[0].class_by_side.clear();
    table.scene.sets[0].class_by_side.clear();
    table.scene.spec.objects[1].count = Distribution::fixed(1);
    table.scene.spec.objects[1].placement = Placement::stand;
    table.scene.sets[1].models = {bowl};
    std::size_t inside = 0;
    for (std::uint64_t index = 0; index < 4; ++index) {
      const Shot shot = scene_shot(table.scene, table.assets, 10, index);
      const Pose bowl_from_world = inverse(shot.scene.props.back().world_from_object);
      const Box3& room = table.assets.models[bowl].bounds;
      for (const Object& die : shot.scene.objects) {
        const glm::dvec3 at = bowl_from_world(die.world_from_object.translation);
        CHECK(std::hypot(at.x, at.y) < room.high.x);
        CHECK(at.z > room.low.z);
        ++inside;
      }
    }
    CHECK(inside >= 12);
  }
}
