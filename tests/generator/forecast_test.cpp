#include "generator/forecast.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "scenes/random.hpp"

using namespace orrery;

namespace {

constexpr std::uint64_t kImages = 5000;

Recipe two_classes() {
  Recipe recipe;
  recipe.classes = {"cup", "die"};
  recipe.count = kImages;
  recipe.scene.labels.min_visible = 0.5;
  return recipe;
}

/// Sample `index` of a world with 0 to 9 cups, of which four in five are labels, and one die in
/// every tenth image.
SurveyedShot sample(std::uint64_t seed, std::uint64_t index) {
  Rng rng(seed, index, "test/sample");
  SurveyedShot shot;
  shot.index = index;
  shot.wanted = {static_cast<double>(rng.below(10)), index % 10 == 0 ? 1.0 : 0.0};
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(shot.wanted[0]); ++i) {
    const bool label = rng.unit() < 0.8;
    shot.instances.push_back(
        {0, 0, label ? "" : "min_visible", 2000, label ? 1.0 : 0.1, rng.unit() < 0.05});
  }
  if (shot.wanted[1] > 0) shot.instances.push_back({1, 1, "", 100, 0.7, false});
  return shot;
}

Survey survey_of(std::uint64_t seed, std::uint64_t drawn) {
  Survey survey;
  survey.groups.resize(2);
  for (const std::uint64_t index : spread_indices(seed, kImages, drawn)) {
    survey.shots.push_back(sample(seed, index));
    for (std::size_t g = 0; g < 2; ++g) {
      survey.groups[g].in_drawn += survey.shots.back().wanted[g];
    }
  }
  for (std::uint64_t i = 0; i < kImages; ++i) {
    const SurveyedShot shot = sample(seed, i);
    for (std::size_t g = 0; g < 2; ++g) survey.groups[g].in_all += shot.wanted[g];
  }
  return survey;
}

}  // namespace

TEST_SUITE("forecast") {
  TEST_CASE("indices lie one in each stretch, and their first half is spread over all") {
    const auto indices = spread_indices(4, 1000, 100);
    std::set<std::uint64_t> stretches;
    for (const std::uint64_t i : indices) stretches.insert(i / 10);
    CHECK(stretches.size() == 100);
    CHECK(std::count_if(indices.begin(), indices.begin() + 50,
                        [](std::uint64_t i) { return i < 500; }) > 15);
    auto all = spread_indices(4, 30, 100);
    std::sort(all.begin(), all.end());
    CHECK(all.size() == 30);
    CHECK(all.front() == 0);
    CHECK(all.back() == 29);
  }

  TEST_CASE("where all samples are drawn the forecast is the truth without an error") {
    const LabelForecast f = forecast_labels(two_classes(), survey_of(1, kImages));
    double labels = 0;
    for (std::uint64_t i = 0; i < kImages; ++i) {
      for (const SurveyedInstance& s : sample(1, i).instances) labels += s.rule.empty() ? 1 : 0;
    }
    CHECK(f.labels.value == doctest::Approx(labels));
    CHECK(f.labels.error == 0);
    CHECK(f.classes[1].labelled.value == doctest::Approx(0.1 * kImages));
  }

  TEST_CASE("errors of counts are those that are made, and a known number has none") {
    double squares = 0;
    double told = 0;
    constexpr int kRuns = 60;
    for (std::uint64_t run = 0; run < kRuns; ++run) {
      const LabelForecast drawn = forecast_labels(two_classes(), survey_of(run, 200));
      const LabelForecast truth = forecast_labels(two_classes(), survey_of(run, kImages));
      const double off = drawn.classes[0].labelled.value - truth.classes[0].labelled.value;
      squares += off * off / kRuns;
      told += std::pow(drawn.classes[0].labelled.error, 2) / kRuns;
      // One die in every tenth image, always a label: no draw of images can miss that.
      CHECK(drawn.classes[1].labelled.value == doctest::Approx(0.1 * kImages));
      CHECK(drawn.classes[1].labelled.error < 1e-6);
    }
    CHECK(std::sqrt(told / squares) == doctest::Approx(1).epsilon(0.3));
  }

  TEST_CASE("bins add up to the labels, and what rules drop is in none") {
    const LabelForecast f = forecast_labels(two_classes(), survey_of(2, 300));
    for (const auto* bins : {&f.sizes, &f.visibilities}) {
      double sum = 0;
      for (const ForecastBin& bin : *bins) sum += bin.labels.value;
      CHECK(sum == doctest::Approx(f.labels.value));
    }
    CHECK(f.classes[0].dropped.at("min_visible").value > 0);
    CHECK(f.visibilities.front().labels.value == 0);
  }

  TEST_CASE("the rarest combination is named, and what was never seen has an upper end") {
    const LabelForecast f = forecast_labels(two_classes(), survey_of(2, 300));
    // Two classes, three sizes and the two visibilities that the rules leave.
    CHECK(f.combinations == 12);
    CHECK(f.unseen == 10);
    REQUIRE(!f.rarest.empty());
    CHECK(f.rarest.front().seen == 0);
    CHECK(f.rarest.front().at_most == doctest::Approx(3.0 * kImages / 300));
    const Combination& last = f.rarest.back();
    CHECK(last.class_name == "cup");
    CHECK(last.size == "medium");
    CHECK(last.visibility == "clear");
    CHECK(f.rarest[f.rarest.size() - 2].class_name == "die");
    CHECK(f.rarest[f.rarest.size() - 2].visibility == "partial");
  }
}
