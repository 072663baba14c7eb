#include "generator/forecast.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace orrery {
namespace {

constexpr std::array kSizes{"small", "medium", "large"};
constexpr std::array kVisibilities{"hidden", "partial", "clear"};
constexpr std::size_t kRarest = 5;

std::size_t size_of(const SurveyedInstance& instance) {
  return instance.area < 32 * 32 ? 0 : instance.area < 96 * 96 ? 1 : 2;
}
std::size_t visibility_of(const SurveyedInstance& instance) {
  return instance.visible < 0.5 ? 0 : instance.visible < 0.9 ? 1 : 2;
}

/// Estimates sums over the whole dataset from those over the samples that were drawn.
class Estimator {
 public:
  Estimator(std::uint64_t count, const Survey& survey)
      : survey_(survey),
        count_(static_cast<double>(count)),
        drawn_(static_cast<double>(survey.shots.size())) {}

  using Has = std::function<bool(const SurveyedInstance&)>;

  /// How many instances have something. Source of the error: Cochran, Sampling Techniques, 6.4
  /// (separate ratio estimator), with the correction for a finite population.
  Estimate instances(const Has& has) const {
    std::vector<double> share(survey_.groups.size());
    for (const SurveyedShot& shot : survey_.shots) {
      for (const SurveyedInstance& i : shot.instances) share[i.group] += has(i) ? 1 : 0;
    }
    Estimate sum;
    for (std::size_t g = 0; g < share.size(); ++g) {
      const SurveyGroup& group = survey_.groups[g];
      if (group.in_drawn > 0) share[g] /= group.in_drawn;
      sum.value += share[g] * group.in_all;
    }
    std::vector<double> rest;
    for (const SurveyedShot& shot : survey_.shots) {
      double e = 0;
      for (const SurveyedInstance& i : shot.instances) e += has(i) ? 1 : 0;
      for (std::size_t g = 0; g < share.size(); ++g) e -= share[g] * shot.wanted[g];
      rest.push_back(e);
    }
    sum.error = error_of(rest);
    return sum;
  }

  /// Sum of a value that every sample has.
  Estimate samples(const std::function<double(const SurveyedShot&)>& value) const {
    std::vector<double> values;
    double sum = 0;
    for (const SurveyedShot& shot : survey_.shots) {
      values.push_back(value(shot));
      sum += values.back();
    }
    return {count_ * sum / drawn_, error_of(values)};
  }

  std::uint64_t seen(const Has& has) const {
    std::uint64_t n = 0;
    for (const SurveyedShot& shot : survey_.shots) {
      n += static_cast<std::uint64_t>(
          std::count_if(shot.instances.begin(), shot.instances.end(), has));
    }
    return n;
  }

  /// Upper end for what was seen nowhere: the rule of three.
  double at_most_unseen() const { return drawn_ < count_ ? 3 * count_ / drawn_ : 0; }

 private:
  double error_of(const std::vector<double>& values) const {
    if (values.size() < 2) return 0;
    double mean = 0;
    for (const double v : values) mean += v / drawn_;
    double variance = 0;
    for (const double v : values) variance += (v - mean) * (v - mean) / (drawn_ - 1);
    const double left_out = std::max(1 - drawn_ / count_, 0.0);
    return count_ * std::sqrt(variance / drawn_ * left_out);
  }

  const Survey& survey_;
  double count_;
  double drawn_;
};

std::vector<ForecastBin> binned(const Estimator& estimator, const std::vector<double>& edges,
                                const std::function<double(const SurveyedInstance&)>& value) {
  std::vector<ForecastBin> bins;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    ForecastBin bin{edges[i], edges[i + 1], {}};
    bin.labels = estimator.instances([&](const SurveyedInstance& s) {
      return s.rule.empty() && value(s) >= bin.low && value(s) < bin.high;
    });
    bins.push_back(bin);
  }
  return bins;
}

void find_rarest(LabelForecast& forecast, const Estimator& estimator, const Recipe& recipe) {
  const double least = recipe.scene.labels.min_visible;
  constexpr std::array kBelow{0.5, 0.9, 2.0};
  std::vector<Combination> all;
  for (std::uint32_t c = 0; c < recipe.classes.size(); ++c) {
    for (std::size_t s = 0; s < kSizes.size(); ++s) {
      for (std::size_t v = 0; v < kVisibilities.size(); ++v) {
        if (kBelow[v] <= least) continue;  // the rules leave none
        const auto has = [&](const SurveyedInstance& i) {
          return i.rule.empty() && i.class_id == c && size_of(i) == s && visibility_of(i) == v;
        };
        Combination combination{recipe.classes[c],        kSizes[s],
                                kVisibilities[v],         estimator.seen(has),
                                estimator.instances(has), 0};
        const Estimate& e = combination.labels;
        combination.at_most =
            combination.seen == 0 ? estimator.at_most_unseen() : e.value + 1.645 * e.error;
        all.push_back(combination);
      }
    }
  }
  forecast.combinations = all.size();
  forecast.unseen = static_cast<std::uint64_t>(
      std::count_if(all.begin(), all.end(), [](const Combination& c) { return c.seen == 0; }));
  std::stable_sort(all.begin(), all.end(), [](const Combination& a, const Combination& b) {
    return a.labels.value < b.labels.value;
  });
  // Of those that nobody saw a few stand for all; then those that are merely rare.
  std::size_t unseen = 0;
  for (const Combination& c : all) {
    if (c.seen == 0 && ++unseen > kRarest) continue;
    if (forecast.rarest.size() < 2 * kRarest) forecast.rarest.push_back(c);
  }
}

}  // namespace

LabelForecast forecast_labels(const Recipe& recipe, const Survey& survey) {
  const Estimator estimator(recipe.count, survey);
  LabelForecast forecast;
  std::map<std::string, bool> rules;
  for (const SurveyedShot& shot : survey.shots) {
    for (const SurveyedInstance& i : shot.instances) rules[i.rule] = true;
  }
  for (std::uint32_t c = 0; c < recipe.classes.size(); ++c) {
    ClassForecast of_class;
    of_class.name = recipe.classes[c];
    for (const auto& [rule, found] : rules) {
      const Estimate e = estimator.instances([&, &which = rule](const SurveyedInstance& i) {
        return i.class_id == c && i.rule == which;
      });
      if (rule.empty()) {
        of_class.labelled = e;
      } else if (e.value > 0) {
        of_class.dropped[rule] = e;
      }
    }
    forecast.classes.push_back(std::move(of_class));
  }
  const auto labelled = [](const SurveyedInstance& i) { return i.rule.empty(); };
  forecast.labels = estimator.instances(labelled);
  forecast.hard = estimator.instances([](const SurveyedInstance& i) { return i.hard; });
  forecast.unlabelled = estimator.samples([&](const SurveyedShot& shot) {
    return std::none_of(shot.instances.begin(), shot.instances.end(), labelled) ? 1.0 : 0.0;
  });
  forecast.sizes = binned(estimator, {0, 8, 16, 32, 64, 128, 256, 512, 1e9},
                          [](const SurveyedInstance& i) { return std::sqrt(i.area); });
  forecast.visibilities =
      binned(estimator, {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 2.0},
             [](const SurveyedInstance& i) { return i.visible; });
  find_rarest(forecast, estimator, recipe);
  return forecast;
}

}  // namespace orrery
