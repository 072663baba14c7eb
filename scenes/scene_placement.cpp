#include "scenes/scene_placement.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "scenes/instance_look.hpp"
#include "scenes/placed_thing.hpp"
#include "scenes/scene_drop.hpp"
#include "scenes/scene_scatter.hpp"
#include "scenes/shelf_placement.hpp"

namespace orrery {
namespace {

std::vector<Thing> drawn_things(const BoundScene& bound, const Assets& assets,
                                const Streams& streams) {
  std::vector<Thing> things;
  for (std::size_t s = 0; s < bound.sets.size(); ++s) {
    const ObjectSet& set = bound.spec.objects[s];
    const std::string factor = "objects/" + set.name + "/";
    Rng size = streams.of(factor + "size");
    InstanceLooks looks(bound, s, assets, streams);
    Rng contact = streams.of(factor + "contact");
    for (const std::uint32_t which : drawn_models(bound, s, streams)) {
      Thing thing;
      thing.set = s;
      thing.model = bound.sets[s].models[which];
      thing.class_id = set.label ? bound.sets[s].classes[which] : 0;
      const Box3& box = assets.models[thing.model].bounds;
      const glm::dvec3 sides(box.high - box.low);
      const double longest = drawn(set.size, size);
      if (longest > 0) thing.scale = longest / std::max({sides.x, sides.y, sides.z, 1e-9});
      thing.look = looks.next(which);
      thing.friction = drawn(set.friction, contact);
      thing.restitution = drawn(set.restitution, contact);
      thing.radius = 0.5 * glm::length(sides) * thing.scale;
      things.push_back(thing);
    }
  }
  // What covers others falls last.
  std::stable_partition(things.begin(), things.end(),
                        [&](const Thing& thing) { return !bound.spec.objects[thing.set].cover; });
  return things;
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
    goods[i]->pose = Pose{turned_about_z(places[i]->yaw), goods[i]->scale, places[i]->foot} *
                     Pose{glm::dmat3(1.0), 1.0, -foot};
    goods[i]->middle = glm::dvec2(places[i]->foot);
    goods[i]->placed = true;
  }
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

std::vector<std::uint32_t> drawn_models(const BoundScene& bound, std::size_t set,
                                        const Streams& streams) {
  const std::string factor = "objects/" + bound.spec.objects[set].name + "/";
  if (bound.spec.objects[set].label &&
      streams.of("objects/target_free").unit() < bound.spec.target_free) {
    return {};
  }
  Rng count = streams.of(factor + "count");
  Rng choice = streams.of(factor + "model");
  const double wanted = std::max(drawn(bound.spec.objects[set].count, count), 0.0);
  std::vector<std::uint32_t> models(static_cast<std::size_t>(wanted));
  for (std::uint32_t& which : models) {
    which = choice.below(static_cast<std::uint32_t>(bound.sets[set].models.size()));
  }
  return models;
}

void place_things(Scene& scene, const BoundScene& bound, const Assets& assets,
                  const Streams& streams) {
  Rng area = streams.of("placement/spread");
  const double spread = drawn(bound.spec.surface.spread, area);
  std::vector<Thing> things = drawn_things(bound, assets, streams);
  Rng apart = streams.of("placement/apart");
  place_on_shelf(things, bound, assets, apart);
  scatter_things(things, bound, assets, spread, apart);
  scene.placement.wanted = things.size();
  scene.placement.redrawn = drop_things(things, bound, assets, spread, streams);
  for (const Thing& thing : things) {
    if (!thing.placed) {
      ++scene.placement.left_out;
      continue;
    }
    const ObjectSet& set = bound.spec.objects[thing.set];
    if (!bound.mounts.empty() && bound.mounts.at(thing.model)) {
      scene.props.push_back({*bound.mounts.at(thing.model), thing.pose, {}, true});
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
