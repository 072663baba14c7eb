#include "generator/draw_shot.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "scenes/made_model.hpp"
#include "scenes/scene_sampler.hpp"

namespace orrery {
namespace {

std::uint32_t class_of(const Recipe& recipe, const std::string& name) {
  const auto found = std::find(recipe.classes.begin(), recipe.classes.end(), name);
  return static_cast<std::uint32_t>(found - recipe.classes.begin());
}

/// What holds up a model that does not stand by itself.
void bind_mount(BoundScene& bound, const Recipe& recipe, std::uint32_t model) {
  const std::string mount = made_mount_of(recipe.models[model].path.string());
  const auto found = std::find_if(recipe.models.begin(), recipe.models.end(),
                                  [&](const ModelEntry& other) { return other.path == mount; });
  if (mount.empty() || found == recipe.models.end()) return;
  bound.mounts.resize(recipe.models.size());
  bound.mounts[model] = static_cast<std::uint32_t>(found - recipe.models.begin());
}

/// Whether physics must know the models of a set: they fall, lie, or others may hit them.
bool needs_shape(const SceneSpec& scene, const ObjectSet& set) {
  const auto falls = [](const ObjectSet& s) { return s.placement == Placement::drop; };
  return set.placement == Placement::lie ||
         (set.placement != Placement::fly &&
          std::any_of(scene.objects.begin(), scene.objects.end(), falls));
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
      const auto is = [&](const char* kind) { return model.path.string().rfind(kind, 0) == 0; };
      if (is("made:bin/")) {
        bound.bin = i;
      } else if (is("made:shelf/")) {
        bound.shelves.push_back(i);
      } else if (is("made:surface/")) {
        bound.surfaces.push_back(i);
      }
      continue;
    }
    bind_mount(bound, recipe, i);
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
    const auto& set = recipe.models[i].set;
    if (set && needs_shape(bound.spec, bound.spec.objects.at(*set))) {
      bound.shapes[i] = collision_shape_from(assets.models[i],
                                             collision_detail_of(recipe.models[i].path.string()));
    }
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
