#pragma once

#include <cstdint>
#include <string>

#include "generator/labelled_image.hpp"

namespace orrery {

/// What COCO says of image `index`, in the layout of generator/sinks/coco.hpp; `file_name` is
/// relative to the dataset. A label without a mask or an outline has an empty list for its
/// segmentation. Beyond COCO, and only where they say something: "loose" true: the box may be
/// larger than what it is around; "weight" of the label's loss, below 1.
CocoImage coco_of(const LabelledImage& image, std::uint64_t index, const std::string& file_name);

}  // namespace orrery
