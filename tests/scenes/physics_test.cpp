#include "scenes/physics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <glm/gtc/constants.hpp>
#include <thread>

#include "scenes/convex_hull.hpp"
#include "scenes/error.hpp"
#include "scenes/playing_card.hpp"
#include "scenes/random.hpp"
#include "tests/support/shapes.hpp"

using namespace orrery;

namespace {

/// A box about the origin; size in metres.
Model box(const glm::vec3& size) {
  Model model = cube(1.0F);
  for (Vertex& v : model.vertices) v.position *= size;
  model.bounds = {-0.5F * size, 0.5F * size};
  return model;
}

Body body_at(const CollisionShape& shape, const glm::dvec3& position,
             const glm::dquat& turn = glm::dquat(1, 0, 0, 0)) {
  Body body;
  body.shape = &shape;
  body.world_from_object.rotation = glm::mat3_cast(turn);
  body.world_from_object.translation = position;
  return body;
}

double lowest(const CollisionShape& shape, const Pose& pose) {
  double z = 1e9;
  for (const auto& hull : shape.hulls) {
    for (const glm::dvec3& p : hull) z = std::min(z, pose(p).z);
  }
  return z;
}

/// Whether a point, in the object's frame, is in one of the pieces.
bool holds(const CollisionShape& shape, const glm::dvec3& point) {
  return std::any_of(shape.hulls.begin(), shape.hulls.end(), [&](const auto& corners) {
    const ConvexHull hull = convex_hull(corners);
    return std::all_of(hull.faces.begin(), hull.faces.end(), [&](const auto& face) {
      const glm::dvec3& a = hull.points[face[0]];
      glm::dvec3 normal(0.0);
      for (std::size_t i = 1; i + 1 < face.size(); ++i) {
        normal += glm::cross(hull.points[face[i]] - a, hull.points[face[i + 1]] - a);
      }
      const double sliver = 1e-10;  // m², and no direction
      return glm::length(normal) < sliver || glm::dot(glm::normalize(normal), point - a) < 1e-4;
    });
  });
}

/// How far the nearest axis of the object is from pointing up, a cosine.
double most_upright(const Pose& pose) {
  return std::max(
      {std::abs(pose.rotation[0].z), std::abs(pose.rotation[1].z), std::abs(pose.rotation[2].z)});
}

bool all(const std::vector<bool>& values) {
  return std::find(values.begin(), values.end(), false) == values.end();
}

bool all_sound(const Settled& settled) {
  for (std::size_t i = 0; i < settled.poses.size(); ++i) {
    if (!settled.sound(i)) return false;
  }
  return true;
}

struct MixedKit {
  std::vector<CollisionShape> shapes = {
      collision_shape_from(cube(0.04F)), collision_shape_from(box({0.06F, 0.09F, 0.02F})),
      collision_shape_from(sphere(0.025F, 24)), collision_shape_from(cup(0.035F, 0.08F, 24)),
      collision_shape_from(torus(0.03F, 0.01F, 24))};
};

const MixedKit& kit() {
  static const MixedKit made;
  return made;
}

/// Twenty bodies of five kinds in five layers over a bin, apart from each other.
std::vector<Body> mixed_bodies(std::uint64_t seed) {
  std::vector<Body> bodies;
  Rng rng(seed, 0, "test/bodies");
  for (int i = 0; i < 20; ++i) {
    const int layer = i / 4;
    const CollisionShape& shape = kit().shapes[rng.below(5)];
    const glm::dvec3 at(rng.uniform(-0.01, 0.01), rng.uniform(-0.01, 0.01), 0.08 + 0.13 * layer);
    const glm::dvec3 quarter(i % 2 ? 0.075 : -0.075, i % 4 < 2 ? 0.075 : -0.075, 0);
    bodies.push_back(body_at(shape, at + quarter, rng.rotation()));
  }
  return bodies;
}

constexpr Bin kBin{{0, 0, 0}, {0.3, 0.3, 0.5}, 0.5};

bool same_bits(const Settled& a, const Settled& b) {
  if (a.steps != b.steps || a.poses.size() != b.poses.size()) return false;
  return std::memcmp(a.poses.data(), b.poses.data(), a.poses.size() * sizeof(Pose)) == 0;
}

}  // namespace

TEST_CASE("A convex model is one piece with its own volume and centre") {
  const CollisionShape shape = collision_shape_from(box({0.06F, 0.09F, 0.02F}));
  REQUIRE(shape.hulls.size() == 1);
  CHECK(shape.hulls[0].size() == 8);
  CHECK(shape.volume == doctest::Approx(0.06 * 0.09 * 0.02));
  CHECK(glm::length(shape.center_of_mass) < 1e-9);
  CHECK(shape.inertia.z == doctest::Approx((0.06 * 0.06 + 0.09 * 0.09) / 12));
}

