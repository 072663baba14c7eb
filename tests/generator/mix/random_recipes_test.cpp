#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "generator/mix/mix_draw.hpp"
#include "generator/splits/folds.hpp"
#include "scenes/error.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::error_of;
using orrery::testing::holds;

namespace {

/// Photos of a made-up project: sessions, near duplicates, copies and crops of each other.
std::vector<LabelledImage> random_photos(Rng& rng, std::uint32_t classes) {
  const std::uint32_t count = 12 + rng.below(60);
  const std::uint32_t sessions = 6 + rng.below(40);
  std::vector<LabelledImage> photos;
  for (std::uint32_t i = 0; i < count; ++i) {
    LabelledImage& photo = photos.emplace_back();
    photo.name = "0/photo" + std::to_string(i);
    const std::uint32_t like = i > 0 && rng.below(8) == 0 ? rng.below(i) : i;
    photo.lineage.push_back({"photo", photo.name, "content " + std::to_string(like), ""});
    if (rng.below(4) != 0) {
      photo.lineage.push_back({"session", "s" + std::to_string(rng.below(sessions)), "", ""});
    }
    if (rng.below(8) == 0) {
      photo.lineage.push_back({"duplicates", "d" + std::to_string(rng.below(count)), "", ""});
    }
    if (i > 0 && rng.below(10) == 0) {
      photo.lineage.push_back({"parent", "0/photo" + std::to_string(rng.below(i)), "", ""});
    }
    for (std::uint32_t k = rng.below(4); k > 0; --k) {
      Label& label = photo.labels.emplace_back();
      label.class_id = rng.below(classes);
      label.box = {10, 10, 50, 50};
    }
  }
  return photos;
}

/// A recipe of a scene of whole pictures, one of cut-outs, and photos; split in any way.
MixRecipe random_recipe(Rng& rng, std::uint64_t seed) {
  MixRecipe recipe;
  recipe.seed = seed;
  recipe.count = 100 + rng.below(200);
  recipe.real = {"photos"};
  for (double& weight : recipe.mix.weights) weight = rng.below(3) == 0 ? 0 : rng.unit();
  recipe.mix.weights[static_cast<std::size_t>(Making::real)] += 0.1;
  if (rng.below(3) == 0) {
    MixPhase& phase = recipe.mix.phases.emplace_back();
    phase.images = 10 + rng.below(60);
    for (double& weight : phase.weights) weight = rng.unit();
  }
  recipe.mix.by = rng.below(2) == 0 ? MixBy::images : MixBy::classes;
  for (const bool cut_out : {false, true}) {
    MixScene& scene = recipe.scenes.emplace_back();
    scene.recipe.classes = {"a", "b"};
    scene.recipe.models.resize(2);
    scene.recipe.models[0].class_name = "a";
    scene.recipe.models[1].class_name = "b";
    if (!cut_out) continue;
    scene.recipe.scene.turntable.emplace().backgrounds = {BackgroundKind::transparent};
  }
  recipe.splits.allow_rare = true;
  recipe.splits.validate = rng.below(2) == 0 ? Validate::real : Validate::all;
  if (rng.below(2) == 0) {
    recipe.splits.folds = 2 + rng.below(4);
  } else {
    recipe.splits.val = 0.1 + 0.2 * rng.unit();
  }
  if (rng.below(2) == 0) recipe.splits.test = 0.1 + 0.2 * rng.unit();
  return recipe;
}

/// What split_item_of tells of the image that is made of these pictures.
SplitItem item_of(const MixRecipe& recipe, const MixDraft& draft, std::uint64_t index,
                  const PhotoPool& photos) {
  SplitItem item;
  item.name = "image" + std::to_string(index);
  std::set<Ingredient> lineage;
  for (const MixPart& part : draft.parts) {
    if (part.photo) {
      const LabelledImage& photo = photos.at(*part.photo);
      lineage.insert(photo.lineage.begin(), photo.lineage.end());
      lineage.insert({"parent", photo.name, "", ""});
    } else {
      lineage.insert({"model", "made:" + std::to_string(part.shot % 5), "", ""});
      lineage.insert({"sky", "made:noon", "", ""});
    }
  }
  item.lineage.assign(lineage.begin(), lineage.end());
  item.train_only = !may_be_validated_on(recipe, draft);
  return item;
}

/// Keys that lie in two parts, found the plain way: by content if there is a hash, and by name.
std::size_t leaks(const std::vector<SplitItem>& items, const Partition& parts) {
  static const std::set<std::string> kKinds{"photo", "session", "duplicates", "sweep", "parent"};
  std::map<std::string, std::set<std::size_t>> seen;
  for (const SplitItem& item : items) {
    const auto part = parts.part_of.find(item.name);
    if (part == parts.part_of.end()) continue;
    for (const Ingredient& i : item.lineage) {
      if (!kKinds.contains(i.kind)) continue;
      seen[i.kind + " " + i.name].insert(part->second);
      if (!i.sha256.empty()) seen[i.kind + " #" + i.sha256].insert(part->second);
    }
  }
  return static_cast<std::size_t>(std::count_if(
      seen.begin(), seen.end(), [](const auto& key) { return key.second.size() > 1; }));
}

}  // namespace

TEST_CASE("over a thousand random recipes no lineage key lies in two parts of a split") {
  std::size_t split = 0;
  std::size_t images = 0;
  std::size_t leaking = 0;
  std::size_t refused = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, 0, "test/recipe");
    const MixRecipe recipe = random_recipe(rng, seed);
    std::vector<LabelledImage> real = random_photos(rng, 4);
    std::vector<SplitItem> items;
    for (const LabelledImage& photo : real) items.push_back(split_item_of(photo));
    SplitRules rules{.parts = recipe.splits.parts(), .allow_rare = true};
    Partition of_photos;
    try {
      of_photos = partition(items, {"a", "b", "c", "d"}, rules);
    } catch (const Error&) {
      ++refused;  // fewer groups than parts
      continue;
    }
    const PhotoPool photos(std::move(real), of_photos.part_of);
    const std::vector<DrawModels> models(
        2, [](std::uint64_t shot) { return std::vector<std::uint32_t>{shot % 3 == 0 ? 0U : 1U}; });
    const MixDraw draw(recipe, photos, models);
    if (holds(error_of([&] { require_validation(recipe, photos, draw); }),
              "is validated on in part")) {
      ++refused;
      continue;  // before anything is made
    }
    std::vector<SplitItem> made;
    std::vector<SplitItem> parted;
    for (std::uint64_t i = 0; i < recipe.count; ++i) {
      made.push_back(item_of(recipe, draw(i), i, photos));
      if (!is_free(made.back(), rules.kinds)) parted.push_back(made.back());
    }
    const Partition parts = partition(parted, {"a", "b", "c", "d"}, rules, pins_of(of_photos));
    CHECK_NOTHROW(require_no_leak(made, rules.kinds, parts.part_of));
    leaking += leaks(made, parts);
    images += parted.size();
    ++split;
  }
  CHECK(leaking == 0);
  CHECK(split + refused == 1000);
  MESSAGE(split << " of 1000 recipes were split, of " << images << " images; the others refused");
  CHECK(split > 600);
}
