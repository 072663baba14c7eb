#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "generator/mix/mix_assets.hpp"
#include "generator/mix/mix_recipe.hpp"
#include "generator/sink.hpp"

namespace orrery {

/// Splits the finished dataset in `folder` as the recipe says, whose photos are where `photos` has
/// them, and writes folds.json; then every format into formats/<name>, in one pass. What is there
/// already stays. Throws Error if a licence is refused or anything leaks.
void export_mix(const std::filesystem::path& folder, const MixRecipe& recipe,
                const Partition& photos, std::ostream& say);

}  // namespace orrery
