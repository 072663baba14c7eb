#include "generator/replay.hpp"

#include <fstream>
#include <ostream>

#include "generator/class_keypoints.hpp"
#include "generator/draw_shot.hpp"
#include "generator/generate.hpp"
#include "generator/load_assets.hpp"
#include "generator/make_sample.hpp"
#include "generator/manifest_row.hpp"
#include "generator/mix/mix_generate.hpp"
#include "renderer/renderer.hpp"
#include "scenes/error.hpp"

namespace orrery {

bool replay(const ReplayCommand& command, std::ostream& out) {
  const std::filesystem::path description = command.dataset / "dataset.json";
  std::ifstream in(description);
  if (!in) throw Error(description.string() + ": cannot be opened, wanted a finished dataset's");
  const Json dataset = Json::parse(in);
  if (dataset.at("recipe").contains("mix")) {
    return replay_mix(command.dataset, command.index, command.out, command.machine, out);
  }
  Recipe recipe = recipe_from_json(dataset.at("recipe"), description.string());
  const Json before = manifest_row(command.dataset, command.index);

  const Assets assets = load_assets(recipe, [](const std::string&) {});
  std::vector<NamedAsset> photos;
  for (const FileEntry& photo : recipe.photos) photos.push_back({photo.name, photo.sha256});
  const Provenance provenance{recipe.seed, recipe_hash(recipe), photos,
                              class_keypoints(recipe, assets)};
  const Shot shot = draw_shot_of(recipe, assets)(command.index);
  Renderer renderer(chosen_device(command.machine.gpu), assets, recipe.render);
  bool same = false;
  render_with_second_views(renderer, std::span(&shot, 1),
                           [&](std::size_t, const Frame& frame, const SecondView* second) {
                             SampleCost cost;
                             Exposer exposer;
                             const Sample sample =
                                 make_sample(frame, recipe, assets, provenance, command.index,
                                             exposer, cost, second);
                             same = compare_replayed(sample, before, command.out, out);
                           });
  return same;
}

}  // namespace orrery
