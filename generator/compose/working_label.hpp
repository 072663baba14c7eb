#pragma once

#include <string>
#include <vector>

#include "generator/compose/compose.hpp"

namespace orrery {

/// A label on its way through a step.
struct WorkingLabel {
  Label label;
  bool changed = false;         ///< its visible part: LabelRules apply
  std::string gone{"outside"};  ///< the rule that counts it if nothing of it is left
};

/// All labels of a picture, counted as come in.
std::vector<WorkingLabel> working_labels(const LabelledImage& image, ComposeReport& report);

/// Takes what `cover` hides from a label: mask, box, shares, keypoints. Of a label that has only a
/// box, the box shrinks to what may still be seen of it. `extent` bounds what is not 0 in `cover`.
void hide(WorkingLabel& label, const Image<std::uint8_t>& cover, const Box& extent);

/// Holds labels to the rules, numbers them from 1 and counts them as come out or dropped.
std::vector<Label> settled(std::vector<WorkingLabel>&& labels, const LabelRules& rules,
                           ComposeReport& report);

/// Sets a mask, and with it the box, the oriented box if there was one, and no outline.
void set_mask(Label& label, Rle mask);

OrientedBox oriented_box_of(const Rle& mask);

}  // namespace orrery
