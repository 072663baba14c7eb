#include "generator/draw_shot.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "generator/scene_pictures.hpp"
#include "scenes/backplate.hpp"
#include "scenes/collision_pack.hpp"
#include "scenes/error.hpp"
#include "scenes/made_model.hpp"
#include "scenes/mean_color.hpp"
#include "scenes/scene_sampler.hpp"

namespace orrery {
namespace {

std::uint32_t class_of(const Recipe& recipe, const std::string& name) {
  const auto found = std::find(recipe.classes.begin(), recipe.classes.end(), name);
  return static_cast<std::uint32_t>(found - recipe.classes.begin());
}

/// What no set draws: model `index` of that name.
void bind_stage(BoundScene& bound, const std::string& name, std::uint32_t index) {
  for (std::size_t kind = 0; kind < kGoboNames.size(); ++kind) {
    if (name.rfind(std::string("made:gobo/") + kGoboNames[kind] + "/", 0) == 0) {
      return bound.gobos[kind].push_back(index);
    }
  }
  if (name.rfind("made:bin/", 0) == 0) {
    bound.bin = index;
  } else if (name.rfind("made:flat/", 0) == 0) {
    bound.plain_surface = index;
  } else if (name.rfind("made:shelf/", 0) == 0) {
    bound.shelves.push_back(index);
  } else if (name.rfind("made:surface/", 0) == 0) {
    bound.surfaces.push_back(index);
  }
}

/// The rooms among the recipe's skies, with their models.
void bind_rooms(BoundScene& bound, const Recipe& recipe) {
  const auto model_of = [&](const std::string& name) {
    const auto found = std::find_if(recipe.models.begin(), recipe.models.end(),
                                    [&](const ModelEntry& m) { return m.path.string() == name; });
    if (found == recipe.models.end()) throw Error("models lack \"" + name + "\", part of a room");
    return static_cast<std::uint32_t>(found - recipe.models.begin());
  };
  bound.skies = 0;
  for (std::uint32_t i = 0; i < recipe.skies.size(); ++i) {
    const std::string& name = recipe.skies[i].name;
    if (name.rfind(kRoomPrefix, 0) != 0) {
      ++bound.skies;
      continue;
    }
    const RoomPlan plan = room_plan(name);
    bound.rooms.push_back({plan, room_lighting(plan), model_of(made_room_shell(name)),
                           model_of(made_room_shade(name)), i});
  }
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

/// What holds up a model that does not stand by itself.
void bind_mount(BoundScene& bound, const Recipe& recipe, std::uint32_t model) {
  const std::string mount = made_mount_of(recipe.models[model].path.string());
  if (mount.empty()) return;
  const auto found = std::find_if(recipe.models.begin(), recipe.models.end(),
                                  [&](const ModelEntry& other) { return other.path == mount; });
  if (found == recipe.models.end()) throw Error("models lack \"" + mount + "\", a mount");
  bound.mounts.resize(recipe.models.size());
  bound.mounts[model] = static_cast<std::uint32_t>(found - recipe.models.begin());
}

/// Whether physics must know the models of a set: they fall, lie, or others may hit them.
bool needs_shape(const SceneSpec& scene, const ObjectSet& set) {
  const auto falls = [](const ObjectSet& s) {
    return s.placement == Placement::drop || s.placement == Placement::stack;
  };
  return set.placement == Placement::lie ||
         (set.placement != Placement::fly &&
          std::any_of(scene.objects.begin(), scene.objects.end(), falls));
}

/// Which of the recipe's models each set draws from.
BoundScene bound_scene(const Recipe& recipe) {
  BoundScene bound;
  bound.spec = recipe.scene;
  bind_rooms(bound, recipe);
  bound.photos = static_cast<std::uint32_t>(recipe.photos.size());
  bound.sets.resize(bound.spec.objects.size());
  for (std::uint32_t i = 0; i < recipe.models.size(); ++i) {
    const ModelEntry& model = recipe.models[i];
    if (!model.set) {
      bind_stage(bound, model.path.string(), i);
      continue;
    }
    bind_mount(bound, recipe, i);
    BoundSet& set = bound.sets.at(*model.set);
    set.models.push_back(i);
    set.classes.push_back(class_of(recipe, model.class_name));
    set.takes_image.push_back(!with_image(model.path.string()).empty());
  }
  bound.surface_images = pictures_of(recipe, surface_images_list());
  for (std::size_t s = 0; s < bound.sets.size(); ++s) {
    bound.sets[s].images = pictures_of(recipe, set_images_list(s));
    bound.sets[s].textures = pictures_of(recipe, set_textures_list(s));
    for (const std::string& name : bound.spec.objects[s].class_by_side) {
      bound.sets[s].class_by_side.push_back(class_of(recipe, name));
    }
  }
  return bound;
}

/// …and what physics knows of them.
BoundScene bound_scene(const Recipe& recipe, const Assets& assets) {
  BoundScene bound = bound_scene(recipe);
  if (bound.spec.turntable) return bound;  // nothing falls
  for (std::uint32_t i = 0; i < assets.photos.size(); ++i) {
    const Image<Rgba8>& photo = assets.photos[i];
    bound.plates.push_back(
        {bound.spec.backplate.views.at(i), i, {photo.width, photo.height}, ground_color(photo)});
  }
  for (std::size_t s = 0; s < bound.sets.size(); ++s) add_likeness(bound, s, assets);
  bound.shapes.resize(assets.models.size());
  bound.hulls.resize(assets.models.size());
  tbb::parallel_for(std::size_t{0}, assets.models.size(), [&](std::size_t i) {
    const auto& set = recipe.models[i].set;
    if (set && needs_shape(bound.spec, bound.spec.objects.at(*set))) {
      bound.shapes[i] = cached_collision_shape(assets.models[i],
                                               collision_detail_of(recipe.models[i].path.string()));
      bound.hulls[i] = cached_collision_shape(assets.models[i], {.pieces = 1, .corners = 20});
    }
  });
  return bound;
}

}  // namespace

DrawShot draw_shot_of(const Recipe& recipe, const Assets& assets) {
  const std::uint64_t seed = recipe.seed;
  return [bound = bound_scene(recipe, assets), &assets, seed](std::uint64_t index) {
    return scene_shot(bound, assets, seed, index);
  };
}

DrawModels draw_models_of(const Recipe& recipe) {
  const std::uint64_t seed = recipe.seed;
  return [bound = bound_scene(recipe), seed](std::uint64_t index) {
    return scene_models(bound, seed, index);
  };
}

}  // namespace orrery
