#include "scenes/scene_scatter.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <glm/gtc/quaternion.hpp>
#include <optional>

namespace orrery {

glm::dvec2 place_in_disc(Rng& rng, double radius) {
  const double r = radius * std::sqrt(rng.unit());
  const double angle = rng.uniform(0, glm::two_pi<double>());
  return {r * std::cos(angle), r * std::sin(angle)};
}

glm::dmat3 turned_about_z(double angle) {
  return {std::cos(angle), std::sin(angle), 0, -std::sin(angle), std::cos(angle), 0, 0, 0, 1};
}

namespace {

constexpr int kTries = 60;          ///< for a free place
constexpr double kStackTurn = 0.1;  ///< radians, standard deviation

/// Turns the model's axis up.
glm::dmat3 up_from_object(StandingAxis up) {
  if (up == StandingAxis::x) return {0, 0, 1, 1, 0, 0, 0, 1, 0};
  if (up == StandingAxis::y) return {1, 0, 0, 0, 0, 1, 0, -1, 0};
  return glm::dmat3(1.0);
}

/// The axis up, the middle of the bounds over the origin, the lowest point at z = 0; unscaled. What
/// is mounted stands on its mount's lowest point, its origin kept.
Pose upright_pose(const Thing& thing, const BoundScene& bound, const Assets& assets) {
  if (!bound.mounts.empty() && bound.mounts[thing.model]) {
    const Box3& mount = assets.models[*bound.mounts[thing.model]].bounds;
    return {glm::dmat3(1.0), 1.0, {0, 0, -static_cast<double>(mount.low.z)}};
  }
  const Box3& box = assets.models[thing.model].bounds;
  const glm::dmat3 turn = up_from_object(bound.spec.objects[thing.set].up);
  const glm::dvec3 a = turn * glm::dvec3(box.low);
  const glm::dvec3 b = turn * glm::dvec3(box.high);
  return {turn, 1.0, {-0.5 * (a.x + b.x), -0.5 * (a.y + b.y), -std::min(a.z, b.z)}};
}

/// Half of its sides along x and y.
glm::dvec2 half_sides(const Thing& thing, const Pose& pose, const Assets& assets) {
  const Box3& box = assets.models[thing.model].bounds;
  const glm::dvec3 size = pose.rotation * glm::dvec3(box.high - box.low);
  return 0.5 * thing.scale * glm::abs(glm::dvec2(size));
}

/// How far a thing reaches from the vertical through its origin, metres.
double footprint(const Thing& thing, const Pose& pose, const Assets& assets) {
  double reach = 0;
  for (const Vertex& vertex : assets.models[thing.model].vertices) {
    reach = std::max(reach, glm::length(glm::dvec2(pose(glm::dvec3(vertex.position)))));
  }
  return reach;
}

/// How far apart the bounds of two things are, at least.
double gap_between(const Thing& a, const glm::dvec2& at, double radius) {
  return glm::distance(a.middle, at) - a.radius - radius;
}

/// Where it keeps its distance from all that are placed: Poisson-disc sampling by throwing darts.
/// Nothing if none of many tries hits.
std::optional<glm::dvec2> free_place(const std::vector<Thing>& things, double radius,
                                     double spacing, double spread, Rng& rng) {
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const glm::dvec2 at = place_in_disc(rng, spread);
    const bool clear = std::all_of(things.begin(), things.end(), [&](const Thing& other) {
      return !other.placed || gap_between(other, at, radius) > spacing;
    });
    if (clear) return at;
  }
  return std::nullopt;
}

/// Puts a thing whose pose is about the origin to its place. Its origin need not be over the middle
/// of its footprint, which then is the thing's for the distances of others.
void put(Thing& thing, const Pose& pose, const glm::dvec2& at) {
  thing.pose = Pose{glm::dmat3(1.0), 1.0, glm::dvec3(at, 0)} * pose;
  thing.middle = at;
  thing.placed = true;
}

void place_apart(std::vector<Thing>& things, Thing& thing, const BoundScene& bound,
                 const Assets& assets, double spread, Rng& rng) {
  const ObjectSet& set = bound.spec.objects[thing.set];
  const bool lies = set.placement == Placement::lie;
  const Pose base = lies
                        ? resting_pose(thing, bound, rng)
                        : Pose{turned_about_z(glm::radians(drawn(set.yaw, rng))), thing.scale, {}} *
                              upright_pose(thing, bound, assets);
  thing.radius = footprint(thing, base, assets);
  const double spacing = drawn(set.spacing, rng);
  if (const auto at = free_place(things, thing.radius, spacing, spread, rng)) put(thing, base, *at);
}

/// Whether an upright box in a row keeps clear of all that is placed but is of the same row.
bool clear_of_others(const std::vector<Thing>& things, std::size_t set, const glm::dvec2& at,
                     double radius) {
  return std::all_of(things.begin(), things.end(), [&](const Thing& other) {
    return !other.placed || other.set == set || gap_between(other, at, radius) > 0;
  });
}

/// Rows through the area along one direction, one behind the other, each thing beside the last.
void place_rows(std::vector<Thing>& things, std::size_t set_index, const BoundScene& bound,
                const Assets& assets, double spread, Rng& rng) {
  const ObjectSet& set = bound.spec.objects[set_index];
  const glm::dmat3 world_from_row = turned_about_z(rng.uniform(0, glm::two_pi<double>()));
  const auto limit = [&](double y) { return std::sqrt(std::max(spread * spread - y * y, 0.0)); };
  double y = rng.uniform(-0.5, 0.2) * spread;
  double x = -limit(y) * rng.uniform(0.5, 1);
  double depth = 0;  // of this row
  for (Thing& thing : things) {
    if (thing.set != set_index) continue;
    Pose pose = Pose{glm::dmat3(1.0), thing.scale, {}} * upright_pose(thing, bound, assets);
    glm::dvec2 half = half_sides(thing, pose, assets);
    // The thinner side along the row, either way round.
    double turn = half.x <= half.y ? 0 : glm::half_pi<double>();
    if (rng.unit() < 0.5) turn += glm::pi<double>();
    if (half.x > half.y) std::swap(half.x, half.y);
    pose = Pose{turned_about_z(turn), 1.0, {}} * pose;
    const double gap = std::max(drawn(set.gap, rng), 2e-4);
    const double aside = drawn(set.jitter, rng);
    for (int attempt = 0; attempt < 3 && !thing.placed; ++attempt) {
      if (x + 2 * half.x > limit(y)) {  // the next row
        y += 2 * depth + 2 * std::abs(greatest(set.jitter) - least(set.jitter)) + 0.02;
        x = -limit(y);
        depth = 0;
      }
      if (std::abs(y) > spread) break;  // the area is full
      const glm::dvec2 at(world_from_row * glm::dvec3(x + half.x, y + half.y + aside, 0));
      const double reach = glm::length(half);
      if (clear_of_others(things, set_index, at, reach)) {
        put(thing, Pose{world_from_row, 1.0, {}} * pose, at);
        thing.radius = reach;
        depth = std::max(depth, half.y);
      }
      x += 2 * half.x + gap;
    }
  }
}

}  // namespace