TEST_CASE("A cup's pieces leave its inside free and fill its wall") {
  const double r = 0.04;
  const double h = 0.1;
  const CollisionShape shape =
      collision_shape_from(cup(static_cast<float>(r), static_cast<float>(h), 48));
  CHECK(shape.hulls.size() <= CollisionDetail().pieces);
  for (const auto& hull : shape.hulls) CHECK(hull.size() <= CollisionDetail().corners);
  Rng rng(5, 0, "test/cup");
  int wall_missing = 0;
  for (int i = 0; i < 500; ++i) {
    const double angle = rng.uniform(0, glm::two_pi<double>());
    const glm::dvec2 around(std::cos(angle), std::sin(angle));
    const double z = rng.uniform(0.1, 0.95) * h;
    const double outer = z > 0.6 * h ? r : r * (0.7 + 0.5 * z / h);  // the outline of cup()
    const double wall = 0.08 * r;
    // Pieces go along a round wall by chords, which take a part of the inside.
    const double free = (outer - wall) * 0.8 * std::sqrt(rng.unit());
    CHECK_FALSE(holds(shape, {free * around, z}));
    wall_missing += holds(shape, {(outer - 0.5 * wall) * around, z}) ? 0 : 1;
  }
  CHECK(wall_missing < 10);
}

TEST_CASE("A dropped cube rests on a face without gap or penetration") {
  const CollisionShape shape = collision_shape_from(cube(0.05F));
  for (std::uint64_t i = 0; i < 8; ++i) {
    Rng rng(3, i, "test/cube");
    const Body body = body_at(shape, {0, 0, 0.15}, rng.rotation());
    const Settled settled = settle({&body, 1});
    CHECK(settled.at_rest);
    CHECK(settled.supported[0]);
    CHECK(most_upright(settled.poses[0]) > 0.9999);
    CHECK(std::abs(settled.poses[0].translation.z - 0.025) < 0.0005);
    CHECK(settled.penetration[0] < 0.0005);
  }
}

TEST_CASE("A stack of five cubes stands where it was put") {
  const CollisionShape shape = collision_shape_from(cube(0.05F));
  std::vector<Body> bodies;
  for (int i = 0; i < 5; ++i) bodies.push_back(body_at(shape, {0.003 * i, 0, 0.026 + 0.051 * i}));
  const Settled settled = settle(bodies);
  CHECK(settled.at_rest);
  CHECK(all(settled.supported));
  CHECK(all_sound(settled));
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(std::abs(settled.poses[i].translation.z - (0.025 + 0.05 * static_cast<double>(i))) <
          0.0005);
    CHECK(std::abs(settled.poses[i].translation.y) < 0.002);
  }
}

TEST_CASE("Twenty mixed bodies come to rest in a bin, all held and none in another") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    CAPTURE(seed);
    const std::vector<Body> bodies = mixed_bodies(seed);
    const Settled settled = settle(bodies, kBin);
    CAPTURE(settled.steps);
    CHECK(settled.at_rest);
    CHECK(all(settled.supported));
    CHECK(all(settled.inside));
    CHECK(*std::max_element(settled.penetration.begin(), settled.penetration.end()) < 0.001);
    CHECK(all_sound(settled));
  }
}

TEST_CASE("A cup holds a ball that falls into it") {
  const CollisionShape vessel = collision_shape_from(cup(0.04F, 0.1F, 48));
  const CollisionShape ball = collision_shape_from(sphere(0.01F, 16));
  std::vector<Body> bodies{body_at(vessel, {0, 0, 0}), body_at(ball, {0.01, 0, 0.13})};
  const Settled settled = settle(bodies);
  CHECK(settled.at_rest);
  CHECK(all_sound(settled));
  const glm::dvec3 in_cup = inverse(settled.poses[0])(settled.poses[1].translation);
  CHECK(std::hypot(in_cup.x, in_cup.y) < 0.03);
  CHECK(in_cup.z < 0.03);
  CHECK(in_cup.z > 0.0);
}

TEST_CASE("A playing card settles flat, also on another card") {
  const CollisionShape card = collision_shape_from(box({0.06F, 0.09F, 0.0003F}));
  const glm::dquat tilted = glm::angleAxis(0.3, glm::normalize(glm::dvec3(1, 2, 0)));
  std::vector<Body> bodies{body_at(card, {0, 0, 0.1}, tilted),
                           body_at(card, {0.005, 0.002, 0.2}, tilted)};
  const Settled settled = settle(bodies);
  CHECK(settled.at_rest);
  CHECK(settled.poses[0].translation.z == doctest::Approx(0.00015).epsilon(0.5));
  CHECK(std::abs(settled.poses[1].translation.z - 0.00045) < 0.0002);
  CHECK(std::abs(settled.poses[0].rotation[2].z) > 0.9999);
  CHECK(std::abs(settled.poses[1].rotation[2].z) > 0.999);
}

