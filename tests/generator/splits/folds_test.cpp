#include "generator/splits/folds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "generator/splits/stratify.hpp"
#include "scenes/error.hpp"
#include "tests/generator/splits/random_items.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::class_names;
using orrery::testing::error_of;
using orrery::testing::holds;
using orrery::testing::item_of;
using orrery::testing::random_items;

namespace {

SplitRules rules_of(std::size_t folds) {
  SplitRules rules;
  rules.parts = equal_folds(folds);
  rules.allow_rare = true;
  return rules;
}

/// Which part each key of the kinds is in, found without the code under test; -1: two parts.
std::map<std::pair<std::string, std::string>, int> parts_of_keys(
    const std::vector<SplitItem>& items, const std::vector<std::string>& kinds,
    const std::map<std::string, std::size_t>& part_of) {
  std::map<std::pair<std::string, std::string>, int> parts;
  const auto add = [&](const std::string& kind, const std::string& name, std::size_t part) {
    const int own = static_cast<int>(part);
    int& found = parts.try_emplace({kind, name}, own).first->second;
    if (found != own) found = -1;
  };
  for (const SplitItem& item : items) {
    const std::size_t part = part_of.at(item.name);
    add("parent", item.name, part);
    for (const Ingredient& one : item.lineage) {
      if (std::find(kinds.begin(), kinds.end(), one.kind) == kinds.end()) continue;
      add(one.kind, one.name, part);
      if (!one.sha256.empty()) add(one.kind + " content", one.sha256, part);
    }
  }
  return parts;
}

}  // namespace

