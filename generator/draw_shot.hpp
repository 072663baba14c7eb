#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "generator/recipe.hpp"

namespace orrery {

/// Draws sample `index`: a pure function of (recipe, seed, index), safe to call from any thread.
using DrawShot = std::function<Shot(std::uint64_t index)>;

/// What a recipe draws its shots from. `assets` are those of load_assets(recipe) and must outlive
/// the result.
DrawShot draw_shot_of(const Recipe& recipe, const Assets& assets);

/// The models, into Recipe::models, of the things that sample `index` is to hold. Cheap.
using DrawModels = std::function<std::vector<std::uint32_t>(std::uint64_t index)>;
DrawModels draw_models_of(const Recipe& recipe);

}  // namespace orrery
