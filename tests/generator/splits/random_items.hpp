#pragma once

#include <string>
#include <vector>

#include "generator/splits/folds.hpp"
#include "scenes/random.hpp"

namespace orrery::testing {

/// Images of a made-up project: sessions, photos, near-duplicates, copies of each other and assets.
/// `loose`: few share anything.
inline std::vector<SplitItem> random_items(std::uint64_t seed, bool loose = false) {
  Rng rng(seed, 0, "test/items");
  const std::uint32_t images = 20 + rng.below(120);
  const std::uint32_t sessions = (loose ? 1000 : 5) + rng.below(40);
  const std::uint32_t photos = (loose ? 100 : 3) * images;
  const std::uint32_t classes = 1 + rng.below(6);
  std::vector<SplitItem> items;
  for (std::uint32_t i = 0; i < images; ++i) {
    SplitItem& item = items.emplace_back();
    item.name = "image" + std::to_string(i);
    if (rng.below(4) != 0) {
      item.lineage.push_back({"session", "s" + std::to_string(rng.below(sessions))});
    }
    const std::string photo = "p" + std::to_string(rng.below(photos));
    item.lineage.push_back({"photo", photo, rng.below(2) == 0 ? "hash of " + photo : ""});
    if (rng.below(8) == 0) {
      item.lineage.push_back({"duplicates", "d" + std::to_string(rng.below(photos))});
    }
    if (i > 0 && rng.below(6) == 0) {
      item.lineage.push_back({"parent", "image" + std::to_string(rng.below(i))});
      item.train_only = true;
    }
    item.lineage.push_back({"model", "m" + std::to_string(rng.below(5))});
    const std::uint32_t kinds = rng.below(classes + 1);
    for (std::uint32_t k = 0; k < kinds; ++k) {
      const std::uint32_t id = rng.below(classes);
      item.classes[id] += 1 + rng.below(3);
    }
    item.strata[rng.below(3) == 0 ? "real" : "rendered"] = 1;
  }
  return items;
}

inline const std::vector<std::string>& class_names() {
  static const std::vector<std::string> kNames{"ace", "jack", "king", "nine", "queen", "ten"};
  return kNames;
}

inline SplitItem item_of(const std::string& name, std::vector<Ingredient> lineage,
                         std::map<std::uint32_t, std::uint64_t> classes = {{0, 1}}) {
  return {name, std::move(lineage), std::move(classes), {}, false};
}

}  // namespace orrery::testing
