#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "generator/splits/folds.hpp"
#include "scenes/random.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;

namespace {

constexpr std::size_t kFolds = 5;

/// Images with one label each, in groups that lean to one label, as sessions do.
std::vector<SplitItem> grouped_items(std::uint64_t seed) {
  Rng rng(seed, 0, "test/oracle/grouped");
  std::vector<SplitItem> items;
  const std::uint32_t groups = 25 + rng.below(30);
  for (std::uint32_t g = 0; g < groups; ++g) {
    const std::uint32_t images = 1 + rng.below(12);
    const std::uint32_t favourite = rng.below(4);
    for (std::uint32_t i = 0; i < images; ++i) {
      const std::uint32_t other = rng.below(4);
      const bool favoured = rng.below(3) != 0;
      SplitItem& item = items.emplace_back();
      item.name = std::to_string(items.size());
      item.lineage = {{"session", std::to_string(g)}};
      item.classes[favoured ? favourite : other] = 1;
    }
  }
  return items;
}

/// Images on their own with several labels each, some rare.
std::vector<SplitItem> single_items(std::uint64_t seed) {
  Rng rng(seed, 0, "test/oracle/single");
  std::vector<SplitItem> items;
  const std::uint32_t images = 60 + rng.below(120);
  for (std::uint32_t i = 0; i < images; ++i) {
    SplitItem& item = items.emplace_back();
    item.name = std::to_string(i);
    for (std::uint32_t label = 0; label < 6; ++label) {
      if (rng.unit() < 0.5 / (label + 1)) item.classes[label] = 1;
    }
  }
  return items;
}

/// Folds as the Python package `oracle` deals them out.
std::vector<std::map<std::string, std::size_t>> folds_of(
    const char* oracle, const std::vector<std::vector<SplitItem>>& cases) {
  const TemporaryFolder scratch;
  Json all = Json::array();
  for (const std::vector<SplitItem>& items : cases) {
    Json labels = Json::array();
    Json groups = Json::array();
    for (const SplitItem& item : items) {
      Json row = Json::array();
      for (std::uint32_t label = 0; label < 6; ++label) {
        row.push_back(item.classes.contains(label) ? 1 : 0);
      }
      labels.push_back(row);
      groups.push_back(item.lineage.empty() ? item.name : item.lineage[0].name);
    }
    all.push_back({{"labels", labels}, {"groups", groups}});
  }
  std::ofstream(scratch.path / "cases.json") << all.dump();
  const std::string command = std::string(ORRERY_PYTHON " " ORRERY_READ_SPLITS " ") + oracle + " " +
                              std::to_string(kFolds) + " " +
                              (scratch.path / "cases.json").string() + " " +
                              (scratch.path / "folds.json").string();
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream in(scratch.path / "folds.json");
  const Json found = Json::parse(in);
  std::vector<std::map<std::string, std::size_t>> folds;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    auto& part_of = folds.emplace_back();
    for (std::size_t i = 0; i < cases[c].size(); ++i) {
      part_of[cases[c][i].name] = found.at(c).at(i).get<std::size_t>();
    }
  }
  return folds;
}

struct Compared {
  double ours = 0;
  double theirs = 0;
  double random = 0;
  std::size_t better = 0;
};

Compared compared(const char* oracle, const std::vector<std::vector<SplitItem>>& cases) {
  const std::vector<std::string> classes{"a", "b", "c", "d", "e", "f"};
  SplitRules rules;
  rules.parts = equal_folds(kFolds);
  rules.allow_rare = true;
  const auto theirs = folds_of(oracle, cases);
  Compared sum;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    const double own = imbalance_of(cases[c], rules, partition(cases[c], classes, rules).part_of);
    const double other = imbalance_of(cases[c], rules, theirs[c]);
    sum.ours += own;
    sum.theirs += other;
    sum.random += imbalance_of(cases[c], rules, random_partition(cases[c], rules, 0).part_of);
    sum.better += own <= other + 1e-9 ? 1 : 0;
  }
  MESSAGE(std::string(oracle), ": imbalance ours ", sum.ours / static_cast<double>(cases.size()),
          ", theirs ", sum.theirs / static_cast<double>(cases.size()), ", random ",
          sum.random / static_cast<double>(cases.size()), "; ours no worse in ", sum.better, " of ",
          cases.size());
  return sum;
}

}  // namespace

TEST_SUITE("oracles") {
  TEST_CASE("grouped folds of one label are more even than scikit-learn's") {
    std::vector<std::vector<SplitItem>> cases;
    for (std::uint64_t seed = 0; seed < 60; ++seed) cases.push_back(grouped_items(seed));
    const Compared found = compared("StratifiedGroupKFold", cases);
    CHECK(found.ours <= found.theirs);
    CHECK(found.ours < 0.5 * found.random);
    CHECK(found.theirs < found.random);  // the oracle was read right
  }

  TEST_CASE("folds of many labels without groups are more even than iterative-stratification's") {
    std::vector<std::vector<SplitItem>> cases;
    for (std::uint64_t seed = 0; seed < 60; ++seed) cases.push_back(single_items(seed));
    const Compared found = compared("MultilabelStratifiedKFold", cases);
    CHECK(found.ours <= found.theirs);
    CHECK(found.ours < 0.5 * found.random);
    CHECK(found.theirs < found.random);
  }
}
