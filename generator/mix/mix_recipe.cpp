#include "generator/mix/mix_recipe.hpp"

#include <algorithm>
#include <cmath>

#include "generator/label_json.hpp"
#include "generator/refine/refiner.hpp"
#include "generator/sink.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/sha256.hpp"
#include "scenes/spec_writer.hpp"
#include "scenes/yaml_file.hpp"

namespace orrery {

template <>
struct EnumNames<Validate> {
  static constexpr std::array<const char*, 2> kNames{"real", "all"};
};

// Not in an unnamed namespace: argument-dependent lookup must find these.
template <class Visitor>
void describe(Visitor& field, SomeOf<MixScene> auto& s) {
  field("file", s.file, {"scene file; a transparent background makes cut-outs for pasting"});
  field("share", s.share, {"among the scenes of its kind", 0, 1e6});
  field("set", s.set, {"overrides: path.to.key=value"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<SplitSpec> auto& s) {
  field("folds", s.folds, {"of k-fold cross-validation; 0: none", 0, 1000});
  field("val", s.val, {"share to validate on, without folds", 0, 1});
  field("test", s.test, {"share to test on", 0, 1});
  field("by", s.by, {"kinds of lineage that no two parts share"});
  field("allow_rare", s.allow_rare, {"true: parts may lack classes that have too few groups"});
  field("validate", s.validate, {"on real photos alone, or on all images"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<MixOutputs> auto& o) {
  field("formats", o.formats, {"that the finished dataset is written in"});
  field("width", o.width, {"of every image, pixels: letterboxed; 0: as they come", 0, 16384});
  field("height", o.height, {"of every image, pixels", 0, 16384});
  field("quality", o.quality, {"of JPEG", 1, 100});
  field("subsample", o.subsample, {"colour at half resolution"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<AssetLicence> auto& a) {
  field("name", a.name, {"of assets; * and ? stand for anything"});
  field("licence", a.licence, {"SPDX identifier"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<Renamed> auto& r) {
  field("from", r.from, {"class of a scene or a photo"});
  field("to", r.to, {"what it is called here; \"\": nobody labels it"});
}

/// What needs no reader of its own.
template <class Visitor>
void describe(Visitor& field, SomeOf<MixRecipe> auto& r) {
  field("recipe", r.name, {"what the dataset is called"});
  field("scenes", r.scenes, {"scene files"});
  field("real", r.real, {"stores of real photos, or datasets"});
  field("classes", r.classes, {"in the order of their ids"});
  field("rename", r.rename, {"classes that are called otherwise here"});
  field("mix", r.mix, {"how images come about"});
  field("refine", r.refine, {"what changes the look of rendered images: identity"});
  field("splits", r.splits, {"parts that share nothing"});
  field("tracks", r.tracks, {"what is held out of training"});
  field("licences", r.licences, {"which may be used"});
  field("asset_licences", r.asset_licences, {"what is known of assets' licences"});
  field("outputs", r.outputs, {"formats and pictures"});
  field("on_failure", r.on_failure, {"of an image that cannot be made: stop or resample"});
}

namespace {

namespace fs = std::filesystem;

/// What a person could not have meant.
void check(const MixRecipe& recipe, const YAML::Node& root, Mistakes& mistakes) {
  const auto at = [&root](const char* key) { return root[key] ? root[key] : root; };
  if (recipe.scenes.empty() && recipe.real.empty()) {
    mistakes.add(root, "", "without scenes and real", "at least one of them");
  }
  const auto needs = [&](Making making, bool there, const char* what) {
    const auto has = [making](const MakingWeights& w) {
      return w[static_cast<std::size_t>(making)] > 0;
    };
    bool wanted = has(recipe.mix.weights);
    for (const MixPhase& phase : recipe.mix.phases) wanted = wanted || has(phase.weights);
    if (!wanted || there) return;
    const std::string name = EnumNames<Making>::kNames[static_cast<std::size_t>(making)];
    mistakes.add(at("mix"), "mix." + name, "above 0", what);
  };
  needs(Making::rendered, !recipe.scenes.empty(), "scenes to render");
  needs(Making::real, !recipe.real.empty(), "real: a store of photos");
  needs(Making::pasted, !recipe.real.empty() && !recipe.scenes.empty(), "both scenes and real");
  needs(Making::copy_paste, !recipe.real.empty(), "real: a store of photos");
  const SplitSpec& splits = recipe.splits;
  if (splits.folds == 1) mistakes.add(at("splits"), "splits.folds", "1", "0, or at least 2");
  if (splits.folds > 0 && splits.val > 0) {
    mistakes.add(at("splits"), "splits.val", "given beside folds", "one or the other");
  }
  if (splits.val + splits.test >= 1) {
    mistakes.add(at("splits"), "splits", text_of(splits.val + splits.test) + " for val and test",
                 "something left to train on");
  }
  if ((recipe.outputs.width > 0) != (recipe.outputs.height > 0)) {
    mistakes.add(at("outputs"), "outputs", "a width or a height alone", "both or neither");
  }
  std::vector<std::string> formats;
  for (const SinkFormat& format : sink_formats()) formats.push_back(format.name);
  for (const std::string& name : recipe.outputs.formats) {
    if (std::find(formats.begin(), formats.end(), name) != formats.end()) continue;
    mistakes.add(at("outputs"), "outputs.formats", "\"" + name + "\"",
                 "a format such as \"" + nearest_name(name, formats) + "\"");
  }
  const std::vector<std::string>& refiners = refiner_names();
  if (std::find(refiners.begin(), refiners.end(), recipe.refine) == refiners.end()) {
    mistakes.add(at("refine"), "refine", "\"" + recipe.refine + "\"",
                 "one such as \"" + nearest_name(recipe.refine, refiners) + "\"");
  }
}

MixRecipe recipe_from(const YAML::Node& root, const std::string& where,
                      const std::vector<std::string>& also) {
  Mistakes mistakes(where);
  MixRecipe recipe;
  recipe.augment = augment_preset("none");
  YamlReader reader(root, "", mistakes);
  describe(reader, recipe);
  if (root.IsMap() && root["compose"]) {
    recipe.compose = compose_from_yaml(root["compose"], "compose", mistakes);
  }
  if (root.IsMap() && root["augment"]) {
    recipe.augment = augment_from_yaml(root["augment"], "augment", mistakes);
  }
  check_tracks(recipe.tracks, root.IsMap() && root["tracks"] ? root["tracks"] : root, "tracks",
               mistakes);
  std::vector<std::string> known{"compose", "augment"};
  known.insert(known.end(), also.begin(), also.end());
  reader.finish(known);
  check(recipe, root, mistakes);
  mistakes.throw_if_any();
  return recipe;
}

void resolve(YAML::Node path, const fs::path& folder) {
  if (path.IsScalar() && fs::path(path.Scalar()).is_relative()) {
    path = (folder / path.Scalar()).lexically_normal().string();
  }
}

/// Paths in the file are relative to it.
void resolve_paths(const YAML::Node& root, const fs::path& folder) {
  if (!root.IsMap()) return;
  if (YAML::Node real = root["real"]) {
    if (!real.IsSequence()) resolve(real, folder);
    for (YAML::Node path : real) resolve(path, folder);
  }
  if (root["faces"]) resolve(root["faces"], folder);
  if (!root["scenes"] || !root["scenes"].IsSequence()) return;
  for (YAML::Node scene : root["scenes"]) {
    if (scene.IsMap() && scene["file"]) resolve(scene["file"], folder);
  }
}

Json specs_of(const MixRecipe& recipe) {
  SpecWriter writer;
  describe(writer, recipe);
  Json json = writer.take();
  json["tracks"] = json_from(recipe.tracks);
  json["compose"] = json_from(recipe.compose);
  json["augment"] = json_from(recipe.augment);
  return json;
}

/// What a photo is: its content, by the hashes in its lineage, and its labels.
Json identity_of(const LabelledImage& photo) {
  Json lineage = Json::array();
  for (const Ingredient& part : photo.lineage) lineage.push_back(json_from(part));
  Json labels = Json::array();
  for (const Label& label : photo.labels) labels.push_back(json_from(label));
  return {{"name", photo.name}, {"lineage", lineage}, {"labels", labels}};
}

}  // namespace

std::vector<SplitPart> SplitSpec::parts() const {
  std::vector<SplitPart> parts;
  if (test > 0) parts.push_back({"test", test});
  if (folds > 0) {
    for (std::uint32_t fold = 0; fold < folds; ++fold) {
      parts.push_back({std::to_string(fold), (1 - test) / folds});
    }
    return parts;
  }
  if (val > 0) parts.push_back({"val", val});
  parts.push_back({"train", 1 - val - test});
  return parts;
}

bool is_mix_recipe(const fs::path& file) {
  const YAML::Node root = yaml_from_file(file, "a recipe or a scene file");
  return root.IsMap() && root["recipe"];
}

MixRecipe read_mix_recipe(const fs::path& file, const std::vector<std::string>& sets) {
  const YAML::Node root = yaml_from_file(file, "a recipe");
  resolve_paths(root, file.parent_path());
  for (const std::string& set : sets) set_at(root, set);
  MixRecipe recipe = recipe_from(root, file.string(), {"faces"});
  const std::string faces = root["faces"] && root["faces"].IsScalar() ? root["faces"].Scalar() : "";
  for (MixScene& scene : recipe.scenes) {
    if (!faces.empty()) scene.set.push_back("faces=" + faces);
  }
  return recipe;
}

Json json_from(const MixRecipe& recipe) {
  Json json = specs_of(recipe);
  for (std::size_t i = 0; i < recipe.scenes.size(); ++i) {
    json["scenes"][i]["recipe"] = json_from(recipe.scenes[i].recipe);
  }
  json["seed"] = recipe.seed;
  json["count"] = recipe.count;
  json["chunk"] = recipe.chunk;
  json["pack"] = name_of(recipe.pack);
  return json;
}

MixRecipe mix_recipe_from_json(const Json& json, const std::string& where) {
  Json specs = json;
  for (Json& scene : specs.at("scenes")) scene.erase("recipe");
  for (const char* key : {"seed", "count", "chunk", "pack"}) specs.erase(key);
  MixRecipe recipe = recipe_from(yaml_from(specs.dump(), where), where, {});
  for (std::size_t i = 0; i < recipe.scenes.size(); ++i) {
    recipe.scenes[i].recipe = recipe_from_json(json.at("scenes").at(i).at("recipe"), where);
  }
  recipe.seed = json.at("seed").get<std::uint64_t>();
  recipe.count = json.at("count").get<std::uint64_t>();
  recipe.chunk = json.at("chunk").get<std::uint64_t>();
  recipe.pack = pack_named(json.value("pack", ""));
  return recipe;
}

std::string mix_hash(const MixRecipe& recipe, const std::vector<LabelledImage>& photos) {
  Json json = specs_of(recipe);
  json.erase("real");
  json["outputs"].erase("formats");
  if (recipe.on_failure == OnFailure::stop) json.erase("on_failure");
  for (std::size_t i = 0; i < recipe.scenes.size(); ++i) {
    Json& scene = json["scenes"][i];
    scene.erase("file");
    scene.erase("set");
    scene["recipe_hash"] = recipe_hash(recipe.scenes[i].recipe);
  }
  Sha256 hash;
  hash.add(json.dump() + "\n");
  for (const LabelledImage& photo : photos) hash.add(identity_of(photo).dump() + "\n");
  return hash.hex();
}

}  // namespace orrery
