#pragma once

#include <span>
#include <string>
#include <vector>

#include "generator/labelled_pixels.hpp"
#include "generator/recipe.hpp"
#include "renderer/frame.hpp"

namespace orrery {

/// A frame's picture as its sensor took it, and its labels, in the classes of a dataset that mixes:
/// `class_ids` are those of Recipe::classes there, `classes` what they are called there with their
/// keypoints. Lineage, name and everything else that is not in the frame is left empty.
LabelledPixels labelled_frame(const Frame& frame, const Annotations& annotations,
                              const ImageView<Rgba8>& picture,
                              std::span<const std::uint32_t> class_ids,
                              std::span<const Keypoints> keypoints);

}  // namespace orrery