TEST_SUITE("folds") {
  TEST_CASE("of 1000 random lineage graphs no key lies in two folds, and every image in one") {
    std::size_t split = 0;
    std::size_t too_few = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
      const std::vector<SplitItem> items = random_items(seed);
      SplitRules rules = rules_of(2 + seed % 6);
      if (seed % 5 == 0) rules.parts = {{"train", 0.7}, {"val", 0.1}, {"test", 0.2}};
      Partition found;
      try {
        found = partition(items, class_names(), rules);
      } catch (const Error& error) {
        REQUIRE(holds(error.what(), "groups of images to validate on"));
        ++too_few;
        continue;
      }
      ++split;
      REQUIRE(found.part_of.size() == items.size());
      for (const auto& key : parts_of_keys(items, rules.kinds, found.part_of)) {
        INFO(key.first.first, " ", key.first.second, " of graph ", seed);
        REQUIRE(key.second >= 0);
        REQUIRE(key.second < static_cast<int>(rules.parts.size()));
      }
    }
    CHECK(split > 800);  // the rest are graphs that hang together
    MESSAGE(split, " split, ", too_few, " with fewer groups than parts");
  }

  TEST_CASE("a key planted in a second fold is found, with its name and both images") {
    std::size_t planted = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      std::vector<SplitItem> items = random_items(seed);
      const SplitRules rules = rules_of(3);
      const auto fails = error_of([&] { partition(items, class_names(), rules); });
      if (!fails.empty()) continue;
      const Partition found = partition(items, class_names(), rules);
      CHECK_NOTHROW(require_no_leak(items, rules.kinds, found.part_of));
      // The same photo, hidden under another name: only its content gives it away.
      const auto other = std::find_if(items.begin(), items.end(), [&](const SplitItem& item) {
        return found.part_of.at(item.name) != found.part_of.at(items[0].name);
      });
      items[0].lineage.push_back({"photo", "a name", "leaked"});
      other->lineage.push_back({"photo", "another name", "leaked"});
      const std::string text =
          error_of([&] { require_no_leak(items, rules.kinds, found.part_of); });
      CHECK(holds(text, "photo \"sha256:leaked\""));
      CHECK(holds(text, "\"" + items[0].name + "\""));
      CHECK(holds(text, "\"" + other->name + "\""));
      ++planted;
    }
    CHECK(planted > 30);
  }

  TEST_CASE("a copy goes where its parent is, and is no reason to validate") {
    std::vector<SplitItem> items;
    for (int i = 0; i < 8; ++i) items.push_back(item_of("i" + std::to_string(i), {}));
    for (int i = 0; i < 8; ++i) {
      items.push_back(item_of("copy" + std::to_string(i), {{"parent", "i" + std::to_string(i)}}));
      items.back().train_only = true;
    }
    const SplitRules rules = rules_of(4);
    const Partition found = partition(items, class_names(), rules);
    for (int i = 0; i < 8; ++i) {
      CHECK(found.part_of.at("i" + std::to_string(i)) ==
            found.part_of.at("copy" + std::to_string(i)));
    }
    for (const PartCount& count : counts_of(items, 1, rules, found)) {
      CHECK(count.images == 2);
      CHECK(count.train_only == 2);
      CHECK(count.instances.at(0) == 2);
    }
  }

  TEST_CASE("the order of the items changes nothing") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      std::vector<SplitItem> items = random_items(seed);
      const SplitRules rules = rules_of(2);
      const Partition first = partition(items, class_names(), rules);
      Rng rng(seed, 1, "test/order");
      for (std::uint32_t i = 1; i < items.size(); ++i) {
        std::swap(items[i], items[rng.below(i + 1)]);
      }
      const Partition second = partition(items, class_names(), rules);
      CHECK(first.part_of == second.part_of);
      REQUIRE(first.groups.size() == second.groups.size());
      for (std::size_t g = 0; g < first.groups.size(); ++g) {
        CHECK(first.groups[g].images == second.groups[g].images);
        CHECK(first.groups[g].keys == second.groups[g].keys);
      }
      CHECK(random_partition(items, rules, 3).part_of == random_partition(items, rules, 3).part_of);
    }
  }

  TEST_CASE("kinds that are not asked for do not hold images together") {
    std::vector<SplitItem> items;
    for (int i = 0; i < 10; ++i) {
      items.push_back(item_of("i" + std::to_string(i), {{"model", i < 5 ? "cup" : "bowl"}}));
    }
    SplitRules rules = rules_of(2);
    CHECK(partition(items, class_names(), rules).groups.size() == 10);
    rules.kinds = {"model"};
    const Partition by_model = partition(items, class_names(), rules);
    CHECK(by_model.groups.size() == 2);
    CHECK(by_model.part_of.at("i0") == by_model.part_of.at("i4"));
    CHECK(by_model.part_of.at("i0") != by_model.part_of.at("i9"));
    CHECK(by_model.largest_share == doctest::Approx(0.5));
  }

  TEST_CASE("a class in fewer groups than folds is refused with what to do, or recorded") {
    std::vector<SplitItem> items;
    for (int i = 0; i < 12; ++i) {
      items.push_back(item_of("i" + std::to_string(i), {}, {{i < 2 ? 1U : 0U, 1}}));
    }
    SplitRules rules = rules_of(3);
    rules.allow_rare = false;
    const std::string text = error_of([&] { partition(items, class_names(), rules); });
    CHECK(holds(text, "class \"jack\" is in 2 groups for 3 parts"));
    CHECK(holds(text, "fewer parts, classes merged, or images from more sessions"));
    rules.allow_rare = true;
    CHECK(partition(items, class_names(), rules).rare == std::vector<std::string>{"jack"});
    rules.parts = equal_folds(2);
    rules.allow_rare = false;
    CHECK(partition(items, class_names(), rules).rare.empty());
  }

  TEST_CASE("bad rules, doubled names and unknown classes are refused") {
    std::vector<SplitItem> items{item_of("a", {}), item_of("b", {}), item_of("a", {})};
    CHECK(holds(error_of([&] { partition(items, class_names(), rules_of(2)); }),
                "two images are called \"a\""));
    items.pop_back();
    SplitRules rules = rules_of(2);
    rules.parts = {{"train", 0.5}, {"val", 0.4}};
    CHECK_THROWS_AS(partition(items, class_names(), rules), Error);
    rules.parts = {{"train", 1}, {"val", 0}};
    CHECK_THROWS_AS(partition(items, class_names(), rules), Error);
    CHECK_THROWS_AS(partition(items, {}, rules_of(2)), Error);
    CHECK(holds(error_of([&] { partition(items, class_names(), rules_of(3)); }),
                "2 groups of images to validate on for 3 parts"));
  }
}

