#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

#include "generator/lanes.hpp"
#include "generator/manifest_row.hpp"
#include "generator/mix/mix_recipe.hpp"

namespace orrery {

/// Makes what the dataset in `out` still lacks, splits it and writes it in the recipe's formats
/// (into `out`/formats). Throws as generate() does.
RunReport generate_mix(MixRecipe& recipe, const std::filesystem::path& out, const Machine& machine,
                       const std::function<void(const std::string&)>& warn,
                       const OnProgress& on_progress, std::ostream& say);

/// What generate_mix() does after all chunks are there: splits and formats. `recipe` is as
/// dataset.json holds it.
void finish_mix(const std::filesystem::path& out, const Json& recipe, std::ostream& say);

/// Makes a sample of a dataset again and compares it with its row; see replay().
bool replay_mix(const std::filesystem::path& dataset, const ReplayedSample& before,
                const std::filesystem::path& out, const Machine& machine, std::ostream& say);

}  // namespace orrery
