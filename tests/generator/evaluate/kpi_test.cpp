#include "generator/evaluate/kpi.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "generator/evaluate/evaluation.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/evaluate/truth_drafts.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::drafted_detections;
using orrery::testing::drafted_truth;
using orrery::testing::holds;
using orrery::testing::write_text;

namespace {

std::string refusal_of(const std::string& yaml) {
  const TemporaryFolder folder;
  write_text(folder.path / "kpi.yaml", yaml);
  return testing::error_of([&] { read_kpis(folder.path / "kpi.yaml"); });
}

Kpi kpi_of(KpiMetric metric, double target, KpiRule rule = KpiRule::value) {
  Kpi kpi;
  kpi.name = "a";
  kpi.metric = metric;
  kpi.target = target;
  kpi.rule = rule;
  return kpi;
}

KpiResult measured(const Kpi& kpi, const GroundTruth& truth, const Detections& found) {
  return measure(kpi, truth, found, Overlap::bbox, 200, 1);
}

}  // namespace

TEST_SUITE("evaluate: targets") {
  TEST_CASE("mistakes of a file are named with their line") {
    CHECK(refusal_of("kpis:\n  - {name: a, metric: ap50, target: 0.5}\n").empty());
    CHECK(holds(refusal_of("kpis:\n  - {name: a, metric: ap60, target: 0.5}\n"), "kpi.yaml:2:"));
    CHECK(holds(refusal_of("kpis:\n  - name: a\n    metric: ap\n    target: 1\n    were: {}\n"),
                ":5:5: kpis[0].were is no key, wanted one such as \"where\""));
    CHECK(holds(refusal_of("kpis:\n  - {name: a, metric: ap}\n"), "kpis[0].target is missing"));
    CHECK(refusal_of("kpis:\n  - {name: a, metric: ap, rule: report}\n").empty());
    CHECK(holds(refusal_of("kpis:\n  - {metric: ap, target: 1}\n"), "kpis[0].name is missing"));
    CHECK(holds(refusal_of("kpis:\n  - {name: a, target: 1}\n"), "kpis[0].metric is missing"));
    CHECK(
        holds(refusal_of("kpis:\n  - {name: a, metric: ap, target: 1, where: {min_visible: 2}}\n"),
              "min_visible is 2, wanted from 0 to 1"));
    CHECK(holds(refusal_of("kpis:\n  - {name: a, metric: ap, target: 1, where: {min_side: 9, "
                           "max_side: 2}}\n"),
                "a lower bound below the upper"));
    CHECK(holds(refusal_of("kpis: []\n"), "kpis is empty"));
    CHECK(holds(refusal_of("kpis: [\n"), "is no YAML"));
  }

  TEST_CASE("the file that is shipped can be read, and gates something") {
    const auto kpis = read_kpis(std::filesystem::path(ORRERY_KPI_LIBRARY) / "cards.yaml");
    std::size_t gates = 0;
    for (const Kpi& kpi : kpis) gates += kpi.in_scope && kpi.rule != KpiRule::report ? 1U : 0U;
    CHECK(gates > 0);
    CHECK(gates < kpis.size());
  }

  TEST_CASE("recall at some falses and falses an image are those counted by hand") {
    GroundTruth truth = drafted_truth(1);  // 3 images
    truth.objects.resize(4);               // in the first one
    Detections found;
    const auto add = [&](std::size_t object, double score, double y) {
      Detection& one = found.items.emplace_back();
      static_cast<Region&>(one) = truth.objects[object];
      one.score = score;
      one.y = y;
    };
    const double away = 200;
    add(0, 0.9, 10);
    add(1, 0.8, away);
    add(2, 0.7, 10);
    add(1, 0.6, away);
    add(3, 0.6, 10);  // a tie with a false one: both or none
    add(1, 0.5, away);
    add(1, 0.4, 10);
    Kpi kpi = kpi_of(KpiMetric::recall_at_fp, 0.5);
    const auto recall = [&](double max_fp) {
      kpi.max_fp = max_fp;
      return measured(kpi, truth, found).value;
    };
    CHECK(recall(0) == 0.25);
    CHECK(recall(1.0 / 3) == 0.5);
    CHECK(recall(0.6) == 0.5);
    CHECK(recall(2.0 / 3) == 0.75);
    CHECK(recall(1) == 1);
    kpi.metric = KpiMetric::fp_per_image;
    const auto falses = [&](double min_score) {
      kpi.min_score = min_score;
      return measured(kpi, truth, found).value;
    };
    CHECK(falses(0) == 1);
    CHECK(falses(0.6) == 2.0 / 3);
    CHECK(falses(0.85) == 0);
  }

  TEST_CASE("each rule passes and fails where it must, and what is not in scope fails nothing") {
    const GroundTruth truth = drafted_truth(30);
    const Detections found = drafted_detections(truth, 0.7, 2);
    const KpiResult middle = measured(kpi_of(KpiMetric::ap50, 0), truth, found);
    CHECK(middle.interval.low < middle.value);
    CHECK(middle.value < middle.interval.high);
    const double just_below = middle.value - 1e-9;
    CHECK_FALSE(measured(kpi_of(KpiMetric::ap50, just_below), truth, found).fails());
    CHECK(measured(kpi_of(KpiMetric::ap50, middle.value + 1e-9), truth, found).fails());
    CHECK(
        measured(kpi_of(KpiMetric::ap50, just_below, KpiRule::lower_bound), truth, found).fails());
    CHECK_FALSE(
        measured(kpi_of(KpiMetric::ap50, middle.interval.low, KpiRule::lower_bound), truth, found)
            .fails());
    Kpi outside = kpi_of(KpiMetric::ap50, 1);
    outside.in_scope = false;
    CHECK_FALSE(measured(outside, truth, found).fails());
    CHECK_FALSE(measured(kpi_of(KpiMetric::ap50, 1, KpiRule::report), truth, found).fails());
    // Fewer falses are better.
    const KpiResult falses = measured(kpi_of(KpiMetric::fp_per_image, 1e9), truth, found);
    CHECK_FALSE(falses.fails());
    CHECK(measured(kpi_of(KpiMetric::fp_per_image, falses.value - 1e-9), truth, found).fails());
    CHECK(
        measured(kpi_of(KpiMetric::fp_per_image, falses.value, KpiRule::lower_bound), truth, found)
            .fails());
  }

  TEST_CASE("a slice with nothing in it fails, and an unknown class is an error") {
    const GroundTruth truth = drafted_truth(3);
    const Detections found = drafted_detections(truth, 0.7, 2);
    Kpi kpi = kpi_of(KpiMetric::ap50, 0);
    kpi.where.min_side = 500;
    const KpiResult none = measured(kpi, truth, found);
    CHECK(none.value == -1);
    CHECK(none.fails());
    kpi.where = {};
    kpi.where.classes = {"bal"};
    CHECK_THROWS_WITH_AS(measured(kpi, truth, found),
                         doctest::Contains("wanted one such as \"ball\""), Error);
    kpi.where.classes = {"ball"};
    EvaluationParams params;
    CHECK(measured(kpi, truth, found).value ==
          evaluate(truth, found, params).classes.at(0).score.ap50);
  }

  TEST_CASE("a lower bound without resamples is a mistake in the command") {
    const GroundTruth truth = drafted_truth(3);
    CHECK_THROWS_AS(
        measure(kpi_of(KpiMetric::ap, 0, KpiRule::lower_bound), truth, {}, Overlap::bbox, 0, 1),
        Error);
  }
}
