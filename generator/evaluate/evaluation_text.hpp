#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "generator/evaluate/bootstrap.hpp"
#include "generator/evaluate/evaluation.hpp"
#include "generator/evaluate/kpi.hpp"
#include "generator/sample.hpp"

namespace orrery {

/// A figure with its interval.
struct Measured {
  double value = -1;
  Interval interval{};
};
struct MeasuredScore {
  Measured ap{};
  Measured ap50{};
};

/// The detections minus others.
struct Comparison {
  Evaluation other;
  MeasuredScore all{};
  std::vector<MeasuredScore> classes{};
};

/// Everything that is told of an evaluation.
struct EvaluationReport {
  Evaluation evaluation;
  std::uint64_t images = 0;
  std::uint32_t groups = 0;
  std::uint64_t resamples = 0;  ///< 0: no intervals
  MeasuredScore all{};
  std::vector<MeasuredScore> classes{};
  std::optional<Comparison> comparison{};
  std::vector<KpiResult> kpis{};
  std::vector<std::string> warnings{};
};

void print(const EvaluationReport& report, std::ostream& out);
Json json_of(const EvaluationReport& report);

}  // namespace orrery
