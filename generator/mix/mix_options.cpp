#include "generator/mix/mix_options.hpp"

#include "scenes/error.hpp"

namespace orrery {
namespace {

void refuse(bool given, const std::string& option, const std::string& instead) {
  if (!given) return;
  throw Error(option + ": is for scene files, wanted " + instead + " with a recipe", Exit::usage);
}

}  // namespace

MixRecipe mix_recipe_from(const RawScene& raw) {
  const RawTurntable& common = raw.common;
  refuse(!raw.vary.empty(), "--vary", "none");
  refuse(!common.size.empty(), "--size", "--set outputs.width=… --set outputs.height=…");
  refuse(common.depth || common.id || common.normal || common.all_planes, "planes",
         "scene files for depth, ids and normals, and none");
  refuse(common.flow, "--flow", "none");
  refuse(common.panoptic, "--panoptic", "none");
  refuse(!common.format.empty(), "--format", "none: pictures are JPEG");
  MixRecipe recipe = read_mix_recipe(raw.file, raw.sets);
  recipe.seed = common.seed;
  recipe.count = common.count;
  if (common.chunk) recipe.chunk = *common.chunk;
  if (!common.on_failure.empty()) recipe.on_failure = on_failure_from(common);
  recipe.pack = pack_from(common);
  if (common.quality) recipe.outputs.quality = *common.quality;
  if (recipe.count == 0) throw Error("--count: is 0, wanted at least 1", Exit::usage);
  if (recipe.chunk == 0) throw Error("--chunk: is 0, wanted at least 1", Exit::usage);
  for (MixScene& scene : recipe.scenes) {
    RawScene of_scene;
    of_scene.file = scene.file;
    of_scene.sets = scene.set;
    of_scene.common = common;
    of_scene.common.quality.reset();
    of_scene.common.chunk.reset();
    of_scene.common.pack.clear();
    scene.recipe = recipe_from(of_scene);
  }
  return recipe;
}

}  // namespace orrery