Pose resting_pose(const Thing& thing, const BoundScene& bound, Rng& rng) {
  const std::vector<RestingPose>& poses = bound.shapes[thing.model].resting;
  double left = rng.unit();
  Pose plane_from_object = poses.back().plane_from_object;
  for (const RestingPose& pose : poses) {
    left -= pose.probability;
    if (left >= 0) continue;
    plane_from_object = pose.plane_from_object;
    break;
  }
  const double turn = glm::radians(drawn(bound.spec.objects[thing.set].yaw, rng));
  return Pose{turned_about_z(turn), thing.scale, glm::dvec3(0)} * plane_from_object;
}

Pose stacked_pose(const Thing& thing, const BoundScene& bound, double turn, Rng& rng) {
  const double half_turn = rng.unit() < 0.5 ? glm::pi<double>() : 0.0;
  const double angle = turn + half_turn + kStackTurn * rng.normal();
  const Pose turned{turned_about_z(angle), thing.scale, {}};
  if (!bound.spec.objects[thing.set].tumble) return turned;
  return turned * bound.shapes[thing.model].resting.front().plane_from_object;
}

void scatter_things(std::vector<Thing>& things, const BoundScene& bound, const Assets& assets,
                    double spread, Rng& rng) {
  for (std::size_t s = 0; s < bound.spec.objects.size(); ++s) {
    const Placement placement = bound.spec.objects[s].placement;
    if (placement == Placement::row) place_rows(things, s, bound, assets, spread, rng);
    for (Thing& thing : things) {
      if (thing.set != s) continue;
      if (placement == Placement::stand || placement == Placement::lie) {
        place_apart(things, thing, bound, assets, spread, rng);
      } else if (placement == Placement::fly) {
        thing.pose = {glm::mat3_cast(rng.rotation()), thing.scale,
                      spread * std::cbrt(rng.unit()) * rng.direction()};
        thing.pose.translation.z += 1.5 * spread;
        thing.middle = glm::dvec2(thing.pose.translation);
        thing.placed = true;
      }
    }
  }
}

}  // namespace orrery