TEST_SUITE("stability") {
  TEST_CASE("no old image moves when data grows") {
    std::size_t grown = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const std::vector<SplitItem> all = random_items(seed, true);
      const std::vector<SplitItem> old(all.begin(),
                                       all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
      const SplitRules rules = rules_of(2);
      Partition before;
      Partition after;
      try {
        before = partition(old, class_names(), rules);
        SplitPins pins;
        pins.images = before.part_of;
        after = partition(all, class_names(), rules, pins);
      } catch (const Error&) {
        continue;  // new images join what was apart
      }
      ++grown;
      for (const auto& [name, part] : before.part_of) REQUIRE(after.part_of.at(name) == part);
    }
    CHECK(grown > 100);
    MESSAGE(grown, " of 200 grew");
  }

  TEST_CASE("new images make up for what the old split lacked") {
    std::vector<SplitItem> items;
    SplitPins pins;
    for (int i = 0; i < 6; ++i) {
      items.push_back(item_of("old" + std::to_string(i), {}));
      pins.images[items.back().name] = i == 0 ? 1 : 0;
    }
    for (int i = 0; i < 4; ++i) items.push_back(item_of("new" + std::to_string(i), {}));
    const Partition found = partition(items, class_names(), rules_of(2), pins);
    for (int i = 0; i < 4; ++i) CHECK(found.part_of.at("new" + std::to_string(i)) == 1);
    CHECK(found.groups.front().pinned == false);
    CHECK(found.groups.back().pinned == true);
  }

  TEST_CASE("a key that joins old images of two folds is named, with the way between them") {
    std::vector<SplitItem> items{item_of("a", {{"session", "kitchen"}}),
                                 item_of("b", {{"session", "hall"}}), item_of("c", {})};
    SplitPins pins;
    pins.images = {{"a", 0}, {"b", 1}, {"c", 1}};
    CHECK_NOTHROW(partition(items, class_names(), rules_of(2), pins));
    items.push_back(item_of("n", {{"session", "kitchen"}, {"session", "hall"}}));
    const std::string text = error_of([&] { partition(items, class_names(), rules_of(2), pins); });
    CHECK(holds(text, "session \"kitchen\""));
    CHECK(holds(text, "session \"hall\""));
    CHECK(holds(text, "\"a\" (in \"0\")"));
    CHECK(holds(text, "\"n\" (new)"));
    CHECK(holds(text, "\"b\" (in \"1\")"));
  }

  TEST_CASE("a key keeps its fold though its images are gone") {
    SplitPins pins;
    pins.keys[{"session", "kitchen"}] = 1;
    const std::vector<SplitItem> items{item_of("a", {{"session", "kitchen"}}), item_of("b", {}),
                                       item_of("c", {})};
    CHECK(partition(items, class_names(), rules_of(2), pins).part_of.at("a") == 1);
    pins.images["a"] = 0;
    CHECK(holds(error_of([&] { partition(items, class_names(), rules_of(2), pins); }),
                "session \"kitchen\" (in \"1\")"));
  }

  TEST_CASE("one photo in every image is refused, by its name, once they were apart") {
    std::vector<SplitItem> items;
    SplitPins pins;
    for (int i = 0; i < 20; ++i) {
      items.push_back(item_of("i" + std::to_string(i), {{"photo", "beach"}}));
      pins.images[items.back().name] = static_cast<std::size_t>(i % 5);
    }
    CHECK(holds(error_of([&] { partition(items, class_names(), rules_of(5), pins); }),
                "photo \"beach\""));
    CHECK(
        holds(error_of([&] { partition(items, class_names(), rules_of(5)); }), "photo \"beach\""));
  }
}

