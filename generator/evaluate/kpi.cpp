#include "generator/evaluate/kpi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "generator/evaluate/evaluation.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

std::optional<Bounds> bounds_of(const std::optional<double>& low, const std::optional<double>& high,
                                double highest) {
  if (!low && !high) return std::nullopt;
  return Bounds{low.value_or(0), high.value_or(highest)};
}

Slice slice_of(const KpiWhere& where) {
  Slice slice;
  if (where.min_side) slice.area.low = *where.min_side * *where.min_side;
  if (where.max_side) slice.area.high = *where.max_side * *where.max_side;
  slice.visible_fraction = bounds_of(where.min_visible, where.max_visible, 1);
  slice.truncation = bounds_of(where.min_truncation, where.max_truncation, 1);
  if (where.hard != KpiHard::any) slice.hard = where.hard == KpiHard::yes;
  if (!where.track.empty()) slice.track = where.track;
  if (!where.split.empty()) slice.split = where.split;
  if (where.fold) slice.fold = static_cast<int>(*where.fold);
  return slice;
}

/// The outcomes of the classes that are asked for.
std::vector<ClassOutcomes> chosen(std::vector<ClassOutcomes> all, const Kpi& kpi,
                                  const GroundTruth& truth) {
  if (kpi.where.classes.empty()) return all;
  std::vector<std::string> names;
  for (const TestClass& one : truth.classes) names.push_back(one.name);
  std::vector<ClassOutcomes> out;
  for (const std::string& wanted : kpi.where.classes) {
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found != names.end()) {
      out.push_back(std::move(all[static_cast<std::size_t>(found - names.begin())]));
      continue;
    }
    throw Error(
        "KPI \"" + kpi.name + "\": class \"" + wanted + "\" is not in the ground truth" +
        (names.empty() ? "" : ", wanted one such as \"" + nearest_name(wanted, names) + "\""));
  }
  return out;
}

/// A KPI's value for any weighting of the images.
class Measure {
 public:
  Measure(const Kpi& kpi, const GroundTruth& truth, const Detections& detections, Overlap overlap)
      : kpi_(kpi) {
    const Slice slice = slice_of(kpi.where);
    classes_ = chosen(outcomes_of(truth, detections, overlap, slice), kpi, truth);
    for (const TestImage& image : truth.images) inside_.push_back(slice.holds_image(image) ? 1 : 0);
    for (const ClassOutcomes& one : classes_) {
      together_.insert(together_.end(), one.detections.begin(), one.detections.end());
    }
    std::stable_sort(together_.begin(), together_.end(),
                     [](const Outcome& a, const Outcome& b) { return a.score > b.score; });
  }

  std::uint64_t images(ImageWeights weights) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < inside_.size(); ++i) {
      if (inside_[i] != 0) sum += weights.empty() ? 1 : weights[i];
    }
    return sum;
  }

  std::uint64_t objects(ImageWeights weights) const {
    std::uint64_t sum = 0;
    for (const ClassOutcomes& one : classes_) {
      for (const ObjectCount& o : one.objects) {
        sum += o.objects * (weights.empty() ? 1 : weights[o.image]);
      }
    }
    return sum;
  }

  /// -1: nothing to measure.
  double operator()(ImageWeights weights) const {
    switch (kpi_.metric) {
      case KpiMetric::recall_at_fp:
        return recall_at_fp(weights);
      case KpiMetric::fp_per_image:
        return fp_per_image(weights);
      case KpiMetric::ap:
        return score(weights).ap;
      case KpiMetric::ap50:
        return score(weights).ap50;
      case KpiMetric::ap75:
        return score(weights).ap75;
      case KpiMetric::ar:
        return score(weights).ar;
    }
    return -1;
  }

 private:
  Score score(ImageWeights weights) const {
    std::vector<ClassScore> scores;
    for (const ClassOutcomes& one : classes_) scores.push_back(score_class(one, weights));
    return mean_of(scores);
  }

  double recall_at_fp(ImageWeights weights) const {
    const auto all = static_cast<double>(objects(weights));
    const double allowed = kpi_.max_fp * static_cast<double>(images(weights));
    if (all == 0) return -1;
    std::uint64_t hits = 0;
    std::uint64_t falses = 0;
    double recall = 0;
    // A threshold cannot part equal scores.
    for (std::size_t i = 0; i < together_.size();) {
      const double level = together_[i].score;
      for (; i < together_.size() && together_[i].score == level; ++i) {
        count(together_[i], weights, hits, falses);
      }
      if (static_cast<double>(falses) > allowed) break;
      recall = static_cast<double>(hits) / all;
    }
    return recall;
  }

  double fp_per_image(ImageWeights weights) const {
    const std::uint64_t all = images(weights);
    if (all == 0) return -1;
    std::uint64_t hits = 0;
    std::uint64_t falses = 0;
    for (const Outcome& found : together_) {
      if (found.score < kpi_.min_score) break;
      count(found, weights, hits, falses);
    }
    return static_cast<double>(falses) / static_cast<double>(all);
  }

  static void count(const Outcome& found, ImageWeights weights, std::uint64_t& hits,
                    std::uint64_t& falses) {
    if ((found.ignored & 1U) != 0) return;
    std::uint64_t& to = (found.hit & 1U) != 0 ? hits : falses;
    to += weights.empty() ? 1 : weights[found.image];
  }

  const Kpi& kpi_;
  std::vector<ClassOutcomes> classes_;
  std::vector<Outcome> together_;  ///< of all classes, by falling score
  std::vector<std::uint8_t> inside_;
};

}  // namespace

KpiResult measure(const Kpi& kpi, const GroundTruth& truth, const Detections& detections,
                  Overlap overlap, std::uint64_t resamples, std::uint64_t seed) {
  if (kpi.rule == KpiRule::lower_bound && resamples == 0) {
    throw Error(
        "KPI \"" + kpi.name +
            "\": rule lower_bound needs resamples, wanted --bootstrap above 0 or rule: value",
        Exit::usage);
  }
  const Measure value_of(kpi, truth, detections, overlap);
  KpiResult result;
  result.kpi = kpi;
  result.value = value_of({});
  result.objects = value_of.objects({});
  result.images = value_of.images({});
  std::vector<double> values(resamples, kNoScore);
  resample(groups_of(truth.images), resamples, seed, [&](std::uint64_t b, ImageWeights weights) {
    const double value = value_of(weights);
    if (value >= 0) values[b] = value;
  });
  result.interval = interval_of(std::move(values));
  if (result.value < 0 || !kpi.target) return result;
  const bool bound = kpi.rule == KpiRule::lower_bound;
  if (kpi.metric == KpiMetric::fp_per_image) {
    result.reached = (bound ? result.interval.high : result.value) <= *kpi.target;
  } else {
    result.reached = (bound ? result.interval.low : result.value) >= *kpi.target;
  }
  return result;
}

}  // namespace orrery
