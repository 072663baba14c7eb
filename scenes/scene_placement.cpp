#include "scenes/scene_placement.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <glm/gtc/quaternion.hpp>
#include <optional>
#include <string>

#include "scenes/made_model.hpp"
#include "scenes/physics.hpp"
#include "scenes/shelf_placement.hpp"

namespace orrery {
namespace {

/// How often a scene is drawn anew before what is unsound is left out.
constexpr int kAttempts = 4;

/// One thing before it has its place.
struct Thing {
  std::size_t set = 0;  ///< into SceneSpec::objects
  std::uint32_t model = 0;
  std::uint32_t class_id = 0;
  double scale = 1;
  Look look;
  double friction = 0.5;
  double restitution = 0.1;
  double radius = 0;  ///< of the sphere around it, metres
  Pose pose;
  bool placed = false;
};

/// Red, green and blue of a hue in degrees; as HSV.
glm::dvec3 color_from_hsv(double hue, double saturation, double value) {
  const auto channel = [&](double offset) {
    const double k = std::fmod(std::fmod(offset + hue / 60, 6.0) + 6.0, 6.0);
    return value - value * saturation * std::clamp(std::min(k, 4 - k), 0.0, 1.0);
  };
  return {channel(5), channel(3), channel(1)};
}

Look drawn_look(const ObjectSet& set, Rng& rng) {
  Look look;
  const double hue = drawn(set.hue, rng);
  const double saturation = drawn(set.saturation, rng);
  look.tint = glm::vec3(color_from_hsv(hue, saturation, drawn(set.brightness, rng)));
  look.roughness = static_cast<float>(drawn(set.roughness, rng));
  look.metallic = static_cast<float>(drawn(set.metallic, rng));
  return look;
}

std::vector<Thing> drawn_things(const BoundScene& bound, const Assets& assets,
                                const Streams& streams) {
  std::vector<Thing> things;
  for (std::size_t s = 0; s < bound.sets.size(); ++s) {
    const ObjectSet& set = bound.spec.objects[s];
    const std::string factor = "objects/" + set.name + "/";
    Rng count = streams.of(factor + "count");
    Rng choice = streams.of(factor + "model");
    Rng size = streams.of(factor + "size");
    Rng look = streams.of(factor + "look");
    Rng contact = streams.of(factor + "contact");
    const auto wanted = static_cast<std::uint32_t>(std::max(drawn(set.count, count), 0.0));
    for (std::uint32_t i = 0; i < wanted; ++i) {
      const std::uint32_t which =
          choice.below(static_cast<std::uint32_t>(bound.sets[s].models.size()));
      Thing thing;
      thing.set = s;
      thing.model = bound.sets[s].models[which];
      thing.class_id = set.label ? bound.sets[s].classes[which] : 0;
      const Box3& box = assets.models[thing.model].bounds;
      const glm::dvec3 sides(box.high - box.low);
      const double longest = drawn(set.size, size);
      if (longest > 0) thing.scale = longest / std::max({sides.x, sides.y, sides.z, 1e-9});
      thing.look = drawn_look(set, look);
      thing.friction = drawn(set.friction, contact);
      thing.restitution = drawn(set.restitution, contact);
      thing.radius = 0.5 * glm::length(sides) * thing.scale;
      things.push_back(thing);
    }
  }
  return things;
}

glm::dvec2 place_in_disc(Rng& rng, double radius) {
  const double r = radius * std::sqrt(rng.unit());
  const double angle = rng.uniform(0, glm::two_pi<double>());
  return {r * std::cos(angle), r * std::sin(angle)};
}

glm::dmat3 turned(double angle) {
  return {std::cos(angle), std::sin(angle), 0, -std::sin(angle), std::cos(angle), 0, 0, 0, 1};
}

/// What holds the model up, if it does not stand by itself.
std::optional<std::uint32_t> mount_of(std::uint32_t model, const BoundScene& bound) {
  return bound.mounts.empty() ? std::nullopt : bound.mounts.at(model);
}

/// Stands upright or lies in one of its resting poses, its lowest point at z = 0.
Pose resting(const Thing& thing, Placement placement, const BoundScene& bound, const Assets& assets,
             Rng& rng) {
  Pose plane_from_object;
  if (placement == Placement::lie) {
    const std::vector<RestingPose> poses = resting_poses(bound.shapes[thing.model]);
    double left = rng.unit();
    plane_from_object = poses.back().plane_from_object;
    for (const RestingPose& pose : poses) {
      left -= pose.probability;
      if (left >= 0) continue;
      plane_from_object = pose.plane_from_object;
      break;
    }
  } else {
    const Box3& box = assets.models[thing.model].bounds;
    const glm::dvec3 middle(0.5F * (box.low + box.high));
    plane_from_object.translation = {-middle.x, -middle.y, -static_cast<double>(box.low.z)};
    if (const auto mount = mount_of(thing.model, bound)) {
      plane_from_object.translation = {0, 0,
                                       -static_cast<double>(assets.models[*mount].bounds.low.z)};
    }
  }
  const double turn = glm::radians(drawn(bound.spec.objects[thing.set].yaw, rng));
  return Pose{turned(turn), thing.scale, glm::dvec3(0)} * plane_from_object;
}

double distance_in_plane(const Thing& a, const glm::dvec2& at) {
  return glm::distance(glm::dvec2(a.pose.translation), at);
}

/// Where a thing with this radius is clear of all that are placed; nothing after many tries.
std::optional<glm::dvec2> free_place(const std::vector<Thing>& things, double radius, double spread,
                                     Rng& rng) {
  for (int attempt = 0; attempt < 60; ++attempt) {
    const glm::dvec2 at = place_in_disc(rng, spread);
    const bool clear = std::all_of(things.begin(), things.end(), [&](const Thing& other) {
      return !other.placed || distance_in_plane(other, at) > other.radius + radius;
    });
    if (clear) return at;
  }
  return std::nullopt;
}

/// Rows on the boards of the shelf; what finds no room stays unplaced.
void place_on_shelf(std::vector<Thing>& things, const BoundScene& bound, const Assets& assets,
                    Rng& rng) {
  std::vector<ShelfItem> items;
  std::vector<Thing*> goods;
  for (Thing& thing : things) {
    if (bound.spec.objects[thing.set].placement != Placement::shelf) continue;
    const Box3& box = assets.models[thing.model].bounds;
    items.push_back({thing.scale * glm::dvec3(box.high - box.low), thing.model});
    goods.push_back(&thing);
  }
  const auto places = places_on_shelf(items, bound.spec.surface.shelf, rng);
  for (std::size_t i = 0; i < goods.size(); ++i) {
    if (!places[i]) continue;
    const Box3& box = assets.models[goods[i]->model].bounds;
    const glm::dvec3 middle(0.5F * (box.low + box.high));
    const glm::dvec3 foot(middle.x, middle.y, box.low.z);
    goods[i]->pose = Pose{turned(places[i]->yaw), goods[i]->scale, places[i]->foot} *
                     Pose{glm::dmat3(1.0), 1.0, -foot};
    goods[i]->placed = true;
  }
}

/// Everything that needs no physics.
void place_apart(std::vector<Thing>& things, const BoundScene& bound, const Assets& assets,
                 double spread, Rng& rng) {
  for (Thing& thing : things) {
    const Placement placement = bound.spec.objects[thing.set].placement;
    if (placement == Placement::drop || placement == Placement::shelf) continue;
    if (placement == Placement::fly) {
      thing.pose = {glm::mat3_cast(rng.rotation()), thing.scale,
                    spread * std::cbrt(rng.unit()) * rng.direction()};
      thing.pose.translation.z += 1.5 * spread;
      thing.placed = true;
      continue;
    }
    const Pose pose = resting(thing, placement, bound, assets, rng);
    if (const auto at = free_place(things, thing.radius, spread, rng)) {
      thing.pose = Pose{glm::dmat3(1.0), 1.0, glm::dvec3(*at, 0)} * pose;
      thing.placed = true;
    }
  }
}

/// Lets the others fall on what stands. True if all of them came to sound rest; those that did not
/// stay unplaced.
bool drop_rest(std::vector<Thing>& things, const BoundScene& bound, double spread, Rng& rng) {
  const SurfaceSpec& surface = bound.spec.surface;
  std::vector<Body> bodies;
  std::vector<Thing*> falling;
  double top = 0;
  for (const Thing& thing : things) {
    if (!thing.placed || bound.spec.objects[thing.set].placement == Placement::fly) continue;
    bodies.push_back({&bound.shapes[thing.model], thing.pose, 500, thing.friction, 0, true});
    top = std::max(top, thing.pose.translation.z + 2 * thing.radius);
  }
  const std::size_t fixed = bodies.size();
  for (Thing& thing : things) {
    if (bound.spec.objects[thing.set].placement != Placement::drop) continue;
    const glm::dvec2 at = place_in_disc(rng, spread);
    // High enough to be clear of those that started before at the same place.
    double height = thing.radius * 1.1;
    for (const Thing* other : falling) {
      if (distance_in_plane(*other, at) < other->radius + thing.radius) {
        height =
            std::max(height, other->pose.translation.z + 1.05 * (other->radius + thing.radius));
      }
    }
    height = std::max(height, top > 0 ? top + thing.radius : 0.0);
    const glm::dmat3 anyhow = glm::mat3_cast(rng.rotation());
    const glm::dmat3 upright = turned(glm::radians(drawn(bound.spec.objects[thing.set].yaw, rng)));
    thing.pose = {bound.spec.objects[thing.set].tumble ? anyhow : upright, thing.scale,
                  glm::dvec3(at, height)};
    falling.push_back(&thing);
    bodies.push_back({&bound.shapes[thing.model], thing.pose, bound.spec.objects[thing.set].density,
                      thing.friction, thing.restitution, false});
  }
  if (falling.empty()) return true;
  std::optional<Bin> bin;
  if (surface.bin_height > 0) {
    const double side = 2 * greatest(surface.spread);
    bin = Bin{{0, 0, kBinWall}, {side, side, surface.bin_height}, 0.5};
  }
  const Settled settled = settle(bodies, bin);
  bool sound = settled.at_rest && settled.deepest_penetration < 0.001;
  for (std::size_t i = 0; i < falling.size(); ++i) {
    Thing& thing = *falling[i];
    thing.pose = settled.poses[fixed + i];
    const double away = glm::length(glm::dvec2(thing.pose.translation));
    thing.placed = settled.supported[fixed + i] && settled.inside[fixed + i] &&
                   away < 0.5 * std::min(surface.width, surface.depth);
    sound = sound && thing.placed;
  }
  return sound;
}

/// Which of the model's +x, -x, +y, -y, +z and -z points up most.
std::size_t side_up(const glm::dmat3& world_from_object) {
  std::size_t best = 0;
  double highest = -2;
  for (std::size_t side = 0; side < 6; ++side) {
    const double up = (side % 2 == 0 ? 1 : -1) * world_from_object[static_cast<int>(side / 2)].z;
    if (up <= highest) continue;
    highest = up;
    best = side;
  }
  return best;
}

}  // namespace

void place_things(Scene& scene, const BoundScene& bound, const Assets& assets,
                  const Streams& streams) {
  const std::vector<Thing> drawn = drawn_things(bound, assets, streams);
  Rng area = streams.of("placement/spread");
  const double spread = orrery::drawn(bound.spec.surface.spread, area);
  std::vector<Thing> things;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    things = drawn;
    Rng rng = streams.of("placement/" + std::to_string(attempt));
    place_on_shelf(things, bound, assets, rng);
    place_apart(things, bound, assets, spread, rng);
    if (drop_rest(things, bound, spread, rng)) break;
  }
  for (const Thing& thing : things) {
    if (!thing.placed) continue;
    const ObjectSet& set = bound.spec.objects[thing.set];
    if (const auto mount = mount_of(thing.model, bound)) {
      scene.props.push_back({*mount, thing.pose, {}, true});
    }
    if (set.label && (!set.label_when_up || thing.pose.rotation[2].z > 0)) {
      const std::vector<std::uint32_t>& sides = bound.sets[thing.set].class_by_side;
      const std::uint32_t class_id =
          sides.empty() ? thing.class_id : sides.at(side_up(thing.pose.rotation));
      scene.objects.push_back({thing.model, class_id, thing.pose, thing.look});
    } else {
      scene.props.push_back({thing.model, thing.pose, thing.look, true});
    }
  }
}

}  // namespace orrery
