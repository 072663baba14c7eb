#pragma once

// Byte layout of annotations/panoptic_<split>.json: one JSON object, UTF-8, one element a line.
//
//   categories   [{"id", "name", "supercategory": "", "isthing": 0 or 1, "color": [r,g,b]}]: the
//                classes, from 1 as in instances_<split>.json, then the kinds of surroundings
//   images       as in instances_<split>.json
//   annotations  [{"image_id", "file_name": in panoptic/,
//                  "segments_info": [{"id", "category_id", "area", "bbox": [x,y,w,h],
//                                     "iscrowd": 1 for an instance that a drop rule refused}]}]
//
// panoptic/<index>.png holds a segment's id in every pixel: id = R + 256 G + 65536 B. The id of a
// thing is its instance_id.

#include <string>
#include <vector>

#include "generator/sample.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/panoptic.hpp"

namespace orrery {

/// An element of "annotations"; `classes` is how many there are.
Json panoptic_annotation_of(std::uint64_t index, const std::string& file_name,
                            const Panoptic& panoptic, std::size_t classes);

/// Streams the file: every image first, then every annotation, then finish().
class PanopticWriter {
 public:
  PanopticWriter(WholeFile& out, const std::vector<std::string>& classes);
  /// CocoImage::image and what panoptic_annotation_of made, printed.
  void add_image(std::string_view image);
  void add_annotation(std::string_view annotation);
  void finish();

 private:
  void start_annotations();

  WholeFile& out_;
  bool first_ = true;
  bool in_images_ = true;
};

}  // namespace orrery
