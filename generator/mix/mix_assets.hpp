#pragma once

#include <functional>
#include <string>
#include <vector>

#include "generator/compose/compose.hpp"
#include "generator/draw_shot.hpp"
#include "generator/manifest.hpp"
#include "generator/mix/mix_recipe.hpp"
#include "generator/mix/photo_pool.hpp"
#include "scenes/import_model.hpp"

namespace orrery {

/// Everything that a recipe's images are drawn from, loaded.
struct MixAssets {
  /// By MixRecipe::scenes.
  struct Scene {
    Assets assets;
    Provenance provenance;
    std::vector<std::uint32_t> class_ids;  ///< what the scene's classes are in the dataset
  };
  std::vector<Scene> scenes;
  std::vector<DrawShot> draws;
  std::vector<DrawModels> models;
  DatasetInfo info;
  PhotoPool photos;
  Partition partition;  ///< of the photos
  SizeHistogram sizes;  ///< of the photos' labels
  std::string hash;     ///< mix_hash()
};

/// Loads scenes and photos, and decides which photos belong to which part of the split: `pins` stay
/// where they were. Fills in the content hashes of `recipe`'s scenes. Throws Error for classes that
/// do not fit, photos whose licence the recipe refuses, and parts that cannot be made.
MixAssets load_mix_assets(MixRecipe& recipe, const SplitPins& pins,
                          const std::function<void(const std::string&)>& warn,
                          const ImportLimits& limits = {});

/// The rules that the recipe's splits are made by.
SplitRules split_rules_of(const MixRecipe& recipe);

/// The licence that the recipe tells of an asset; what is made by orrery is under its own.
std::string licence_of(const MixRecipe& recipe, const Ingredient& asset);

}  // namespace orrery
