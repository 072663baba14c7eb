#include "generator/draw_shot.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "generator/scene_pictures.hpp"
#include "scenes/made_model.hpp"
#include "scenes/mean_color.hpp"
#include "scenes/scene_sampler.hpp"

namespace orrery {
namespace {

std::uint32_t class_of(const Recipe& recipe, const std::string& name) {
  const auto found = std::find(recipe.classes.begin(), recipe.classes.end(), name);
  return static_cast<std::uint32_t>(found - recipe.classes.begin());
}

/// The colours of the models of the set that set `s` shall look like.
void add_likeness(BoundScene& bound, std::size_t s, const Assets& assets) {
  const std::string& of = bound.spec.objects[s].colors_of;
  for (std::size_t other = 0; other < bound.sets.size() && !of.empty(); ++other) {
    if (bound.spec.objects[other].name != of) continue;
    for (const std::uint32_t model : bound.sets[other].models) {
      bound.sets[s].colors.push_back(mean_color(assets.models[model]));
    }
  }
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
      } else if (model.path.string().rfind("made:flat/", 0) == 0) {
        bound.plain_surface = i;
      } else {
        bound.surfaces.push_back(i);
      }
      continue;
    }
    BoundSet& set = bound.sets.at(*model.set);
    set.models.push_back(i);
    set.classes.push_back(class_of(recipe, model.class_name));
    set.takes_image.push_back(!with_image(model.path.string()).empty());
  }
  bound.surface_images = pictures_of(recipe, surface_images_list());
  for (std::size_t s = 0; s < bound.sets.size(); ++s) {
    bound.sets[s].images = pictures_of(recipe, set_images_list(s));
    bound.sets[s].textures = pictures_of(recipe, set_textures_list(s));
    add_likeness(bound, s, assets);
    for (const std::string& name : bound.spec.objects[s].class_by_side) {
      bound.sets[s].class_by_side.push_back(class_of(recipe, name));
    }
  }
  bound.shapes.resize(assets.models.size());
  tbb::parallel_for(std::size_t{0}, assets.models.size(), [&](std::size_t i) {
    if (recipe.models[i].set) bound.shapes[i] = collision_shape_from(assets.models[i]);
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