namespace {

/// Bundles with a few labels, as small as brute force needs them.
std::vector<Bundle> random_bundles(std::uint64_t seed, std::size_t count, std::uint32_t labels) {
  Rng rng(seed, 0, "test/bundles");
  std::vector<Bundle> bundles;
  for (std::size_t b = 0; b < count; ++b) {
    Bundle& bundle = bundles.emplace_back();
    bundle.name = std::to_string(b);
    bundle.amounts.emplace_back(0, 1 + rng.below(9));
    for (std::uint32_t label = 1; label < labels; ++label) {
      const std::uint32_t amount = rng.below(6);
      if (amount > 1) bundle.amounts.emplace_back(label, amount);
    }
  }
  return bundles;
}

double best_of_all(const std::vector<Bundle>& bundles, const DealRules& rules) {
  std::vector<std::size_t> part_of(bundles.size());
  double best = std::numeric_limits<double>::infinity();
  for (;;) {
    best = std::min(best, imbalance_of(bundles, rules, part_of));
    std::size_t b = 0;
    while (b < part_of.size() && ++part_of[b] == rules.shares.size()) part_of[b++] = 0;
    if (b == part_of.size()) return best;
  }
}

}  // namespace

TEST_SUITE("stratification") {
  TEST_CASE("the imbalance is near the least of all deals") {
    double sum = 0;
    double least = 0;
    double worst = 0;
    std::size_t optimal = 0;
    constexpr std::size_t kCases = 120;
    for (std::uint64_t seed = 0; seed < kCases; ++seed) {
      const std::uint32_t labels = 2 + static_cast<std::uint32_t>(seed % 3);
      const std::size_t parts = seed % 2 == 0 ? 2 : 3;
      const std::vector<Bundle> bundles = random_bundles(seed, parts == 2 ? 12 : 8, labels);
      DealRules rules;
      rules.shares.assign(parts, 1 / static_cast<double>(parts));
      if (seed % 5 == 0) {
        rules.shares = parts == 2 ? std::vector{0.8, 0.2} : std::vector{0.6, 0.2, 0.2};
      }
      rules.labels = labels;
      rules.needed.assign(labels, false);
      rules.seed = seed;
      const double best = best_of_all(bundles, rules);
      const double ours = imbalance_of(bundles, rules, dealt(bundles, rules));
      CHECK(ours >= best - 1e-9);
      sum += ours;
      least += best;
      worst = std::max(worst, ours - best);
      optimal += ours < best + 1e-9 ? 1 : 0;
    }
    MESSAGE("imbalance ", sum / kCases, " on average, the least ", least / kCases, "; ", optimal,
            " of ", kCases, " optimal; at worst ", worst, " more");
    CHECK(sum < 1.5 * least);
    CHECK(worst < 0.2);
  }

  TEST_CASE("a label that fits is dealt out without any deviation") {
    std::vector<Bundle> bundles;
    for (int b = 0; b < 30; ++b) {
      bundles.push_back({{{0, 1}, {b % 3 == 0 ? 1U : 2U, 2}}, std::to_string(b), {}});
    }
    DealRules rules;
    rules.shares.assign(5, 0.2);
    rules.labels = 3;
    rules.needed.assign(3, true);
    CHECK(imbalance_of(bundles, rules, dealt(bundles, rules)) < 1e-12);
  }

  TEST_CASE("the seed decides ties") {
    std::vector<Bundle> bundles;
    for (int b = 0; b < 30; ++b) bundles.push_back({{{0, 1}}, std::to_string(b), {}});
    DealRules rules;
    rules.shares.assign(5, 0.2);
    rules.labels = 1;
    rules.needed.assign(1, true);
    const std::vector<std::size_t> first = dealt(bundles, rules);
    CHECK(first == dealt(bundles, rules));
    rules.seed = 1;
    CHECK(first != dealt(bundles, rules));
  }
}
