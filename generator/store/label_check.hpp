#pragma once

#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/source.hpp"

namespace orrery {

/// What every label in a store is held to, whichever reader it comes from.
struct StoreLabelRules {
  std::size_t classes = 0;                  ///< of the source
  const std::vector<Keypoints>* own;        ///< of the source, by its class id; may be empty
  const std::vector<Keypoints>* stored;     ///< of the store, by its class id; may be empty
  const std::vector<std::uint32_t>* place;  ///< class id of the store, by class id of the source
};

/// Takes the labels that break a rule out of `image` and gives them as problems, `where` before
/// each; class ids become those of the store. Rules: "class_unknown"; "box_empty" (or not a
/// number); "box_outside_image" (no pixel of it is inside); "mask_size" (a mask is not as large as
/// the image); "keypoints_count" (not one for each name of the class); "keypoints_differ" (the
/// store has other names for the class's keypoints); "label_unwritable" (it holds what JSON cannot:
/// infinity, text that is not UTF-8). Ids that do not rise from 1 are numbered anew, unless there
/// is an id plane.
std::vector<Problem> take_out_bad_labels(LabelledImage& image, const StoreLabelRules& rules,
                                         const std::string& where);

}  // namespace orrery
