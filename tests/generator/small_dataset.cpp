#include "tests/generator/small_dataset.hpp"

#include <stdlib.h>

#include <fstream>

namespace orrery::testing {

namespace fs = std::filesystem;

Recipe varied_recipe(const fs::path& folder, std::uint64_t count) {
  std::ofstream(folder / "pane.obj") << "mtllib pane.mtl\nusemtl glass\n"
                                        "v 0 0 0\nv 0.1 0 0\nv 0.1 0.1 0\nv 0 0.1 0\n"
                                        "f 1 2 3 4\n";
  std::ofstream(folder / "pane.mtl") << "newmtl glass\nKd 0.2 0.6 0.3\nd 0.5\n";
  std::ofstream photo(folder / "photo.ppm", std::ios::binary);
  photo << "P6\n32 24\n255\n";
  for (int i = 0; i < 32 * 24 * 3; ++i) photo.put(static_cast<char>(i * 37 % 251));
  photo.close();

  Recipe recipe = turntable_recipe();
  recipe.classes = {"plant", "mug", "pane"};
  for (const char* name : {"mug", "plant"}) {
    recipe.models.push_back({fs::path(ORRERY_ASSETS "/models") / (std::string(name) + ".glb"), name,
                             "", ImportSettings{}, 0});
  }
  recipe.models.push_back({folder / "pane.obj", "pane", "", ImportSettings{}, 0});
  for (const ModelEntry& model : recipe.models) {
    recipe.scene.objects[0].models.push_back(model.path.string());
  }
  recipe.photos = {{(folder / "photo.ppm").string(), ""}};
  TurntableSpec& s = *recipe.scene.turntable;
  s.photos = {(folder / "photo.ppm").string()};
  s.width = 160;
  s.height = 120;
  s.models_per_image = {1, 3};
  s.backgrounds = {BackgroundKind::sky, BackgroundKind::color, BackgroundKind::photo,
                   BackgroundKind::transparent};
  s.grounds = {GroundKind::none, GroundKind::disc, GroundKind::plane};
  s.shadow_only = 0.5;
  recipe.outputs.image_format = ImageFormat::png;
  recipe.outputs.depth = recipe.outputs.id = recipe.outputs.normal = recipe.render.normal = true;
  recipe.seed = 11;
  recipe.count = count;
  recipe.chunk = 7;
  return recipe;
}

RunReport make(const Recipe& recipe, const fs::path& out, unsigned lanes,
               const OnProgress& on_progress) {
  // As in the program: a lane of a software device is one thread.
  setenv("LP_NUM_THREADS", "0", 0);
  return generate(
      recipe, out, {.gpu = {}, .lanes = lanes}, [](const std::string&) {}, on_progress);
}

std::vector<Json> manifest_of(const fs::path& dataset) {
  std::ifstream in(dataset / "manifest.jsonl");
  std::vector<Json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  return lines;
}

}  // namespace orrery::testing
