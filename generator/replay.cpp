#include "generator/replay.hpp"

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
  const ReplayedSample before = replayed_sample(command.dataset, command.index);
  if (before.recipe.contains("mix")) {
    return replay_mix(command.dataset, before, command.out, command.machine, out);
  }
  Recipe recipe = recipe_from_json(before.recipe, before.description.string());

  const Assets assets = load_assets(recipe, [](const std::string&) {});
  std::vector<NamedAsset> photos;
  for (const FileEntry& photo : recipe.photos) photos.push_back({photo.name, photo.sha256});
  const Provenance provenance{recipe.seed, recipe_hash(recipe), photos,
                              class_keypoints(recipe, assets)};
  const Shot shot = draw_shot_of(recipe, assets)(drawn_index(command.index, before.substitute));
  Renderer renderer(chosen_device(command.machine.gpu), assets, recipe.render);
  bool same = false;
  render_with_second_views(
      renderer, std::span(&shot, 1),
      [&](std::size_t, const Frame& frame, const SecondView* second) {
        SampleCost cost;
        Exposer exposer;
        same = compare_replayed(
            make_sample(frame, recipe, assets, provenance, command.index, exposer, cost, second),
            before, command.out, out);
      });
  return same;
}

}  // namespace orrery
