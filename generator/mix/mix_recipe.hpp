#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "generator/augment/augment.hpp"
#include "generator/compose/compose_spec.hpp"
#include "generator/mix/mix_spec.hpp"
#include "generator/recipe.hpp"
#include "generator/splits/folds.hpp"
#include "generator/splits/licences.hpp"
#include "generator/splits/track.hpp"

namespace orrery {

/// A scene file of a recipe. Those with a transparent background are cut-outs for pasting, the
/// others whole pictures.
struct MixScene {
  std::string file;
  double share = 1;              ///< among the scenes of its kind
  std::vector<std::string> set;  ///< overrides "path.to.key=value"
  Recipe recipe{};               ///< what the file says, with all that it names
};

/// What may be validated and tested on: never what is mixed or augmented.
enum class Validate : std::uint8_t {
  real,  ///< photos as they are, if the recipe has some; rendered images are for training
  all,   ///< rendered images as well, which are then not augmented
};

/// Into which parts a dataset is split: `folds`, or train, val and test; `test` may stand beside
/// folds.
struct SplitSpec {
  std::uint32_t folds = 0;
  double val = 0;
  double test = 0;
  std::vector<std::string> by = default_split_kinds();
  bool allow_rare = false;
  Validate validate = Validate::real;

  /// Names and shares: "test" first if there is one, then "0", "1"… or "val" and "train".
  std::vector<SplitPart> parts() const;
};

struct MixOutputs {
  std::vector<std::string> formats{"coco"};
  int width = 0;  ///< of every image, pixels: letterboxed; 0: as they come
  int height = 0;
  int quality = 92;       ///< of JPEG
  bool subsample = true;  ///< colour at half resolution (4:2:0)
};

/// A licence that a recipe tells of its assets.
struct AssetLicence {
  std::string name;  ///< of assets; * and ? stand for anything
  std::string licence;
};

/// The class that another name stands for.
struct Renamed {
  std::string from;
  std::string to;  ///< empty: nothing is labelled, what is seen is to be ignored
};

/// All that a dataset of scenes and photos is made from: with the same recipe, stores, driver and
/// device, the same bytes.
struct MixRecipe {
  std::string name;
  std::vector<MixScene> scenes;
  std::vector<std::string> real;     ///< stores, or datasets of any format
  std::vector<std::string> classes;  ///< in order; empty: as scenes and photos bring them
  std::vector<Renamed> rename;
  MixSpec mix;
  ComposeSpec compose;
  AugmentSpec augment;
  std::string refine = "identity";
  SplitSpec splits;
  TrackSpec tracks;
  LicencePolicy licences;
  std::vector<AssetLicence> asset_licences;
  MixOutputs outputs;
  OnFailure on_failure = OnFailure::stop;
  std::uint64_t seed = 0;
  std::uint64_t count = 100;
  std::uint64_t chunk = 64;
  Pack pack = Pack::automatic;
};

/// The file holds a recipe, not a scene: it has a key "recipe".
bool is_mix_recipe(const std::filesystem::path& file);

/// Reads a recipe file (YAML); `sets` are overrides as of scene files. Paths come out relative to
/// the working folder. Scenes have no MixScene::recipe yet. Throws Error naming every mistake with
/// its place.
MixRecipe read_mix_recipe(const std::filesystem::path& file, const std::vector<std::string>& sets);

/// Every field; `mix_recipe_from_json` of it gives the recipe back.
Json json_from(const MixRecipe& recipe);
MixRecipe mix_recipe_from_json(const Json& json, const std::string& where);

/// What the dataset's identity is: SHA-256 of the canonical JSON, in which files stand for their
/// content; `photos` are all that the recipe's real sources hold. Count, chunk size, formats
/// and how files are kept are not in it.
std::string mix_hash(const MixRecipe& recipe, const std::vector<LabelledImage>& photos);

}  // namespace orrery
