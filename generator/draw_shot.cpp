#include "generator/draw_shot.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "scenes/collision_pack.hpp"
#include "scenes/scene_sampler.hpp"

namespace orrery {
namespace {

std::uint32_t class_of(const Recipe& recipe, const std::string& name) {
  const auto found = std::find(recipe.classes.begin(), recipe.classes.end(), name);
  return static_cast<std::uint32_t>(found - recipe.classes.begin());
}

/// Which of the recipe's models each set draws from, and what physics knows of them.
BoundScene bound_scene(const Recipe& recipe, const Assets& assets) {
  BoundScene bound;
  bound.spec = *recipe.scene;
  bound.skies = static_cast<std::uint32_t>(recipe.skies.size());
  bound.sets.resize(bound.spec.objects.size());
  for (std::uint32_t i = 0; i < recipe.models.size(); ++i) {
    const ModelEntry& model = recipe.models[i];
    if (!model.set) {
      if (model.path.string().rfind("made:bin/", 0) == 0) {
        bound.bin = i;
      } else {
        bound.surfaces.push_back(i);
      }
      continue;
    }
    BoundSet& set = bound.sets.at(*model.set);
    set.models.push_back(i);
    set.classes.push_back(class_of(recipe, model.class_name));
  }
  for (std::size_t s = 0; s < bound.sets.size(); ++s) {
    for (const std::string& name : bound.spec.objects[s].class_by_side) {
      bound.sets[s].class_by_side.push_back(class_of(recipe, name));
    }
  }
  bound.shapes.resize(assets.models.size());
  tbb::parallel_for(std::size_t{0}, assets.models.size(), [&](std::size_t i) {
    if (recipe.models[i].set) bound.shapes[i] = cached_collision_shape(assets.models[i]);
  });
  return bound;
}

}  // namespace

DrawShot draw_shot_of(const Recipe& recipe, const Assets& assets) {
  const std::uint64_t seed = recipe.seed;
  if (!recipe.scene) {
    return [spec = bound_turntable(recipe), &assets, seed](std::uint64_t index) {
      return turntable_shot(spec, assets, seed, index);
    };
  }
  return [bound = bound_scene(recipe, assets), &assets, seed](std::uint64_t index) {
    return scene_shot(bound, assets, seed, index);
  };
}

}  // namespace orrery
