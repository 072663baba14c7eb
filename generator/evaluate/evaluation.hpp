#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/evaluate/scoring.hpp"
#include "generator/evaluate/slice.hpp"
#include "generator/evaluate/truth.hpp"

namespace orrery {

struct EvaluationParams {
  Overlap overlap = Overlap::bbox;
  std::vector<Slice> slices{};  ///< beyond COCO's own
};

/// One of the lines that COCO's tools print.
struct StatLine {
  std::string name;  ///< "AP", "AP50", "AR1"…
  std::string text;  ///< as they write it, without the value
  double value = -1;
};

struct ClassResult {
  std::string name;
  std::int64_t id = 0;  ///< of the category
  std::uint64_t detections = 0;
  Score score{};
  std::vector<double> ap_by_overlap{};  ///< at overlap_thresholds()
};

struct SliceResult {
  std::string name;
  std::uint64_t images = 0;
  Score score{};
  std::vector<Score> classes{};  ///< by class
};

struct Evaluation {
  std::vector<StatLine> stats;       ///< COCO's 12; with Overlap::keypoints its 10
  std::vector<ClassResult> classes;  ///< by class
  std::vector<SliceResult> slices;   ///< EvaluationParams::slices
};

/// Scores detections as pycocotools does, and slices by the same code.
Evaluation evaluate(const GroundTruth& truth, const Detections& detections,
                    const EvaluationParams& params);

/// What bootstraps and KPIs are computed from: by class, of one slice.
std::vector<ClassOutcomes> outcomes_of(const GroundTruth& truth, const Detections& detections,
                                       Overlap overlap, const Slice& slice);

/// COCO's limit on detections of one class in an image: 100, of keypoints 20.
std::uint32_t detection_limit(Overlap overlap);

}  // namespace orrery
