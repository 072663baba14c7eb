#include "generator/replay.hpp"

#include <optional>
#include <ostream>
#include <utility>

#include "generator/manifest_row.hpp"
#include "generator/mix/mix_assets.hpp"
#include "generator/mix/mix_generate.hpp"
#include "generator/placement.hpp"
#include "generator/sample_maker.hpp"
#include "generator/splits/folds_file.hpp"

namespace orrery {
namespace {

std::unique_ptr<SampleMaker> maker_of(const std::filesystem::path& dataset,
                                      const ReplayedSample& before) {
  const auto quiet = [](const std::string&) {};
  const std::string where = before.description.string();
  if (!before.recipe.contains("mix")) {
    return load_recipe(recipe_from_json(before.recipe, where), quiet);
  }
  const MixRecipe recipe = mix_recipe_from_json(before.recipe, where);
  return load_mix_recipe(recipe, read_pins(dataset, split_rules_of(recipe)), quiet);
}

}  // namespace

bool replay(const ReplayCommand& command, std::ostream& out) {
  const ReplayedSample before = replayed_sample(command.dataset, command.index);
  const std::unique_ptr<SampleMaker> maker = maker_of(command.dataset, before);
  std::optional<Sample> made;
  maker->open_lane(chosen_device(command.machine.gpu))
      ->make({before.index, before.index + 1}, before.substitute, [&made](Sample sample) {
        made = std::move(sample);
        return true;
      });
  return compare_replayed(std::move(*made), before, command.out, out);
}

}  // namespace orrery
