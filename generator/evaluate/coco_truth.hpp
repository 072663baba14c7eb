#pragma once

#include <filesystem>

#include "generator/evaluate/truth.hpp"

namespace orrery {

/// Reads a COCO file as ground truth. Throws Error naming the annotation for what would be scored
/// silently wrong: an id that is 0 (pycocotools takes its match for a miss), an id twice (they
/// collapse to one), an image or category that is not in the file, a box that is not four finite
/// numbers or has a negative side, a missing area.
///
/// What is read: id, image_id, category_id, bbox, area, iscrowd (missing: 0), `segmentation` with
/// Overlap::segm, `keypoints` and `num_keypoints` with Overlap::keypoints (classes whose
/// annotations have none are left out), and of our own keys visible_fraction, truncation and hard;
/// of images group or session, track, split and fold. `ignore` is not heeded, as in pycocotools.
/// The σ of keypoints are a category's "sigmas", else COCO's for 17 points, else 0.05 each.
GroundTruth read_ground_truth(const std::filesystem::path& file, Overlap overlap);

/// Reads COCO results for this ground truth. As pycocotools does, the first one decides: with boxes
/// the area of each is its box's, else its mask's, else that of the extent of its keypoints; and
/// with Overlap::segm a result without a mask is its box. Throws Error naming the result for a
/// missing or infinite score, or an image or category that is not in the ground truth.
Detections read_detections(const std::filesystem::path& file, const GroundTruth& truth,
                           Overlap overlap);

}  // namespace orrery
