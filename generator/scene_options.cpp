#include "generator/scene_options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>

#include "generator/files_like.hpp"
#include "generator/option_values.hpp"
#include "generator/options.hpp"
#include "generator/scene_pictures.hpp"
#include "scenes/backplate.hpp"
#include "scenes/error.hpp"
#include "scenes/gobo.hpp"
#include "scenes/made_model.hpp"
#include "scenes/room.hpp"
#include "scenes/scene_file.hpp"

namespace orrery {
namespace {

std::vector<MadeModel> models_of(const std::string& shape, const SceneSpec& scene) {
  if (shape != "card") return made_models_of(shape);
  return scene.faces.empty() ? made_cards(scene.prints) : made_cards_of(scene.faces, scene.prints);
}

/// The models of one set, with their classes.
void add_models(Recipe& recipe, std::uint32_t index, const std::string& file) {
  const ObjectSet& set = recipe.scene.objects[index];
  const std::string where = file + ": objects[" + std::to_string(index) + "].models";
  std::vector<std::filesystem::path> paths;
  for (const std::string& pattern : set.models) {
    for (const auto& path : files_like(pattern, where, "model files")) paths.push_back(path);
  }
  const std::vector<std::string> own = default_class_names(paths);
  const auto add = [&](const std::string& path, const std::string& class_name) {
    const std::string& name = set.class_name.empty() ? class_name : set.class_name;
    const bool by_model = set.label && set.class_by_side.empty();
    ImportSettings import;
    if (set.unit > 0) import.unit = set.unit;
    import.allow_missing = set.allow_missing;
    recipe.models.push_back({path, by_model ? name : "", "", import, index});
    const std::string mount = made_mount_of(path);
    if (!mount.empty()) recipe.models.push_back({mount, "", "", {}, std::nullopt});
  };
  for (std::size_t i = 0; i < paths.size(); ++i) {
    add(std::filesystem::absolute(paths[i]).lexically_normal().string(), own[i]);
  }
  bool takes_images = set.images.empty();
  for (const std::string& shape : set.shapes) {
    for (const MadeModel& made : models_of(shape, recipe.scene)) {
      const std::string with = set.images.empty() ? "" : with_image(made.name);
      takes_images |= !with.empty();
      add(with.empty() ? made.name : with, made.class_name);
    }
  }
  if (!takes_images) {
    throw Error(file + ": objects[" + std::to_string(index) +
                "].images have no place, wanted box, book or paper among the shapes");
  }
}

void add_surfaces(Recipe& recipe) {
  const SurfaceSpec& surface = recipe.scene.surface;
  if (surface.bin_height > 0) {
    const double side = 2 * greatest(surface.spread);
    recipe.models.push_back({made_bin(side, side, surface.bin_height), "", "", {}, std::nullopt});
  }
  if (!surface.images.empty()) {
    const std::string name = made_flat_surface(surface.width, surface.depth);
    recipe.models.push_back({name, "", "", {}, std::nullopt});
  }
  for (std::uint32_t variant = 0; surface.shelf.boards > 0 && variant < kShelfVariants; ++variant) {
    recipe.models.push_back({made_shelf(surface.shelf, variant), "", "", {}, std::nullopt});
  }
  for (const std::string& material : surface.materials) {
    for (std::uint32_t variant = 0; variant < surface.variants; ++variant) {
      const std::string name = made_surface(material, variant, surface.width, surface.depth);
      recipe.models.push_back({name, "", "", {}, std::nullopt});
    }
  }
}

/// Those that have a weight.
void add_gobos(Recipe& recipe) {
  const GoboSpec& weights = recipe.scene.lights.gobo;
  const std::array<double, kGoboNames.size()> weight{weights.window, weights.blinds,
                                                     weights.leaves};
  for (std::size_t kind = 0; kind < kGoboNames.size(); ++kind) {
    for (std::uint32_t variant = 0; weight[kind] > 0 && variant < kGoboVariants; ++variant) {
      recipe.models.push_back({made_gobo(kGoboNames[kind], variant), "", "", {}, std::nullopt});
    }
  }
}

/// Names of our own, and files.
void add_skies(Recipe& recipe, const std::string& file) {
  recipe.skies.clear();
  for (const std::string& sky : recipe.scene.sky.names) {
    if (std::filesystem::path(sky).extension() != ".hdr") {
      recipe.skies.push_back({sky, ""});
      continue;
    }
    for (const auto& path : files_like(sky, file + ": sky.names", "sky files")) {
      recipe.skies.push_back({std::filesystem::absolute(path).lexically_normal().string(), ""});
    }
  }
}

/// After the other skies: they are drawn apart.
void add_rooms(Recipe& recipe) {
  const SurfaceSpec& surface = recipe.scene.surface;
  for (const std::string& room : room_names(recipe.scene.room, {surface.width, surface.depth})) {
    recipe.models.push_back({made_room_shell(room), "", "", {}, std::nullopt});
    recipe.models.push_back({made_room_shade(room), "", "", {}, std::nullopt});
    recipe.skies.push_back({room, ""});
  }
}

/// The photos, each with how it saw its ground: as the scene file says, or the file beside it, or
/// as the photo looks.
void add_backplates(Recipe& recipe, const std::string& file) {
  BackplateSpec& spec = recipe.scene.backplate;
  std::vector<Backplate> views;
  recipe.photos.clear();
  for (const std::string& pattern : spec.photos) {
    for (const auto& path : files_like(pattern, file + ": backplate.photos", "photos")) {
      if (path.extension() == ".yaml") continue;
      const std::string name = std::filesystem::absolute(path).lexically_normal().string();
      recipe.photos.push_back({name, ""});
      const auto said = std::find_if(spec.views.begin(), spec.views.end(), [&](const Backplate& b) {
        return std::filesystem::absolute(b.photo).lexically_normal() == name;
      });
      if (said != spec.views.end()) {
        views.push_back(*said);
        continue;
      }
      const auto beside = std::filesystem::path(name).replace_extension(".yaml");
      const PhotoView view =
          std::filesystem::exists(beside) ? photo_view_from_file(beside) : PhotoView{};
      views.push_back(fitted_backplate(name, read_color(name), view, spec));
    }
  }
  spec.views = views;
}

void add_classes(Recipe& recipe) {
  recipe.classes = recipe.scene.classes;
  const auto add = [&](const std::string& name, const std::string& whose) {
    const bool known =
        std::find(recipe.classes.begin(), recipe.classes.end(), name) != recipe.classes.end();
    if (!known && !recipe.scene.classes.empty()) {
      throw Error("classes lack \"" + name + "\", the class of " + whose);
    }
    if (!known) recipe.classes.push_back(name);
  };
  for (const ModelEntry& model : recipe.models) {
    if (!model.class_name.empty()) add(model.class_name, model.path.string());
  }
  for (const ObjectSet& set : recipe.scene.objects) {
    for (const std::string& name : set.class_by_side) add(name, "a side in set " + set.name);
  }
}

}  // namespace

void add_scene_options(CLI::App& app, RawScene& raw) {
  app.add_option("SCENE", raw.file, "scene file (YAML)")->required();
  app.add_option("-n,--count", raw.common.count, "images")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", raw.common.seed, "another seed, another dataset")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--set", raw.sets, "path.to.key=value: another value than the file's");
  app.add_option("--vary", raw.vary,
                 "draw a factor anew and leave all else: objects, placement, surface, lights, sky, "
                 "room, backplate, camera, sensor");
  app.add_option("--size", raw.common.size, "image size in pixels, as 640x480 [the file's]");
  add_output_options(app, raw.common);
}

