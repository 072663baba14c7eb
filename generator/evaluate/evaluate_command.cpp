#include <algorithm>
#include <limits>
#include <ostream>

#include "generator/data_commands.hpp"
#include "generator/evaluate/bootstrap.hpp"
#include "generator/evaluate/coco_truth.hpp"
#include "generator/evaluate/evaluation.hpp"
#include "generator/evaluate/evaluation_text.hpp"
#include "generator/evaluate/kpi.hpp"
#include "generator/evaluate/manifest_facts.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

Overlap overlap_from(const std::string& name) {
  if (name == "bbox") return Overlap::bbox;
  if (name == "segm") return Overlap::segm;
  if (name == "keypoints") return Overlap::keypoints;
  throw Error("--iou is \"" + name + "\", wanted bbox, segm or keypoints", Exit::usage);
}

MeasuredScore measured(const Score& score, const ScoreDraws& draws) {
  return {{score.ap, interval_of(draws.ap)}, {score.ap50, interval_of(draws.ap50)}};
}

/// Nothing is known of the difference if either is unknown.
double difference(double a, double b) {
  return a < 0 || b < 0 ? std::numeric_limits<double>::quiet_NaN() : a - b;
}

MeasuredScore measured_difference(const Score& a, const Score& b, const ScoreDraws& of_a,
                                  const ScoreDraws& of_b) {
  return {{difference(a.ap, b.ap), interval_of(differences(of_a.ap, of_b.ap))},
          {difference(a.ap50, b.ap50), interval_of(differences(of_a.ap50, of_b.ap50))}};
}

Score all_of(const Evaluation& evaluation) {
  Score score;
  score.ap = evaluation.stats.at(0).value;
  score.ap50 = evaluation.stats.at(1).value;
  return score;
}

ClassDraws draws_of(const GroundTruth& truth, const Detections& detections, Overlap overlap,
                    const EvaluateCommand& command) {
  const auto outcomes = outcomes_of(truth, detections, overlap, coco_slices(overlap).front());
  return draw_scores(outcomes, groups_of(truth.images), command.bootstrap, command.seed);
}

void warn(EvaluationReport& report, const std::vector<std::string>& warnings) {
  report.warnings.insert(report.warnings.end(), warnings.begin(), warnings.end());
}

void compare(EvaluationReport& report, const GroundTruth& truth, const ClassDraws& draws,
             const EvaluationParams& params, const EvaluateCommand& command) {
  const Detections others = read_detections(*command.against, truth, params.overlap);
  warn(report, others.warnings);
  const ClassDraws of_others = draws_of(truth, others, params.overlap, command);
  Comparison& comparison = report.comparison.emplace();
  comparison.other = evaluate(truth, others, params);
  comparison.all = measured_difference(all_of(report.evaluation), all_of(comparison.other),
                                       draws.all, of_others.all);
  for (std::size_t c = 0; c < draws.classes.size(); ++c) {
    comparison.classes.push_back(measured_difference(report.evaluation.classes[c].score,
                                                     comparison.other.classes[c].score,
                                                     draws.classes[c], of_others.classes[c]));
  }
}

}  // namespace

int run_evaluate(const EvaluateCommand& command, std::ostream& out) {
  EvaluationParams params;
  params.overlap = overlap_from(command.iou);
  std::vector<Kpi> kpis;
  if (command.kpi) kpis = read_kpis(*command.kpi);  // the quickest to be wrong comes first
  GroundTruth truth = read_ground_truth(command.truth, params.overlap);
  if (command.manifest) add_manifest_facts(truth, *command.manifest);
  const Detections detections = read_detections(command.detections, truth, params.overlap);
  params.slices = finer_slices(truth);

  EvaluationReport report;
  warn(report, truth.warnings);
  warn(report, detections.warnings);
  report.evaluation = evaluate(truth, detections, params);
  report.images = truth.images.size();
  report.groups = groups_of(truth.images).count;
  report.resamples = command.bootstrap;
  const ClassDraws draws = draws_of(truth, detections, params.overlap, command);
  report.all = measured(all_of(report.evaluation), draws.all);
  for (std::size_t c = 0; c < draws.classes.size(); ++c) {
    report.classes.push_back(measured(report.evaluation.classes[c].score, draws.classes[c]));
  }
  if (command.against) compare(report, truth, draws, params, command);
  for (const Kpi& kpi : kpis) {
    report.kpis.push_back(
        measure(kpi, truth, detections, params.overlap, command.bootstrap, command.seed));
  }
  if (command.json) {
    out << json_of(report).dump(2) << "\n";
  } else {
    print(report, out);
  }
  return std::any_of(report.kpis.begin(), report.kpis.end(),
                     [](const KpiResult& one) { return one.fails(); })
             ? 1
             : 0;
}

}  // namespace orrery
