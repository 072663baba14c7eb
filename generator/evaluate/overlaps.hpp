#pragma once

#include <span>

#include "generator/evaluate/truth.hpp"

namespace orrery {

/// Intersection over union of boxes; with a crowd over the detection's own area. Source:
/// pycocotools, maskApi.c (bbIou).
double box_overlap(const Region& found, const TruthObject& object);

/// The same of masks of one image (rleIou); the areas are those of the masks.
double mask_overlap(const Region& found, const TruthObject& object, double found_area,
                    double object_area);

/// COCO's object keypoint similarity (cocoeval.py, computeOks), of points that are labelled; if
/// none is, of how far they lie outside the doubled box.
double keypoint_similarity(const Region& found, const TruthObject& object,
                           std::span<const double> sigmas);

}  // namespace orrery
