#pragma once

#include <vector>

#include "generator/recipe.hpp"
#include "scenes/keypoints.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// The keypoints that things of each class may have, by class id: those of all its models, in the
/// order of the models. Positions mean nothing here. `assets` are those of load_assets(recipe).
std::vector<Keypoints> class_keypoints(const Recipe& recipe, const Assets& assets);

}  // namespace orrery
