#include "generator/evaluate/bootstrap.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "scenes/random.hpp"

namespace orrery {
namespace {

double known(double score) { return score < 0 ? kNoScore : score; }

/// Linear between the two nearest values.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Groups groups_of(const std::vector<TestImage>& images) {
  Groups groups;
  std::map<std::string, std::uint32_t> known_groups;
  for (const TestImage& image : images) {
    std::uint32_t group = groups.count;
    if (!image.group.empty()) group = known_groups.emplace(image.group, group).first->second;
    if (group == groups.count) ++groups.count;
    groups.of_image.push_back(group);
  }
  return groups;
}

void resample(const Groups& groups, std::uint64_t resamples, std::uint64_t seed,
              const std::function<void(std::uint64_t b, ImageWeights weights)>& measure) {
  if (groups.count == 0) return;
  tbb::parallel_for(std::uint64_t{0}, resamples, [&](std::uint64_t b) {
    Rng rng(seed, b, "bootstrap");
    std::vector<std::uint32_t> times(groups.count, 0);
    for (std::uint32_t i = 0; i < groups.count; ++i) ++times[rng.below(groups.count)];
    std::vector<std::uint32_t> weights;
    weights.reserve(groups.of_image.size());
    for (const std::uint32_t group : groups.of_image) weights.push_back(times[group]);
    measure(b, weights);
  });
}

Interval interval_of(std::vector<double> values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
               values.end());
  Interval out;
  out.resamples = values.size();
  if (values.empty()) return out;
  std::sort(values.begin(), values.end());
  out.low = quantile(values, 0.025);
  out.high = quantile(values, 0.975);
  const auto above = std::count_if(values.begin(), values.end(), [](double v) { return v > 0; });
  out.above_zero = static_cast<double>(above) / static_cast<double>(values.size());
  return out;
}

ClassDraws draw_scores(const std::vector<ClassOutcomes>& classes, const Groups& groups,
                       std::uint64_t resamples, std::uint64_t seed) {
  const auto start = [resamples](ScoreDraws& draws) {
    draws.ap.assign(resamples, kNoScore);
    draws.ap50.assign(resamples, kNoScore);
  };
  ClassDraws out;
  start(out.all);
  out.classes.resize(classes.size());
  for (ScoreDraws& one : out.classes) start(one);
  resample(groups, resamples, seed, [&](std::uint64_t b, ImageWeights weights) {
    std::vector<ClassScore> scores;
    scores.reserve(classes.size());
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const Score score = score_of(scores.emplace_back(score_class(classes[c], weights)));
      out.classes[c].ap[b] = known(score.ap);
      out.classes[c].ap50[b] = known(score.ap50);
    }
    const Score mean = mean_of(scores);
    out.all.ap[b] = known(mean.ap);
    out.all.ap50[b] = known(mean.ap50);
  });
  return out;
}

std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> out(a.size());
  std::transform(a.begin(), a.end(), b.begin(), out.begin(),
                 [](double x, double y) { return x - y; });
  return out;
}

}  // namespace orrery
