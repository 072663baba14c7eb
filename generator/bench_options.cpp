#include "generator/bench_options.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <set>

#include "scenes/error.hpp"

namespace orrery {
namespace {

bool is_scene(const std::string& file) {
  const std::string extension = std::filesystem::path(file).extension().string();
  return extension == ".yaml" || extension == ".yml";
}

/// What a scene file says itself: then an option that is given and does nothing would mislead.
void refuse_turntable_options(const CLI::App& app, const std::string& file) {
  static const std::set<std::string> kNames{"class", "class-order", "preset", "max-texture"};
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0 || option->get_lnames().empty()) continue;
    const std::string name = option->get_lnames().front();
    const std::string group = option->get_group();
    const bool turntable = kNames.count(name) > 0 || group.rfind("Camera", 0) == 0 ||
                           group == "Scene" || group == "Model files";
    if (!turntable || name == "size") continue;
    throw Error("--" + name + ": is of turntables, found beside " + file +
                    ", wanted --set path.to.key=value",
                Exit::usage);
  }
}

}  // namespace

void add_bench_options(CLI::App& app, RawTurntable& raw, RawScene& raw_scene) {
  add_recipe_options(app, raw);
  app.add_option("--set", raw_scene.sets, "path.to.key=value: another value than a scene file's");
  app.footer(
      "Examples:\n"
      "  orrery bench mug.glb -n 200\n"
      "  orrery bench scenes/library/tabletop.yaml -n 64");
}

Recipe bench_recipe(const CLI::App& app, const RawTurntable& raw, const RawScene& raw_scene) {
  if (raw.models.empty() || !is_scene(raw.models.front())) {
    if (raw_scene.sets.empty()) return recipe_from(raw);
    throw Error("--set: is of scene files, found beside models, wanted a .yaml file in their place",
                Exit::usage);
  }
  const std::string& file = raw.models.front();
  if (raw.models.size() > 1) {
    throw Error(raw.models[1] + ": found after the scene file " + file + ", wanted it alone",
                Exit::usage);
  }
  refuse_turntable_options(app, file);
  return recipe_from(RawScene{.file = file, .sets = raw_scene.sets, .vary = {}, .common = raw});
}

}  // namespace orrery
