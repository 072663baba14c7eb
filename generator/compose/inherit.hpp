#pragma once

#include <span>

#include "generator/labelled_image.hpp"

namespace orrery {

/// Makes `child` a picture made of `parents` (it may be one of them): their lineages and names,
/// their split and fold, training only, no planes of depth or ids. Throws Error if the parents are
/// of different splits or folds; a parent without a split, such as a render, joins any.
void inherit(LabelledImage& child, std::span<const LabelledImage* const> parents);

/// Drops what one camera's picture means and a patchwork does not: camera, poses, sayings.
void forget_camera(LabelledImage& image);

}  // namespace orrery
