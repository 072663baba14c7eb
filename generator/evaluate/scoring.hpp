#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "generator/evaluate/matching.hpp"

namespace orrery {

/// Scores of one class at each overlap threshold; -1 everywhere without an object to find.
struct ClassScore {
  std::array<double, kThresholds> ap{};      ///< mean precision at recalls 0, 0.01 … 1
  std::array<double, kThresholds> recall{};  ///< of all detections
  std::uint64_t objects = 0;
};

/// How often each image counts, by GroundTruth::images; empty: once.
using ImageWeights = std::span<const std::uint32_t>;

/// Precision and recall as COCO accumulates them, of an image set in which each image is there as
/// often as it weighs. Detections ranked `ranks` or later in their image do not count. Source:
/// pycocotools, cocoeval.py (accumulate).
ClassScore score_class(const ClassOutcomes& outcomes, ImageWeights weights = {},
                       std::uint32_t ranks = 100);

/// Means over the classes that have objects; -1 if none has.
struct Score {
  double ap = -1;    ///< over all thresholds
  double ap50 = -1;  ///< at overlap 0.5
  double ap75 = -1;
  double ar = -1;  ///< recall over all thresholds
  std::uint64_t objects = 0;
};
Score mean_of(std::span<const ClassScore> classes);
Score score_of(const ClassScore& one);
/// Of the values above -1; -1 if there is none.
double mean_of_known(std::span<const double> values);

}  // namespace orrery
