#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "generator/evaluate/scoring.hpp"
#include "generator/evaluate/truth.hpp"

namespace orrery {

/// What a resample has that holds nothing to score.
inline constexpr double kNoScore = std::numeric_limits<double>::quiet_NaN();

/// Images that are drawn together.
struct Groups {
  std::vector<std::uint32_t> of_image;  ///< by GroundTruth::images
  std::uint32_t count = 0;
};

/// By TestImage::group; an image without one is a group of its own.
Groups groups_of(const std::vector<TestImage>& images);

/// Calls measure(b, weights) for each of `resamples` draws of as many groups as there are, with
/// replacement; weights say how often each image is there. Draw b is a function of seed and b
/// alone, so two detectors meet the same draws. Calls come from several threads.
void resample(const Groups& groups, std::uint64_t resamples, std::uint64_t seed,
              const std::function<void(std::uint64_t b, ImageWeights weights)>& measure);

/// The middle 95 % of resampled values. Source: Efron & Tibshirani, An Introduction to the
/// Bootstrap, ch. 13 (percentile interval); quantiles between two values as numpy.percentile's.
struct Interval {
  double low = -1;
  double high = -1;
  double above_zero = 0;        ///< share of the values that are above 0
  std::uint64_t resamples = 0;  ///< with a value
};
/// Values that are not a number are left out: resamples without an object.
Interval interval_of(std::vector<double> values);

/// AP and AP50 with their resampled values.
struct ScoreDraws {
  std::vector<double> ap;  ///< by draw; not a number where no class had an object
  std::vector<double> ap50;
};
struct ClassDraws {
  ScoreDraws all;
  std::vector<ScoreDraws> classes;  ///< by class
};
ClassDraws draw_scores(const std::vector<ClassOutcomes>& classes, const Groups& groups,
                       std::uint64_t resamples, std::uint64_t seed);

/// a - b, draw by draw.
std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace orrery
