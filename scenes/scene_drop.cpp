#include "scenes/scene_drop.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <glm/gtc/quaternion.hpp>
#include <optional>
#include <string>

#include "scenes/container.hpp"
#include "scenes/drop_height.hpp"
#include "scenes/made_model.hpp"
#include "scenes/physics.hpp"
#include "scenes/scene_scatter.hpp"

namespace orrery {
namespace {

/// How often things are drawn anew before they are left out, and how often what is left then may
/// settle again.
constexpr int kAttempts = 4;
constexpr int kLastRounds = 4;
/// Things come down as hulls, roughly; then little is left to do.
constexpr SettleLimits kComingDown{.steps = 240, .calm_after = 36, .rest_speed = 0.05};
constexpr SettleLimits kComingToRest{.steps = 720, .calm_after = 10, .rest_speed = 0.01};
constexpr int kMouths = 16;         ///< places in a container to choose the lowest from
constexpr double kUpright = 0.9;    ///< cosine: what is tilted more holds nothing
constexpr double kTooLong = 0.7;    ///< of a container's width: longer things go in end on
constexpr double kRim = 0.1;        ///< of a container's height: less deep in it is not inside
constexpr double kResting = 0.002;  ///< metres: start lower than this above the ground is on it

bool is_dynamic(Placement placement) {
  return placement == Placement::drop || placement == Placement::stack;
}

/// One round of letting things fall: those of this stage that have no place yet get one.
class Drop {
 public:
  Drop(std::vector<Thing>& things, const BoundScene& bound, const Assets& assets, double spread,
       bool contents)
      : things_(things), bound_(bound), assets_(assets), spread_(spread), contents_(contents) {
    const SurfaceSpec& surface = bound.spec.surface;
    if (surface.bin_height > 0) {
      const double side = 2 * greatest(surface.spread);
      bin_ = Bin{{0, 0, kBinWall}, {side, side, surface.bin_height}, 0.5};
    }
    for (const Thing& thing : things) largest_ = std::max(largest_, thing.radius);
    inside_of_.resize(things.size());
    steady_.resize(things.size());
  }

  bool in_stage(std::size_t i) const {
    const ObjectSet& set = bound_.spec.objects[things_[i].set];
    return is_dynamic(set.placement) && set.container.empty() != contents_;
  }

  /// How many of the stage have no place.
  std::uint32_t unplaced() const {
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < things_.size(); ++i) {
      count += in_stage(i) && !things_[i].placed ? 1U : 0U;
    }
    return count;
  }

  /// Whether something stays where it came to rest in a round before.
  bool holds_any() const {
    return std::find(steady_.begin(), steady_.end(), true) != steady_.end();
  }

  /// Everything may move again.
  void release() { steady_.assign(things_.size(), false); }

  /// How many things have a place, of any stage.
  std::ptrdiff_t placed() const {
    return std::count_if(things_.begin(), things_.end(), [](const Thing& t) { return t.placed; });
  }

  /// Gives each thing without a place a start just above what is there.
  void start(Rng& rng) {
    DropHeight ground(spread_ + 2 * largest_, bin_ ? bin_->floor.z : 0.0);
    for (const Thing& thing : things_) {
      if (!thing.placed || flies(thing)) continue;
      ground.add(ground.relief_of(bound_.shapes[thing.model], thing.pose), thing.pose.translation);
    }
    for (std::size_t i = 0; i < things_.size(); ++i) {
      Thing& thing = things_[i];
      if (!in_stage(i) || thing.placed) continue;
      const ObjectSet& set = bound_.spec.objects[thing.set];
      if (contents_) {
        start_in_container(i, ground, rng);
      } else if (set.placement == Placement::drop) {
        start_anywhere(thing, ground, rng);
      }
    }
    if (!contents_) start_stacks(ground, rng);
  }

  /// Things with a place fall, from a start or from where they lie, and come to rest; those that do
  /// not soundly lose it.
  void settle_placed(bool from_start) {
    // As convex hulls first, which is quick: most of the way is then done before hollows matter.
    if (from_start && !contents_ && !bound_.hulls.empty()) {
      const Fall down = fall_of(bound_.hulls);
      take_poses(down, settle(down.bodies, bin_, kComingDown));
    }
    const Fall fall = fall_of(bound_.shapes);
    if (fall.moving.empty()) return;
    const Settled settled = settle(fall.bodies, bin_, contents_ ? SettleLimits{} : kComingToRest);
    take_poses(fall, settled);
    for (std::size_t k = 0; k < fall.moving.size(); ++k) {
      Thing& thing = things_[fall.moving[k]];
      thing.placed = settled.sound(fall.first_moving() + k) && on_surface(thing);
      steady_[fall.moving[k]] = thing.placed && settled.steady[fall.first_moving() + k];
    }
    // After all have moved: a container may have been pushed.
    for (const std::size_t i : fall.moving) {
      things_[i].placed = things_[i].placed && in_its_container(i);
      steady_[i] = steady_[i] && things_[i].placed;
    }
  }