TEST_CASE("A bent playing card lies on the table and sinks nowhere into it") {
  Image<Rgba8> blank{8, 8, {}};
  blank.pixels.resize(64);
  for (const double bend : {-0.003, -0.002, -0.001, 0.001, 0.002}) {
    CAPTURE(bend);
    const CollisionShape card = collision_shape_from(playing_card(blank, blank, bend));
    const std::array<Body, 1> bodies{body_at(card, {0, 0, 0.02})};
    const Settled settled = settle(bodies);
    CHECK(settled.at_rest);
    CHECK(settled.penetration[0] < 0.00005);
    CHECK(std::abs(lowest(card, settled.poses[0])) < 0.00005);
  }
}

TEST_CASE("Threads that settle the same bodies get the same bits") {
  const std::vector<Body> bodies = mixed_bodies(11);
  const Settled alone = settle(bodies, kBin);
  Settled a;
  Settled b;
  std::thread one([&] { a = settle(bodies, kBin); });
  std::thread two([&] {
    settle(mixed_bodies(12), kBin);
    b = settle(bodies, kBin);
  });
  one.join();
  two.join();
  CHECK(same_bits(alone, a));
  CHECK(same_bits(alone, b));
}

TEST_CASE("What still falls when the steps end is not at rest and not supported") {
  const CollisionShape shape = collision_shape_from(cube(0.05F));
  const Body body = body_at(shape, {0, 0, 5});
  SettleLimits limits;
  limits.steps = 20;
  const Settled settled = settle({&body, 1}, {}, limits);
  CHECK_FALSE(settled.at_rest);
  CHECK_FALSE(settled.supported[0]);
  CHECK(settled.steps == 20);
}

TEST_CASE("Friction decides whether a block stays on a slope") {
  const CollisionShape block = collision_shape_from(cube(0.05F));
  const CollisionShape slab = collision_shape_from(box({1.0F, 0.4F, 0.05F}));
  const glm::dquat slope = glm::angleAxis(glm::radians(20.0), glm::dvec3(0, 1, 0));
  for (const double friction : {0.2, 0.6}) {  // tan 20° = 0.36
    Body ramp = body_at(slab, {0, 0, 0.5}, slope);
    ramp.fixed = true;
    Body body = body_at(block, glm::dvec3(0, 0, 0.5) + slope * glm::dvec3(-0.3, 0, 0.051), slope);
    ramp.friction = body.friction = friction;
    const std::vector<Body> bodies{ramp, body};
    const Settled settled = settle(bodies);
    const double slid =
        glm::distance(settled.poses[1].translation, body.world_from_object.translation);
    CAPTURE(friction);
    CHECK((slid > 0.1) == (friction < 0.3));
    CHECK(std::memcmp(&settled.poses[0], &ramp.world_from_object, sizeof(Pose)) == 0);
  }
}

TEST_CASE("Scale is honoured") {
  const CollisionShape shape = collision_shape_from(cube(1.0F));
  Body body = body_at(shape, {0, 0, 0.1});
  body.world_from_object.scale = 0.05;
  const Settled settled = settle({&body, 1});
  CHECK(settled.poses[0].scale == 0.05);
  CHECK(std::abs(lowest(shape, settled.poses[0])) < 0.0005);
}

TEST_CASE("A body without density is refused") {
  Body body = body_at(kit().shapes[0], {0, 0, 1});
  body.density = 0;
  CHECK_THROWS_AS(settle({&body, 1}), Error);
}

TEST_CASE("A cube has six resting poses, a card two, and they stand on z = 0") {
  const CollisionShape die = collision_shape_from(cube(0.02F));
  const std::vector<RestingPose> six = resting_poses(die);
  REQUIRE(six.size() == 6);
  for (const RestingPose& p : six) {
    CHECK(p.probability == doctest::Approx(1.0 / 6));
    CHECK(std::abs(lowest(die, p.plane_from_object)) < 1e-9);
    CHECK(most_upright(p.plane_from_object) > 1 - 1e-9);
  }
  const CollisionShape card = collision_shape_from(box({0.06F, 0.09F, 0.0003F}));
  const std::vector<RestingPose> flat = resting_poses(card);
  REQUIRE(flat.size() >= 2);
  CHECK(flat[0].probability + flat[1].probability > 0.98);
  CHECK(flat[0].plane_from_object.rotation[2].z * flat[1].plane_from_object.rotation[2].z < -0.9);
}

TEST_CASE("What settles from a resting pose stays in it") {
  for (const CollisionShape& shape : kit().shapes) {
    const RestingPose pose = resting_poses(shape).front();
    Body body;
    body.shape = &shape;
    body.world_from_object = pose.plane_from_object;
    const Settled settled = settle({&body, 1});
    CHECK(settled.at_rest);
    CHECK(settled.poses[0].rotation[2].z ==
          doctest::Approx(pose.plane_from_object.rotation[2].z).epsilon(0.01));
  }
}
