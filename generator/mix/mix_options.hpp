#pragma once

#include "generator/mix/mix_recipe.hpp"
#include "generator/scene_options.hpp"

namespace orrery {

/// What the options of `generate` and `plan` say of a recipe file: RawScene::file is one. Throws
/// Error (Exit::usage) for options that only a scene file has a use for.
MixRecipe mix_recipe_from(const RawScene& raw);

}  // namespace orrery
