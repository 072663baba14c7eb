#include "generator/mix/mix_generate.hpp"

#include <chrono>
#include <ostream>
#include <utility>

#include "generator/generate.hpp"
#include "generator/mix/mix_export.hpp"
#include "generator/mix/mix_lane.hpp"
#include "generator/splits/folds_file.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class LoadedMix : public SampleMaker {
 public:
  LoadedMix(MixRecipe recipe, const SplitPins& pins,
            const std::function<void(const std::string&)>& warn, const ImportLimits& limits)
      : recipe_(std::move(recipe)), assets_(load_mix_assets(recipe_, pins, warn, limits)) {
    require_validation(recipe_, assets_.photos, draw_);
  }

  DatasetPlan plan() const override {
    return {.recipe = json_from(recipe_),
            .recipe_hash = assets_.hash,
            .seed = recipe_.seed,
            .count = recipe_.count,
            .chunk_size = recipe_.chunk,
            .classes = assets_.info.classes,
            .keypoints = assets_.info.keypoints,
            .pack = pack_for(recipe_.pack, recipe_.count)};
  }

  OnFailure on_failure() const override { return recipe_.on_failure; }

  std::unique_ptr<Lane> open_lane(std::size_t device) const override {
    return open_mix_lane(device, context_, assets_, draw_);
  }

  const MixRecipe& recipe() const { return recipe_; }
  const Partition& partition() const { return assets_.partition; }

 private:
  MixRecipe recipe_;
  const MixAssets assets_;
  const std::unique_ptr<Refiner> refiner_ = open_refiner(recipe_.refine);
  const MixDraw draw_{recipe_, assets_.photos, assets_.models};
  const MixContext context_{recipe_,   assets_.info, assets_.sizes,
                            *refiner_, assets_.hash, recipe_.splits.parts()};
};

}  // namespace

std::unique_ptr<SampleMaker> load_mix_recipe(MixRecipe recipe, const SplitPins& pins,
                                             const std::function<void(const std::string&)>& warn,
                                             const ImportLimits& limits) {
  return std::make_unique<LoadedMix>(std::move(recipe), pins, warn, limits);
}

RunReport generate_mix(const MixRecipe& recipe, const fs::path& out, const Machine& machine,
                       const std::function<void(const std::string&)>& warn,
                       const OnProgress& on_progress, std::ostream& say) {
  const Clock::time_point start = Clock::now();
  const LoadedMix mix(recipe, read_pins(out, split_rules_of(recipe)), warn, {});
  const RunReport report = generate(mix, out, machine, on_progress, start);
  if (report.dataset_hash.empty()) return report;
  // Where the dataset is, all formats are.
  if (report.was_finished && machine.share.elsewhere) return report;
  export_mix(out, mix.recipe(), mix.partition(), say);
  return report;
}

void finish_mix(const fs::path& out, const Json& json, std::ostream& say) {
  MixRecipe recipe = mix_recipe_from_json(json, out.string() + ": recipe");
  const MixAssets assets =
      load_mix_assets(recipe, read_pins(out, split_rules_of(recipe)), [](const std::string&) {});
  export_mix(out, recipe, assets.partition, say);
}

}  // namespace orrery