Recipe recipe_from(const RawScene& raw) {
  Recipe recipe = default_recipe();
  std::vector<std::string> sets = raw.sets;
  std::string vary;
  for (const std::string& factor : raw.vary) vary += (vary.empty() ? "" : ",") + factor;
  if (!vary.empty()) sets.push_back("vary=[" + vary + "]");
  recipe.scene = read_scene_file(raw.file, sets);
  SceneSpec& scene = recipe.scene;
  if (!raw.common.size.empty()) {
    const auto [width, height] = size_from("--size", raw.common.size);
    (scene.turntable ? scene.turntable->width : scene.camera.width) = width;
    (scene.turntable ? scene.turntable->height : scene.camera.height) = height;
  }
  const std::vector<std::string> names = set_names(scene.objects);
  std::set<std::string> taken;
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    ObjectSet& set = scene.objects[i];
    set.name = names[i];
    if (!taken.insert(set.name).second) {
      throw Error(raw.file + ": objects[" + std::to_string(i) + "].name is \"" + set.name +
                  "\" again, wanted a name of its own");
    }
    add_models(recipe, static_cast<std::uint32_t>(i), raw.file);
  }
  if (!scene.turntable) add_surfaces(recipe);
  add_classes(recipe);
  if (scene.turntable) {
    list_turntable_files(recipe);
  } else {
    add_gobos(recipe);
    add_skies(recipe, raw.file);
    add_rooms(recipe);
    add_backplates(recipe, raw.file);
  }
  set_common(recipe, raw.common);
  add_pictures(recipe, raw.file);  // by the seed
  require_valid(recipe, raw.file);
  return recipe;
}

}  // namespace orrery
