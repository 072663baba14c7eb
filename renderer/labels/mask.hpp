#pragma once

#include <span>
#include <string>

#include "renderer/labels/annotation.hpp"
#include "renderer/labels/column_runs.hpp"
#include "scenes/image.hpp"

namespace orrery {

/// COCO's compressed run lengths (the "counts" string of pycocotools).
std::string coco_counts(const Rle& rle);
/// The inverse. Throws Error on malformed text or runs that do not fill width × height.
Rle rle_from_coco(const std::string& counts, int width, int height);

/// 1 inside, 0 outside.
Image<std::uint8_t> mask_from_rle(const Rle& rle);
Rle rle_from_mask(const ImageView<std::uint8_t>& mask);
/// `spans` lie inside the image, apart, in order of column and row.
Rle rle_from_spans(std::span<const ColumnSpan> spans, int width, int height);

/// Area and tight box, from the runs alone.
std::uint64_t area(const Rle& rle);
Box bounding_box(const Rle& rle);
/// Pixels that lie in both masks of one image.
std::uint64_t common_area(const Rle& a, const Rle& b);

}  // namespace orrery
