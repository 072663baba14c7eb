#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/sink.hpp"

namespace orrery {

/// What a format has a place for, beside the picture and its labels' classes and boxes.
struct Carries {
  bool masks = false;
  bool keypoints = false;
  bool oriented_boxes = false;
  bool crowds = false;
  bool hard = false;
  bool loose = false;
  bool weights = false;
  bool amodal = false;     ///< masks and boxes of what is there, hidden or not
  bool fractions = false;  ///< visible_fraction, truncation and occlusion as numbers
  bool poses = false;
  bool more = false;  ///< what the source says beyond labels
  bool cameras = false;
  bool depth = false;
  bool ids = false;
  bool splits = false;
  bool folds = false;
  bool lineage = false;  ///< and the track
};

/// The labels of an image that go into a format, by id; what it cannot carry is counted in
/// `left_out`. Crowds are left out whole where the format has none: as plain labels they would be
/// wrong. Throws Error for a label whose weight the format would lose, unless the rule is to drop.
std::vector<const Label*> carried(const LabelledImage& image, const Carries& carries,
                                  const SinkOptions& options,
                                  std::map<std::string, std::uint64_t>& left_out);

}  // namespace orrery
