#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/sample.hpp"
#include "generator/sink.hpp"
#include "generator/sinks/bop_models.hpp"

namespace orrery {

/// What BOP says of one image, for both of its layouts.
///
///   camera     {"cam_K": nine numbers in rows, "depth_scale": 1.0}. BOP's pixels are OpenCV's: the
///              centre of the first one is (0,0), so cx and cy are half a pixel less than ours
///   gt         [{"cam_R_m2c": nine numbers in rows, "cam_t_m2c": millimetres, "obj_id": from 1}]:
///              x right, y down, z forward
///   gt_info    [{"bbox_obj", "bbox_visib": [x,y,w,h] with w and h the differences of the last and
///              the first pixel, as BOP's toolkit has them: one less than COCO's; -1 four times if
///              there is no such pixel,
///              "px_count_all": pixels of the whole silhouette, inside and outside the image,
///              "px_count_valid": of those inside, the ones that have depth,
///              "px_count_visib", "visib_fract": visible / all}]
///   mask       of the whole silhouette, its part inside the image
///   mask_visib of what is visible
/// The last four, and gt, have an element for each label in order of id.
struct BopImage {
  Json camera;
  Json gt = Json::array();
  Json gt_info = Json::array();
  std::vector<Rle> mask;
  std::vector<Rle> mask_visib;
};

/// Throws Error naming the image for what BOP cannot do without: a pinhole camera, depth, and for
/// each label a pose, a mask, an amodal mask with its box, and the visible fraction. Crowds are
/// left out.
BopImage bop_image(const LabelledImage& image, BopModels& models, const SinkOptions& options,
                   std::map<std::string, std::uint64_t>& left_out);

/// BOP's scenes are of at most as many images.
constexpr std::uint64_t kBopSceneImages = 1000;

}  // namespace orrery
