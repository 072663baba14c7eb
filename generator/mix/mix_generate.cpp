#include "generator/mix/mix_generate.hpp"

#include <chrono>
#include <optional>
#include <ostream>
#include <utility>

#include "generator/dataset.hpp"
#include "generator/mix/mix_export.hpp"
#include "generator/mix/mix_lane.hpp"
#include "generator/splits/folds_file.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

DatasetPlan plan_of(const MixRecipe& recipe, const MixAssets& assets) {
  return {.recipe = json_from(recipe),
          .recipe_hash = assets.hash,
          .seed = recipe.seed,
          .count = recipe.count,
          .chunk_size = recipe.chunk,
          .classes = assets.info.classes,
          .keypoints = assets.info.keypoints,
          .pack = pack_for(recipe.pack, recipe.count)};
}

}  // namespace

RunReport generate_mix(MixRecipe& recipe, const fs::path& out, const Machine& machine,
                       const std::function<void(const std::string&)>& warn,
                       const OnProgress& on_progress, std::ostream& say) {
  const Clock::time_point start = Clock::now();
  const SplitPins pins = read_pins(out, split_rules_of(recipe));
  const MixAssets assets = load_mix_assets(recipe, pins, warn);
  const std::unique_ptr<Refiner> refiner = open_refiner(recipe.refine);
  const MixDraw draw(recipe, assets.photos, assets.models);
  require_validation(recipe, assets.photos, draw);
  const MixContext context{recipe,   assets.info, assets.sizes,
                           *refiner, assets.hash, recipe.splits.parts()};
  Dataset dataset(out, plan_of(recipe, assets), machine.share);
  RunReport report;
  if (dataset.finished()) {
    report.dataset_hash = *dataset.finished();
    if (machine.share.elsewhere) return report;  // where the dataset is, all formats are
  } else {
    report = fill(
        dataset, machine, recipe.on_failure,
        [&](std::size_t device) { return open_mix_lane(device, context, assets, draw); },
        on_progress, start);
    if (!machine.share.all()) return report;
    report.dataset_hash = dataset.finish();
  }
  export_mix(out, recipe, assets.partition, say);
  return report;
}

void finish_mix(const fs::path& out, const Json& json, std::ostream& say) {
  MixRecipe recipe = mix_recipe_from_json(json, out.string() + ": recipe");
  const MixAssets assets =
      load_mix_assets(recipe, read_pins(out, split_rules_of(recipe)), [](const std::string&) {});
  export_mix(out, recipe, assets.partition, say);
}

bool replay_mix(const fs::path& dataset, const ReplayedSample& before, const fs::path& out,
                const Machine& machine, std::ostream& say) {
  MixRecipe recipe = mix_recipe_from_json(before.recipe, before.description.string());
  const MixAssets assets = load_mix_assets(recipe, read_pins(dataset, split_rules_of(recipe)),
                                           [](const std::string&) {});
  const std::unique_ptr<Refiner> refiner = open_refiner(recipe.refine);
  const MixDraw draw(recipe, assets.photos, assets.models);
  const MixContext context{recipe,   assets.info, assets.sizes,
                           *refiner, assets.hash, recipe.splits.parts()};
  std::optional<Sample> made;
  open_mix_lane(chosen_device(machine.gpu), context, assets, draw)
      ->make({before.index, before.index + 1}, before.substitute, [&made](Sample sample) {
        made = std::move(sample);
        return true;
      });
  return compare_replayed(std::move(*made), before, out, say);
}

}  // namespace orrery