 private:
  /// Bodies for physics: first those that stay, then those that move.
  struct Fall {
    std::vector<Body> bodies;
    std::vector<std::size_t> moving;  ///< which things
    std::size_t first_moving() const { return bodies.size() - moving.size(); }
  };

  /// What has found a steady place in a round before stays there.
  Fall fall_of(const std::vector<CollisionShape>& shapes) const {
    Fall fall;
    for (const bool fixed : {true, false}) {
      for (std::size_t i = 0; i < things_.size(); ++i) {
        const Thing& thing = things_[i];
        const ObjectSet& set = bound_.spec.objects[thing.set];
        const bool stays = !is_dynamic(set.placement) || steady_[i];
        if (!thing.placed || flies(thing) || stays != fixed) continue;
        fall.bodies.push_back({&shapes[thing.model], thing.pose, set.density, thing.friction,
                               fixed ? 0.0 : thing.restitution, fixed});
        if (!fixed) fall.moving.push_back(i);
      }
    }
    return fall;
  }

  void take_poses(const Fall& fall, const Settled& settled) {
    for (std::size_t k = 0; k < fall.moving.size(); ++k) {
      things_[fall.moving[k]].pose = settled.poses[fall.first_moving() + k];
    }
  }

  bool flies(const Thing& thing) const {
    return bound_.spec.objects[thing.set].placement == Placement::fly;
  }

  bool on_surface(const Thing& thing) const {
    const glm::dvec2 half(0.5 * bound_.spec.surface.width, 0.5 * bound_.spec.surface.depth);
    const glm::dvec3 at = thing.pose(bound_.shapes[thing.model].center_of_mass);
    return std::abs(at.x) < half.x && std::abs(at.y) < half.y;
  }

  /// Keeps a start inside the bin's walls.
  glm::dvec2 kept_in(const glm::dvec2& at, const Relief& relief) const {
    if (!bin_) return at;
    const glm::dvec2 room =
        glm::max(0.5 * glm::dvec2(bin_->size) - relief.reach - 0.001, glm::dvec2(0.0));
    return glm::clamp(at, -room, room);
  }

  void put(Thing& thing, DropHeight& ground, const Relief& relief, const Pose& pose,
           const glm::dvec2& at) const {
    thing.pose = pose;
    thing.pose.translation = glm::dvec3(at, ground.over(relief, at));
    thing.placed = true;
    ground.add(relief, thing.pose.translation);
  }

  Relief relief_of(const DropHeight& ground, const Thing& thing, const Pose& pose) const {
    return ground.relief_of(bound_.shapes[thing.model], pose);
  }

  /// Where a thing falls so that it covers a part of one of the targets; anywhere if there are
  /// none.
  glm::dvec2 place_over(const Thing& cover, Rng& rng) const {
    std::vector<const Thing*> targets;
    for (const Thing& thing : things_) {
      if (bound_.spec.objects[thing.set].label && thing.placed && !flies(thing)) {
        targets.push_back(&thing);
      }
    }
    if (targets.empty()) return place_in_disc(rng, spread_);
    const Thing& target = *targets[rng.below(static_cast<std::uint32_t>(targets.size()))];
    const double away = rng.uniform(0.4, 1.0) * (0.5 * target.radius + 0.7 * cover.radius);
    const double angle = rng.uniform(0, glm::two_pi<double>());
    return glm::dvec2(target.pose.translation) +
           away * glm::dvec2(std::cos(angle), std::sin(angle));
  }

  /// On free ground as things lie after a fall; on others anyhow, to topple from there.
  void start_anywhere(Thing& thing, DropHeight& ground, Rng& rng) const {
    const bool covers = bound_.spec.objects[thing.set].cover;
    const glm::dvec2 wanted = covers ? place_over(thing, rng) : place_in_disc(rng, spread_);
    const Pose resting = resting_pose(thing, bound_, rng);
    const Pose anyhow{glm::mat3_cast(rng.rotation()), thing.scale, {}};
    const ObjectSet& set = bound_.spec.objects[thing.set];
    const Pose upright{turned_about_z(glm::radians(drawn(set.yaw, rng))), thing.scale, {}};
    const bool tumble = set.tumble;
    Pose pose = tumble ? resting : upright;
    Relief relief = relief_of(ground, thing, pose);
    glm::dvec2 at = kept_in(wanted, relief);
    if (tumble && ground.over(relief, at) > ground.on_ground(relief) + kResting) {
      pose = anyhow;
      relief = relief_of(ground, thing, pose);
      at = kept_in(wanted, relief);
    }
    put(thing, ground, relief, pose, at);
  }

