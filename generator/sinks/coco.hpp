#pragma once

// Byte layout of annotations/instances_<split>.json: one JSON object, UTF-8, one element a line.
//
//   info         {"description"}
//   licenses     []
//   categories   [{"id" from 1 in the dataset's class order, "name", "supercategory": ""}], and for
//                classes with keypoints "keypoints": names, "skeleton" and, beyond COCO,
//                "keypoint_swaps": pairs of positions from 1 in that list
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
//     keypoints, num_keypoints    of classes that have some: [x,y,v] for each of the class's names;
//                                 x and y count from the centre of the first pixel, as COCO's do:
//                                 half a pixel less than all other positions here. v 2: visible, 1:
//                                 in the image and hidden, 0 with x = y = 0: outside it or not on
//                                 this model; those above 0 are counted
//   and, beyond COCO:
//     keypoint_states             for each name: visible, hidden_by_itself, hidden_by_another,
//     outside
//                                 (the image) or absent (this model has no such point)
//     keypoint_positions          for each name [x,y], pixels from the image's corner, inside it or
//                                 not; null: absent or behind the camera
//     instance_id                 value in the id image
//     visible_fraction, truncation, occlusion, occluders [{"instance_id" (0: ground), "area"}]
//     hard                        true: less than a quarter visible, or made unreadable by the
//                                 sensor; for evaluations that leave such out
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
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/sample.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/annotation.hpp"
#include "scenes/camera.hpp"
#include "scenes/keypoints.hpp"

namespace orrery {

/// What COCO says of image `index`; `file_name` is relative to the dataset.
/// `keypoints`: by class id, see class_keypoints(); empty: none has any.
CocoImage coco_of(std::uint64_t index, const std::string& file_name, const Intrinsics& camera,
                  const Annotations& annotations, std::span<const Keypoints> keypoints = {});

/// "visible", "hidden_by_itself", "hidden_by_another" or "outside".
const char* name_of(KeypointState state);

/// Streams the file: every image first, then every annotation, then finish().
class CocoWriter {
 public:
  CocoWriter(WholeFile& out, const std::vector<std::string>& classes,
             std::span<const Keypoints> keypoints = {},
             const std::string& description = "rendered by orrery");
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
