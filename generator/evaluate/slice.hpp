#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/evaluate/truth.hpp"

namespace orrery {

/// Both ends belong to it, as with COCO's area ranges: what lies on a bound of two neighbours is
/// in both.
struct Bounds {
  double low = 0;
  double high = 0;
  bool holds(double value) const { return value >= low && value <= high; }
};

/// A part of a test set that is scored by itself. Exactly:
/// - Images outside it (track, split, fold) are not there: neither their objects nor what was found
///   in them count.
/// - Objects outside it in images inside are ignored: neither hit nor miss. So is a detection that
///   matches one; COCO's matching prefers objects inside the slice. An object that does not say
///   what is asked for (no visible_fraction…) is outside.
/// - A detection that matches nothing counts as false unless its own area lies outside `area`.
///   Nothing else is known of it, so slices by visibility, truncation and hardness share their
///   false detections: compare recalls between them, and AP only for the same slice.
struct Slice {
  std::string name;
  Bounds area{0, 1e10};  ///< pixels; COCO's "all" ends there, too
  std::optional<Bounds> visible_fraction{};
  std::optional<Bounds> truncation{};
  std::optional<bool> hard{};
  std::optional<std::string> track{};
  std::optional<std::string> split{};
  std::optional<int> fold{};

  bool holds_image(const TestImage& image) const;
  bool holds(const TruthObject& object) const;
};

/// COCO's: all, small, medium and large; with Overlap::keypoints without small.
std::vector<Slice> coco_slices(Overlap overlap);

/// Those that the truth has something to say of: sides of 8 to 256 pixels (the square root of the
/// area), quarters of visibility, hard or not, and each track, split and fold.
std::vector<Slice> finer_slices(const GroundTruth& truth);

}  // namespace orrery
