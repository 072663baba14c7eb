#include "generator/class_keypoints.hpp"

#include <algorithm>

namespace orrery {
namespace {

/// The classes that a model's things may be of.
std::vector<std::string> classes_of(const Recipe& recipe, const ModelEntry& model) {
  if (!model.set) return {};
  const ObjectSet& set = recipe.scene.objects.at(*model.set);
  if (!set.label) return {};
  return set.class_by_side.empty() ? std::vector{model.class_name} : set.class_by_side;
}

}  // namespace

std::vector<Keypoints> class_keypoints(const Recipe& recipe, const Assets& assets) {
  std::vector<Keypoints> keypoints(recipe.classes.size());
  for (std::size_t i = 0; i < recipe.models.size(); ++i) {
    for (const std::string& name : classes_of(recipe, recipe.models[i])) {
      const auto found = std::find(recipe.classes.begin(), recipe.classes.end(), name);
      const auto class_id = static_cast<std::size_t>(found - recipe.classes.begin());
      add_keypoints(keypoints.at(class_id), assets.models.at(i).keypoints);
    }
  }
  return keypoints;
}

}  // namespace orrery
