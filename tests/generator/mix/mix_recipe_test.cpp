#include "generator/mix/mix_recipe.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;

namespace {

std::filesystem::path written(const TemporaryFolder& folder, const std::string& text) {
  const std::filesystem::path file = folder.path / "recipe.yaml";
  std::ofstream(file) << text;
  return file;
}

std::string mistakes_of(const std::string& text) {
  const TemporaryFolder folder;
  try {
    read_mix_recipe(written(folder, text), {});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

constexpr const char* kGood = R"(recipe: test
real: [store]
classes: [a, b]
rename: [{from: c, to: b}, {from: d, to: ""}]
scenes: [{file: scene.yaml, share: 2, set: [camera.fov=40]}]
mix: {rendered: 2, real: 1, pasted: 1, by: class, phases: [{images: 10, real: 1}]}
compose: {paste: {count: {uniform: [1, 3]}}}
augment: light
splits: {folds: 3, test: 0.1, by: [session]}
tracks: {out_of_scope: [{kind: sky, name: "night*"}]}
licences: {deny: [NC]}
asset_licences: [{name: "*.hdr", licence: CC0-1.0}]
outputs: {formats: [coco], width: 320, height: 240, quality: 80}
)";

}  // namespace

TEST_CASE("a recipe that is read, written and read again says the same") {
  const TemporaryFolder folder;
  MixRecipe recipe = read_mix_recipe(written(folder, kGood), {"splits.folds=4"});
  Recipe& scene = recipe.scenes.at(0).recipe;
  scene = turntable_recipe();
  scene.models.push_back({"mug.glb", "a", "", {}, 0});
  scene.classes = {"a"};
  scene.scene.objects.at(0).models = {"mug.glb"};
  CHECK(recipe.splits.folds == 4);
  CHECK(recipe.mix.by == MixBy::classes);
  CHECK(recipe.mix.phases.at(0).images == 10);
  CHECK(recipe.real.at(0) == (folder.path / "store").string());
  CHECK(recipe.scenes.at(0).file == (folder.path / "scene.yaml").string());
  const Json json = json_from(recipe);
  CHECK(json_from(mix_recipe_from_json(json, "test")).dump() == json.dump());
}

TEST_CASE("what an override names is relative to where the person stands") {
  const TemporaryFolder folder;
  const MixRecipe recipe = read_mix_recipe(written(folder, kGood), {"real=other", "faces=deck"});
  CHECK(recipe.real == std::vector<std::string>{"other"});
  CHECK(recipe.scenes.at(0).set.back() == "faces=deck");
}

TEST_CASE("the library's recipe names scenes that are there") {
  const MixRecipe recipe = read_mix_recipe(ORRERY_LIBRARY "/cards_mix.yaml", {"real=store"});
  CHECK(recipe.scenes.size() == 2);
  for (const MixScene& scene : recipe.scenes) CHECK(std::filesystem::exists(scene.file));
  CHECK(recipe.outputs.formats == std::vector<std::string>{"coco", "yolo", "webdataset"});
}

TEST_CASE("mistakes of a recipe are all named, with line and column") {
  const std::string said = mistakes_of(R"(recipe: test
real: [store]
mix: {rendered: 1, reel: 2, by: klass}
augment: mediun
splits: {folds: 1, test: 1.5}
licences: {denied: [NC]}
outputs: {formats: [cocoa], width: 320}
refine: gan
)");
  for (const std::string& wanted : std::vector<std::string>{
           "recipe.yaml:3:6: mix.rendered is above 0, wanted scenes", "3:20: mix.reel is no key",
           "\"real\"", "mix.by is", "augment", "medium", "splits.folds is 1", "splits.test is 1.5",
           "licences.denied is no key", "\"deny\"", "outputs.formats is \"cocoa\"", "\"coco\"",
           "a width or a height alone", "refine is \"gan\", wanted one such as \"identity\""}) {
    CHECK_MESSAGE(said.find(wanted) != std::string::npos, wanted, " in\n", said);
  }
}

TEST_CASE("parts of a split add up to the whole, the test first") {
  SplitSpec spec;
  spec.folds = 4;
  spec.test = 0.2;
  double sum = 0;
  for (const SplitPart& part : spec.parts()) sum += part.share;
  CHECK(sum == doctest::Approx(1));
  CHECK(spec.parts().front().name == "test");
  CHECK(spec.parts().size() == 5);
  spec.folds = 0;
  spec.val = 0.1;
  CHECK(spec.parts().back().name == "train");
  CHECK(spec.parts().back().share == doctest::Approx(0.7));
}

TEST_CASE("a recipe is another if a photo's label is, and the same wherever its files lie") {
  const TemporaryFolder here;
  const TemporaryFolder there;
  const MixRecipe a = read_mix_recipe(written(here, kGood), {});
  const MixRecipe b = read_mix_recipe(written(there, kGood), {});
  LabelledImage photo;
  photo.name = "0/p";
  photo.lineage = {{"photo", "p", "abc", ""}};
  photo.labels.resize(1);
  const std::string hash = mix_hash(a, {photo});
  CHECK(mix_hash(b, {photo}) == hash);
  photo.labels[0].box.x1 += 0.25;
  CHECK(mix_hash(a, {photo}) != hash);
}
