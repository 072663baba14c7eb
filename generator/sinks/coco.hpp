#pragma once

// Byte layout of annotations/instances_<split>.json: one JSON object, UTF-8, one element a line.
//
//   info         {"description"}
//   licenses     []
//   categories   [{"id" from 1 in the dataset's class order, "name", "supercategory": ""}]
//   images       [{"id": index + 1, "width", "height", "file_name": relative to the dataset,
//                  "cam_K": nine numbers in rows, pixels, (0,0) the image's top-left corner;
//                  of a lens "cam_model": "brown_conrady" or "fisheye", and "cam_dist": k1 k2 p1
//                  p2 k3 k4 k5 k6, of a fisheye k1 k2 k3 k4, as OpenCV takes them}]
//                in order of index
//   annotations  in order of image and instance, each:
//     id, image_id, category_id   id from 1 without gaps
//     segmentation                {"size": [h,w], "counts"}: the visible mask, compressed run
//     lengths bbox                        [x,y,w,h] of the visible mask; pixel (0,0) spans [0,1)
//     area, iscrowd               visible pixels; 0
//   and, beyond COCO:
//     instance_id                 value in the id image
//     visible_fraction, truncation, occlusion, occluders [{"instance_id" (0: ground), "area"}]
//     amodal_segmentation         as segmentation; the part inside the image
//     amodal_bbox, amodal_area    inside and outside the image
//     oriented_bbox               [cx,cy,w,h,angle], pixels and radians, of the visible mask
//     cam_R_m2c, cam_t_m2c        camera from object, rotation in rows, metres
//     bbox3d_center, bbox3d_size  3D box in the object's frame, metres, the object's scale applied:
//                                 corners are R (center ± size/2) + t
// COCO has no depth, normals or ids of pixels: those are files of the sample, named in the
// manifest.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generator/sample.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/annotation.hpp"
#include "scenes/camera.hpp"

namespace orrery {

/// What COCO says of image `index`; `file_name` is relative to the dataset.
CocoImage coco_of(std::uint64_t index, const std::string& file_name, const Intrinsics& camera,
                  const Annotations& annotations);

/// Streams the file: every image first, then every annotation, then finish().
class CocoWriter {
 public:
  CocoWriter(WholeFile& out, const std::vector<std::string>& classes);
  /// CocoImage::image and an element of CocoImage::annotations, printed.
  void add_image(std::string_view image);
  void add_annotation(std::string_view annotation);
  void finish();

 private:
  void start_annotations();

  WholeFile& out_;
  std::uint64_t images_ = 0;
  std::uint64_t annotations_ = 0;
  bool in_images_ = true;
};

/// What a COCO file holds, read as a stream.
struct CocoCounts {
  std::uint64_t images = 0;
  std::map<std::uint64_t, std::uint64_t> annotations;  ///< by category id
};

/// Throws Error (Exit::io) if the file cannot be read, is no JSON, or numbers its annotations
/// otherwise than 1, 2, 3, …
CocoCounts counts_of_coco(const std::filesystem::path& file);

}  // namespace orrery
