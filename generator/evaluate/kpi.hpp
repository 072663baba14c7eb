#pragma once

// A KPI file (YAML): what a detector must reach, and what is only watched.
//
//   kpis:
//     - name: cards in scope      what it is called
//       metric: ap50              ap, ap50, ap75, ar, recall_at_fp or fp_per_image
//       where:                    the slice (generator/evaluate/slice.hpp); all by default
//         classes: [ace, king]    means over these
//         min_side: 16            pixels, square root of the area; also max_side
//         min_visible: 0.5        of visible_fraction; also max_visible, min_truncation,
//         hard: false             max_truncation
//         track: in_scope         also split, fold
//       target: 0.85              to be reached; of fp_per_image not to be exceeded
//       rule: lower_bound         of the 95 % interval (of fp_per_image the upper); value: the
//                                 value itself; report: no rule
//       in_scope: true            false: reported, whatever the rule; it fails nothing
//       max_fp: 1                 of recall_at_fp: false positives an image that are put up with
//       min_score: 0.3            of fp_per_image: detections below it do not count

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generator/evaluate/bootstrap.hpp"
#include "generator/evaluate/slice.hpp"
#include "generator/evaluate/truth.hpp"

namespace orrery {

enum class KpiMetric : std::uint8_t { ap, ap50, ap75, ar, recall_at_fp, fp_per_image };
enum class KpiRule : std::uint8_t { lower_bound, value, report };
enum class KpiHard : std::uint8_t { any, no, yes };

/// The fields of a slice as a KPI file has them.
struct KpiWhere {
  std::vector<std::string> classes{};
  std::optional<double> min_side{}, max_side{};
  std::optional<double> min_visible{}, max_visible{};
  std::optional<double> min_truncation{}, max_truncation{};
  KpiHard hard = KpiHard::any;
  std::string track{};
  std::string split{};
  std::optional<double> fold{};
};

struct Kpi {
  std::string name;
  KpiMetric metric = KpiMetric::ap50;
  KpiWhere where{};
  std::optional<double> target{};
  KpiRule rule = KpiRule::lower_bound;
  bool in_scope = true;
  double max_fp = 1;
  double min_score = 0;
};

/// Throws Error naming file, line and what is wanted, of all mistakes at once.
std::vector<Kpi> read_kpis(const std::filesystem::path& file);

/// "ap50", "lower_bound"…
std::string name_of(KpiMetric metric);
std::string name_of(KpiRule rule);

struct KpiResult {
  Kpi kpi;
  double value = -1;  ///< -1: nothing to measure, which fails a rule
  Interval interval{};
  std::uint64_t objects = 0;
  std::uint64_t images = 0;
  bool reached = false;  ///< what the rule asks for
  bool fails() const { return kpi.in_scope && kpi.rule != KpiRule::report && !reached; }
};

/// Measures one. Throws Error if a class is not in the truth, or a rule needs an interval and there
/// are no resamples.
///
/// recall_at_fp and fp_per_image are at overlap 0.5 and of all classes together, as one threshold
/// on the score would have it: the recall down to the lowest score at which there are at most
/// max_fp false detections an image of the slice; and the false detections an image from min_score
/// on.
KpiResult measure(const Kpi& kpi, const GroundTruth& truth, const Detections& detections,
                  Overlap overlap, std::uint64_t resamples, std::uint64_t seed);

}  // namespace orrery
