#pragma once

#include <functional>
#include <string>

#include "generator/recipe.hpp"
#include "scenes/import_model.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// Reads every model, sky and photo that `recipe` names, and fills in their content hashes.
/// Where the recipe already holds a hash, the content must have it: throws Error naming the file
/// that changed. `warn` receives what imports found worth telling.
Assets load_assets(Recipe& recipe, const std::function<void(const std::string&)>& warn,
                   const ImportLimits& limits = {});

}  // namespace orrery
