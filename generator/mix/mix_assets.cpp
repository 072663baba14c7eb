#include "generator/mix/mix_assets.hpp"

#include <fnmatch.h>

#include <algorithm>

#include "generator/class_keypoints.hpp"
#include "generator/load_assets.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// What the scene's classes are called in the dataset, with their ids there.
std::vector<std::uint32_t> class_ids_of(const MixRecipe& recipe, const MixScene& scene,
                                        std::vector<std::string>& classes) {
  std::vector<std::uint32_t> ids;
  for (const std::string& own : scene.recipe.classes) {
    const auto renamed = std::find_if(recipe.rename.begin(), recipe.rename.end(),
                                      [&own](const Renamed& r) { return r.from == own; });
    const std::string& name = renamed == recipe.rename.end() ? own : renamed->to;
    if (name.empty()) {
      throw Error(scene.file + ": class \"" + own +
                  "\" is renamed to \"\", wanted a class: what a scene shows can be left out of "
                  "it or be given label: false");
    }
    const auto found = std::find(classes.begin(), classes.end(), name);
    ids.push_back(static_cast<std::uint32_t>(found - classes.begin()));
    if (found != classes.end()) continue;
    if (!recipe.classes.empty()) {
      throw Error(scene.file + ": has class \"" + name +
                  "\", wanted one of the recipe's classes, " +
                  "or a line in rename that says which it is");
    }
    classes.push_back(name);
  }
  return ids;
}

MixAssets::Scene loaded(MixRecipe& recipe, MixScene& scene, DatasetInfo& info,
                        const std::function<void(const std::string&)>& warn,
                        const ImportLimits& limits) {
  MixAssets::Scene out;
  out.class_ids = class_ids_of(recipe, scene, info.classes);
  scene.recipe.seed = recipe.seed;
  out.assets = load_assets(scene.recipe, warn, limits);
  std::vector<NamedAsset> photos;
  for (const FileEntry& photo : scene.recipe.photos) photos.push_back({photo.name, photo.sha256});
  out.provenance = {recipe.seed, recipe_hash(scene.recipe), photos,
                    class_keypoints(scene.recipe, out.assets)};
  info.keypoints.resize(info.classes.size());
  for (std::size_t i = 0; i < out.class_ids.size(); ++i) {
    add_keypoints(info.keypoints[out.class_ids[i]], out.provenance.keypoints[i]);
  }
  return out;
}

/// Every photo's own ingredients carry what the recipe tells of licences.
void add_licences(const MixRecipe& recipe, std::vector<LabelledImage>& photos) {
  for (LabelledImage& photo : photos) {
    for (Ingredient& part : photo.lineage) {
      if (part.licence.empty()) part.licence = licence_of(recipe, part);
    }
  }
}

}  // namespace

SplitRules split_rules_of(const MixRecipe& recipe) {
  SplitRules rules;
  rules.parts = recipe.splits.parts();
  rules.kinds = recipe.splits.by;
  rules.allow_rare = recipe.splits.allow_rare;
  return rules;
}

std::string licence_of(const MixRecipe& recipe, const Ingredient& asset) {
  if (!asset.licence.empty()) return asset.licence;
  for (const AssetLicence& told : recipe.asset_licences) {
    if (fnmatch(told.name.c_str(), asset.name.c_str(), 0) == 0) return told.licence;
  }
  const bool file = asset.name.find('/') != std::string::npos && !asset.name.starts_with("made:");
  const bool rendered = asset.kind == "model" || asset.kind == "sky" || asset.kind == "picture";
  return rendered && !file ? "Apache-2.0" : "";
}

MixAssets load_mix_assets(MixRecipe& recipe, const SplitPins& pins,
                          const std::function<void(const std::string&)>& warn,
                          const ImportLimits& limits) {
  DatasetInfo info;
  info.classes = recipe.classes;
  info.keypoints.resize(info.classes.size());
  info.name = recipe.name;
  std::vector<MixAssets::Scene> scenes;
  for (MixScene& scene : recipe.scenes) {
    scenes.push_back(loaded(recipe, scene, info, warn, limits));
  }

  std::map<std::string, std::string> rename;
  for (const Renamed& r : recipe.rename) rename[r.from] = r.to;
  std::vector<SplitItem> held_out;
  std::vector<LabelledImage> photos = read_photos(recipe.real, rename, !recipe.classes.empty(),
                                                  info.classes, info.keypoints, held_out);
  if (!held_out.empty()) {
    warn(std::to_string(held_out.size()) +
         " photos are held out for tests by their source, and not used");
  }
  add_licences(recipe, photos);
  std::vector<SplitItem> items;
  SizeHistogram sizes;
  for (const LabelledImage& photo : photos) {
    items.push_back(split_item_of(photo));
    sizes.add(photo);
  }
  require_licences(items, recipe.licences);
  const SplitRules rules = split_rules_of(recipe);
  require_held_out(items, held_out, rules.kinds, "what the recipe learns from");
  Partition parts;
  if (!items.empty()) parts = partition(items, info.classes, rules, pins);
  std::string hash = mix_hash(recipe, photos);
  PhotoPool pool(std::move(photos), parts.part_of);
  MixAssets assets{.scenes = std::move(scenes),
                   .draws = {},
                   .models = {},
                   .info = std::move(info),
                   .photos = std::move(pool),
                   .partition = std::move(parts),
                   .sizes = std::move(sizes),
                   .hash = std::move(hash)};
  // Draws point to the assets, which stay where they are when the vector that holds them moves.
  for (std::size_t i = 0; i < recipe.scenes.size(); ++i) {
    assets.draws.push_back(draw_shot_of(recipe.scenes[i].recipe, assets.scenes[i].assets));
    assets.models.push_back(draw_models_of(recipe.scenes[i].recipe));
  }
  return assets;
}

}  // namespace orrery
