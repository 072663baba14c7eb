#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

#include "generator/lanes.hpp"
#include "generator/mix/mix_recipe.hpp"
#include "generator/sample_maker.hpp"
#include "generator/splits/folds.hpp"

namespace orrery {

/// Makes what the dataset in `out` still lacks, splits it and writes it in the recipe's formats
/// (into `out`/formats). Throws as generate() does.
RunReport generate_mix(const MixRecipe& recipe, const std::filesystem::path& out,
                       const Machine& machine, const std::function<void(const std::string&)>& warn,
                       const OnProgress& on_progress, std::ostream& say);

/// What generate_mix() does after all chunks are there: splits and formats. `recipe` is as
/// dataset.json holds it.
void finish_mix(const std::filesystem::path& out, const Json& recipe, std::ostream& say);

/// As load_recipe(): `pins` are the parts of the split that photos stay in.
std::unique_ptr<SampleMaker> load_mix_recipe(MixRecipe recipe, const SplitPins& pins,
                                             const std::function<void(const std::string&)>& warn,
                                             const ImportLimits& limits = {});

}  // namespace orrery
