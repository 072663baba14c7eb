#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "generator/labelled_image.hpp"

namespace orrery {

/// An element of "annotations" that lacks its "id", in the layout of coco_sink.cpp; the class has
/// `keypoint_names` keypoints.
Json coco_annotation(const LabelledImage& image, const Label& label, std::uint64_t image_id,
                     std::size_t keypoint_names);

/// What COCO says of image `index` of a dataset of our own: coco.hpp; `file_name` is relative to
/// the dataset.
CocoImage coco_of(const LabelledImage& image, const DatasetInfo& info, std::uint64_t index,
                  const std::string& file_name);

/// Adds what `to` has no key for, ids apart.
void add_missing(Json& to, const Json& more);

}  // namespace orrery