  /// Towers of each set, the broad things below. The middle of a thing's mass comes over that of
  /// the tower, but for the jitter, or in an arc beside it where the set is fanned out.
  void start_stacks(DropHeight& ground, Rng& rng) {
    for (std::size_t s = 0; s < bound_.spec.objects.size(); ++s) {
      const ObjectSet& set = bound_.spec.objects[s];
      if (set.placement != Placement::stack) continue;
      std::vector<std::size_t> left;
      for (std::size_t i = 0; i < things_.size(); ++i) {
        if (things_[i].set == s && !things_[i].placed) left.push_back(i);
      }
      std::size_t first = 0;
      while (first < left.size()) {
        const auto high = static_cast<std::size_t>(std::max(drawn(set.per_stack, rng), 1.0));
        const std::size_t last = std::min(first + high, left.size());
        start_tower({left.begin() + static_cast<std::ptrdiff_t>(first),
                     left.begin() + static_cast<std::ptrdiff_t>(last)},
                    ground, rng);
        first = last;
      }
    }
  }

  void start_tower(std::vector<std::size_t> tower, DropHeight& ground, Rng& rng) {
    const ObjectSet& set = bound_.spec.objects[things_[tower.front()].set];
    double turn = rng.uniform(0, glm::two_pi<double>());
    const double fan = glm::radians(drawn(set.fan, rng));
    const double slant = drawn(set.slant, rng);
    std::vector<Pose> poses(things_.size());
    std::vector<Relief> reliefs(things_.size());
    std::vector<glm::dvec2> asides(things_.size());
    glm::dvec2 aside(0.0);
    for (const std::size_t i : tower) {
      poses[i] = stacked_pose(things_[i], bound_, turn, rng);
      reliefs[i] = relief_of(ground, things_[i], poses[i]);
      asides[i] = aside;
      aside += slant * glm::dvec2(std::cos(turn), std::sin(turn));
      turn += fan;
    }
    if (slant == 0) {  // a fan keeps its order: each lies on the last
      std::stable_sort(tower.begin(), tower.end(), [&](std::size_t a, std::size_t b) {
        return reliefs[a].width * reliefs[a].height > reliefs[b].width * reliefs[b].height;
      });
    }
    const Relief& base = reliefs[tower.front()];
    // The lowest of some places: on free ground while there is any.
    glm::dvec2 foot(0.0);
    double lowest = 1e30;
    for (int i = 0; i < kMouths; ++i) {
      const glm::dvec2 at = kept_in(place_in_disc(rng, spread_), base);
      const double height = ground.over(base, at);
      if (height >= lowest - kResting) continue;
      lowest = height;
      foot = at;
    }
    for (const std::size_t i : tower) {
      const glm::dvec3 center =
          poses[i].rotation * (poses[i].scale * bound_.shapes[things_[i].model].center_of_mass);
      const glm::dvec2 jitter{drawn(set.jitter, rng), drawn(set.jitter, rng)};
      put(things_[i], ground, reliefs[i], poses[i],
          foot - glm::dvec2(center) + asides[i] - 0.5 * asides[tower.back()] + jitter);
    }
  }

  /// Drops a thing into an upright thing of the set that holds it; without one it gets no place.
  void start_in_container(std::size_t i, DropHeight& ground, Rng& rng) {
    Thing& thing = things_[i];
    const std::string& wanted = bound_.spec.objects[thing.set].container;
    std::vector<std::size_t> holders;
    for (std::size_t k = 0; k < things_.size(); ++k) {
      if (bound_.spec.objects[things_[k].set].name == wanted && things_[k].placed &&
          !flies(things_[k]) && things_[k].pose.rotation[2].z > kUpright) {
        holders.push_back(k);
      }
    }
    if (holders.empty()) return;
    const std::size_t chosen = holders[rng.below(static_cast<std::uint32_t>(holders.size()))];
    inside_of_[i] = chosen;
    const Thing& holder = things_[chosen];
    const Box3& room = assets_.models[holder.model].bounds;
    const glm::dvec3 middle(0.5F * (room.low + room.high));
    const glm::dvec2 half = 0.5 * glm::dvec2(room.high - room.low);
    const Pose pose = pose_into(thing, 2 * holder.scale * std::min(half.x, half.y), rng);
    const Relief relief = relief_of(ground, thing, pose);
    const glm::dvec3 center =
        pose.rotation * (pose.scale * bound_.shapes[thing.model].center_of_mass);
    glm::dvec2 best(0.0);
    double lowest = 1e30;
    for (int k = 0; k < kMouths; ++k) {
      const glm::dvec2 in_disc = place_in_disc(rng, 0.8);
      const glm::dvec3 mouth(glm::dvec2(middle) + in_disc * half, below_rim(room));
      if (!walled_in(bound_.shapes[holder.model], mouth)) continue;
      const glm::dvec2 at = glm::dvec2(holder.pose(mouth)) - glm::dvec2(center);
      const double height = ground.over(relief, at);
      if (height >= lowest) continue;
      lowest = height;
      best = at;
    }
    if (lowest < 1e30) put(thing, ground, relief, pose, best);
  }

