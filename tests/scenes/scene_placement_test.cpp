#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/scenes/falling_table.hpp"

using namespace orrery;

namespace {

double lowest_corner(const Model& model, const Pose& world_from_object) {
  double lowest = 1e9;
  for (const Vertex& vertex : model.vertices) {
    lowest = std::min(lowest, world_from_object(glm::dvec3(vertex.position)).z);
  }
  return lowest;
}

/// How far it reaches from the vertical through its origin.
double reach_of(const Model& model, const Pose& world_from_object) {
  double reach = 0;
  for (const Vertex& vertex : model.vertices) {
    const glm::dvec3 at = world_from_object(glm::dvec3(vertex.position));
    reach = std::max(reach, glm::length(glm::dvec2(at - world_from_object.translation)));
  }
  return reach;
}

/// Where what is no object lies, the table apart.
std::vector<Pose> props_on(const Shot& shot) {
  std::vector<Pose> poses;
  for (const Prop& prop : shot.scene.props) {
    if (prop.casts_shadow) poses.push_back(prop.world_from_object);
  }
  return poses;
}

/// Leaves one tower of boxes of 5 cm, and nothing else.
ObjectSet& only_a_tower(Table& table, double boxes) {
  table.scene.spec.objects[0].count = Distribution::fixed(0);
  ObjectSet& tower = table.scene.spec.objects[1];
  tower.count = tower.per_stack = Distribution::fixed(boxes);
  tower.placement = Placement::stack;
  tower.size = Distribution::fixed(0.05);
  return tower;
}

}  // namespace

TEST_SUITE("scene placement") {
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
        for (const Prop* other : boxes) {
          if (other == box) break;
          const glm::dvec2 away(box->world_from_object.translation -
                                other->world_from_object.translation);
          CHECK(glm::length(away) >
                reach_of(table.assets.models[box->model], box->world_from_object) +
                    reach_of(table.assets.models[other->model], other->world_from_object));
        }
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
    const auto boxes = props_on(scene_shot(table.scene, table.assets, 8, 0));
    REQUIRE(boxes.size() == 4);
    const Box3& box = table.assets.models[2].bounds;
    const double least = 0.05 + glm::length(glm::dvec2(box.high - box.low));
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const glm::dvec2 away(boxes[i].translation - boxes[j].translation);
        CHECK(glm::length(away) > least - 1e-6);
      }
    }
  }

  TEST_CASE("stacked boxes lie on each other, rows stand in line without overlap") {
    Table table;
    ObjectSet& boxes = only_a_tower(table, 3);
    const Shot stack = scene_shot(table.scene, table.assets, 9, 0);
    double highest = 0;
    for (const Pose& pose : props_on(stack)) highest = std::max(highest, pose.translation.z);
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
    const auto row = props_on(scene_shot(table.scene, table.assets, 9, 0));
    REQUIRE(row.size() == 3);
    const auto distance = [&](std::size_t i, std::size_t j) {
      return glm::distance(glm::dvec2(row[i].translation), glm::dvec2(row[j].translation));
    };
    const double step = distance(0, 1);
    CHECK(step == doctest::Approx(std::min(sides.x, sides.y) / longest * 0.05 + 0.01));
    CHECK(distance(0, 2) == doctest::Approx(2 * step));
  }

  TEST_CASE("a fan lies upright along an arc, each thing on the last") {
    Table table;
    ObjectSet& boxes = only_a_tower(table, 4);
    boxes.tumble = false;
    boxes.slant = Distribution::fixed(0.004);
    boxes.fan = Distribution::fixed(15);
    boxes.jitter = Distribution::fixed(0);
    for (std::uint64_t index = 0; index < 4; ++index) {
      const auto fan = props_on(scene_shot(table.scene, table.assets, 5, index));
      REQUIRE(fan.size() == 4);
      for (const Pose& pose : fan) CHECK(pose.rotation[2].z > 0.999);
      std::vector<glm::dvec2> steps;
      for (std::size_t i = 1; i < fan.size(); ++i) {
        const glm::dvec3 step = fan[i].translation - fan[i - 1].translation;
        CHECK(step.z > 0.002);
        steps.emplace_back(step);
        CHECK(glm::length(steps.back()) == doctest::Approx(0.004).epsilon(0.1));
      }
      for (std::size_t i = 1; i < steps.size(); ++i) {
        const double cosine = glm::dot(glm::normalize(steps[i - 1]), glm::normalize(steps[i]));
        CHECK(std::acos(cosine) == doctest::Approx(glm::radians(15.0)).epsilon(0.2));
      }
    }
  }

  TEST_CASE("what stands keeps clear of rows of things whose origin is beside them") {
    Table table;
    for (const std::uint32_t die : {0U, 1U}) {
      Model& model = table.assets.models[die];
      for (Vertex& vertex : model.vertices) vertex.position.x += 0.02F;
      model.bounds.low.x += 0.02F;
      model.bounds.high.x += 0.02F;
    }
    table.scene.spec.objects[0].placement = Placement::row;
    ObjectSet& boxes = table.scene.spec.objects[1];
    boxes.count = Distribution::fixed(12);
    boxes.placement = Placement::stand;
    boxes.size = Distribution::fixed(0.02);
    std::size_t pairs = 0;
    for (std::uint64_t index = 0; index < 8; ++index) {
      const Shot shot = scene_shot(table.scene, table.assets, 11, index);
      for (const Object& die : shot.scene.objects) {
        const glm::dvec2 middle(die.world_from_object(glm::dvec3(0.02, 0, 0)));
        for (const Prop& box : shot.scene.props) {
          if (!box.casts_shadow) continue;
          const double reach = reach_of(table.assets.models[box.model], box.world_from_object);
          const glm::dvec2 at(box.world_from_object.translation);
          CHECK(glm::distance(middle, at) > reach + 0.0099);
          ++pairs;
        }
      }
    }
    CHECK(pairs > 40);
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
