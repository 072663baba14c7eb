#include "generator/scene_options.hpp"

#include <glob.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <set>

#include "generator/option_values.hpp"
#include "generator/options.hpp"
#include "scenes/error.hpp"
#include "scenes/made_model.hpp"
#include "scenes/scene_file.hpp"

namespace orrery {
namespace {

std::vector<std::filesystem::path> files_like(const std::string& pattern,
                                              const std::string& where) {
  glob_t found{};
  const int failed = glob(pattern.c_str(), GLOB_MARK, nullptr, &found);
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; failed == 0 && i < found.gl_pathc; ++i) {
    files.emplace_back(found.gl_pathv[i]);
  }
  globfree(&found);
  if (files.empty()) {
    throw Error(where + " is \"" + pattern + "\", which no file is like, wanted model files");
  }
  return files;
}

/// The models of one set, with their classes.
void add_models(Recipe& recipe, std::uint32_t index, const std::string& file) {
  const ObjectSet& set = recipe.scene->objects[index];
  const std::string where = file + ": objects[" + std::to_string(index) + "].models";
  std::vector<std::filesystem::path> paths;
  for (const std::string& pattern : set.models) {
    for (const auto& path : files_like(pattern, where)) paths.push_back(path);
  }
  const std::vector<std::string> own = default_class_names(paths);
  const auto add = [&](const std::string& path, const std::string& class_name) {
    const std::string& name = set.class_name.empty() ? class_name : set.class_name;
    const bool by_model = set.label && set.class_by_side.empty();
    recipe.models.push_back({path, by_model ? name : "", "", {}, index});
    const std::string mount = made_mount_of(path);
    if (!mount.empty()) recipe.models.push_back({mount, "", "", {}, std::nullopt});
  };
  for (std::size_t i = 0; i < paths.size(); ++i) {
    add(std::filesystem::absolute(paths[i]).lexically_normal().string(), own[i]);
  }
  for (const std::string& shape : set.shapes) {
    const std::string& faces = recipe.scene->faces;
    const bool pictures = shape == "card" && !faces.empty();
    for (const MadeModel& made : pictures ? made_cards_of(faces) : made_models_of(shape)) {
      add(made.name, made.class_name);
    }
  }
}

void add_surfaces(Recipe& recipe) {
  const SurfaceSpec& surface = recipe.scene->surface;
  if (surface.bin_height > 0) {
    const double side = 2 * greatest(surface.spread);
    recipe.models.push_back({made_bin(side, side, surface.bin_height), "", "", {}, std::nullopt});
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

void add_classes(Recipe& recipe) {
  recipe.classes = recipe.scene->classes;
  const auto add = [&](const std::string& name, const std::string& whose) {
    const bool known =
        std::find(recipe.classes.begin(), recipe.classes.end(), name) != recipe.classes.end();
    if (!known && !recipe.scene->classes.empty()) {
      throw Error("classes lack \"" + name + "\", the class of " + whose);
    }
    if (!known) recipe.classes.push_back(name);
  };
  for (const ModelEntry& model : recipe.models) {
    if (!model.class_name.empty()) add(model.class_name, model.path.string());
  }
  for (const ObjectSet& set : recipe.scene->objects) {
    for (const std::string& name : set.class_by_side) add(name, "a side in set " + set.name);
  }
}

}  // namespace

void add_scene_options(CLI::App& app, RawScene& raw) {
  app.add_option("SCENE", raw.file, "scene file (YAML)")->required();
  app.add_option("-n,--count", raw.common.count, "images")->capture_default_str();
  app.add_option("--seed", raw.common.seed, "another seed, another dataset")->capture_default_str();
  app.add_option("--set", raw.sets, "path.to.key=value: another value than the file's");
  app.add_option("--vary", raw.vary,
                 "draw a factor anew and leave all else: objects, placement, surface, lights, sky, "
                 "camera");
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
  SceneSpec& scene = *recipe.scene;
  if (!raw.common.size.empty()) {
    std::tie(scene.camera.width, scene.camera.height) = size_from("--size", raw.common.size);
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < scene.objects.size(); ++i) {
    ObjectSet& set = scene.objects[i];
    if (set.name.empty()) set.name = "set " + std::to_string(i);
    if (!names.insert(set.name).second) {
      throw Error(raw.file + ": objects[" + std::to_string(i) + "].name is \"" + set.name +
                  "\" again, wanted a name of its own");
    }
    add_models(recipe, static_cast<std::uint32_t>(i), raw.file);
  }
  add_surfaces(recipe);
  add_classes(recipe);
  recipe.skies.clear();
  for (const std::string& sky : scene.sky.names) recipe.skies.push_back({sky, ""});
  set_common(recipe, raw.common);
  require_valid(recipe, raw.file);
  return recipe;
}

}  // namespace orrery