  /// Anyhow if it fits, else end on and a little tilted.
  Pose pose_into(const Thing& thing, double width, Rng& rng) const {
    const glm::dmat3 anyhow = glm::mat3_cast(rng.rotation());
    const glm::dvec2 tilt = place_in_disc(rng, 0.1);
    const glm::dmat3 turn = turned_about_z(rng.uniform(0, glm::two_pi<double>()));
    const Box3& box = assets_.models[thing.model].bounds;
    const glm::dvec3 sides(box.high - box.low);
    const double longest = std::max({sides.x, sides.y, sides.z});
    if (longest * thing.scale < kTooLong * width) return {anyhow, thing.scale, {}};
    glm::dmat3 end_on(1.0);  // z up
    if (sides.x == longest) end_on = {0, 0, 1, 1, 0, 0, 0, 1, 0};
    if (sides.y == longest) end_on = {1, 0, 0, 0, 0, 1, 0, -1, 0};
    const glm::dmat3 tilted =
        glm::mat3_cast(glm::normalize(glm::dquat(1, 0.5 * tilt.x, 0.5 * tilt.y, 0)));
    return {turn * tilted * end_on, thing.scale, {}};
  }

  /// The least height that is not inside a container with these bounds any more.
  static double below_rim(const Box3& room) {
    return static_cast<double>(room.high.z) - kRim * static_cast<double>(room.high.z - room.low.z);
  }

  /// Its lowest point is well below the container's rim, with walls all around.
  bool in_its_container(std::size_t i) const {
    if (!inside_of_[i]) return true;
    const Thing& holder = things_[*inside_of_[i]];
    if (!holder.placed) return false;
    const Pose holder_from_world = inverse(holder.pose);
    glm::dvec3 lowest(0, 0, 1e30);
    for (const auto& hull : bound_.shapes[things_[i].model].hulls) {
      for (const glm::dvec3& p : hull) {
        const glm::dvec3 at = holder_from_world(things_[i].pose(p));
        if (at.z < lowest.z) lowest = at;
      }
    }
    const Box3& room = assets_.models[holder.model].bounds;
    return lowest.z > static_cast<double>(room.low.z) && lowest.z < below_rim(room) &&
           walled_in(bound_.shapes[holder.model], lowest);
  }

  std::vector<Thing>& things_;
  const BoundScene& bound_;
  const Assets& assets_;
  double spread_;
  bool contents_;
  double largest_ = 0;
  std::optional<Bin> bin_;
  std::vector<std::optional<std::size_t>> inside_of_;
  std::vector<bool> steady_;  ///< found its place in a round before
};

}  // namespace

std::uint32_t drop_things(std::vector<Thing>& things, const BoundScene& bound, const Assets& assets,
                          double spread, const Streams& streams) {
  std::uint32_t redrawn = 0;
  for (const bool contents : {false, true}) {
    Drop drop(things, bound, assets, spread, contents);
    if (drop.unplaced() == 0) continue;
    for (int round = 0; round < kAttempts + kLastRounds; ++round) {
      const bool from_start = round < kAttempts && drop.unplaced() > 0;
      if (from_start) {
        if (round > 0) redrawn += drop.unplaced();
        Rng rng = streams.of("placement/" + std::string(contents ? "contents/" : "drop/") +
                             std::to_string(round));
        drop.start(rng);
      }
      const std::ptrdiff_t before = drop.placed();
      const bool held = drop.holds_any();
      drop.settle_placed(from_start);
      if (drop.placed() != before || (drop.unplaced() > 0 && round + 1 < kAttempts)) continue;
      if (!held) break;
      // What carried a thing that stayed may have moved on: all must hold without that.
      drop.release();
    }
  }
  return redrawn;
}

}  // namespace orrery
