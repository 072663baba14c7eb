#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "generator/evaluate/slice.hpp"
#include "generator/evaluate/truth.hpp"

namespace orrery {

/// Overlaps from which on a detection is a hit: 0.5 to 0.95 in steps of 0.05, the doubles that
/// numpy.linspace gives.
inline constexpr std::size_t kThresholds = 10;
std::array<double, kThresholds> overlap_thresholds();

/// What became of a detection, at each threshold: bit t is threshold t.
struct Outcome {
  double score = 0;
  std::uint32_t image = 0;
  std::uint16_t rank = 0;     ///< among those of its image and class, from 0
  std::uint16_t hit = 0;      ///< an object of the slice
  std::uint16_t ignored = 0;  ///< neither hit nor false
};

struct ObjectCount {
  std::uint32_t image = 0;
  std::uint32_t objects = 0;
};

/// All that is left of one class in one slice once detections are matched.
struct ClassOutcomes {
  std::vector<Outcome> detections;   ///< by falling score, then image, then order in the file
  std::vector<ObjectCount> objects;  ///< to be found, of images that have some
};

/// Which objects and detections of a class share an image. Refers to what it was made from.
class Encounters {
 public:
  /// At most `per_image` detections of a class and image, those of highest score, count.
  Encounters(const GroundTruth& truth, const Detections& detections, Overlap overlap,
             std::size_t per_image);

  /// Matches what was found of a class, once for each slice. Source: pycocotools, cocoeval.py
  /// (evaluateImg): the detections by falling score, each takes the object that it overlaps most
  /// (the last of equals) among those not taken yet or crowds; ignored objects only if there is no
  /// other.
  std::vector<ClassOutcomes> match(std::uint32_t class_id, std::span<const Slice> slices) const;

 private:
  struct Meeting {
    std::uint32_t image = 0;
    std::vector<const TruthObject*> objects{};
    std::vector<const Detection*> found{};
  };

  std::vector<double> overlaps_of(const Meeting& meeting) const;
  void match(const Meeting& meeting, const std::vector<double>& overlaps, const Slice& slice,
             ClassOutcomes& out) const;

  const GroundTruth& truth_;
  Overlap overlap_;
  std::size_t per_image_;
  std::vector<std::vector<Meeting>> meetings_;  ///< by class, then image
};

}  // namespace orrery
