#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/evaluate/coco_element.hpp"
#include "renderer/labels/annotation.hpp"

namespace orrery {

/// A COCO "segmentation": run lengths, compressed or not, or polygons, whose mask depends on the
/// size of the image.
struct Segmentation {
  std::optional<Rle> runs{};
  std::vector<std::vector<double>> polygons{};  ///< x, y of each corner
};

/// Throws Error.
Segmentation segmentation_of(const CocoElement& element);

/// The pixels; of several polygons their union. Throws Error if run lengths are of another size.
Rle mask_from(const Segmentation& segmentation, int width, int height, const std::string& where);

/// The pixels of a polygon (x, y of each corner, pixels from the image's corner) as COCO's own code
/// finds them: edges drawn on a grid five times finer, crossings rounded down the columns. This
/// differs from pixel centres inside the polygon, and evaluators have to agree.
/// Source: pycocotools, maskApi.c (rleFrPoly).
Rle coco_polygon_mask(const std::vector<double>& corners, int width, int height);

}  // namespace orrery
