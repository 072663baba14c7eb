#include "generator/sinks/bop_image.hpp"

#include <cmath>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/coco_json.hpp"
#include "generator/sinks/image_json.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace {

[[noreturn]] void refuse(const LabelledImage& image, const std::string& what) {
  throw Error("image \"" + image.name + "\": " + what);
}

Json camera_of(const LabelledImage& image) {
  if (!image.camera) refuse(image, "has no camera, which BOP wants (of rendered images alone)");
  const Intrinsics& k = *image.camera;
  if (k.lens.model != LensModel::pinhole) {
    refuse(image, "its lens is " + lens_model_name(k.lens) + ", BOP has pinholes only");
  }
  // From our corner of the first pixel to its centre.
  return {{"cam_K", {k.fx, 0.0, k.cx - 0.5, 0.0, k.fy, k.cy - 0.5, 0.0, 0.0, 1.0}},
          {"depth_scale", 1.0}};
}

Image<std::uint16_t> depth_of(const LabelledImage& image) {
  if (!image.depth) refuse(image, "has no depth image, which BOP wants");
  Image<std::uint16_t> depth;
  try {
    depth = gray_from_bytes(stored_bytes(*image.depth), image.depth->string());
  } catch (const Error& error) {
    throw Error("image \"" + image.name + "\": " + error.what(), error.exit());
  }
  if (depth.width != image.width || depth.height != image.height) {
    refuse(image, image.depth->string() + " is " + std::to_string(depth.width) + "x" +
                      std::to_string(depth.height) + ", wanted " + std::to_string(image.width) +
                      "x" + std::to_string(image.height));
  }
  return depth;
}

Json json_of(const Rect& box) {
  if (box.empty()) return {-1, -1, -1, -1};
  const auto whole = [](double v) { return static_cast<std::int64_t>(std::llround(v)); };
  return {whole(box.x0), whole(box.y0), whole(box.width()) - 1, whole(box.height()) - 1};
}

/// Pixels of a mask that have a depth.
std::uint64_t valid_pixels(const Rle& mask, const Image<std::uint16_t>& depth) {
  std::uint64_t valid = 0;
  std::uint64_t at = 0;
  bool inside = false;
  const auto height = static_cast<std::uint64_t>(mask.height);
  for (const std::uint32_t run : mask.counts) {
    for (std::uint64_t i = at; inside && i < at + run; ++i) {
      valid += depth.at(static_cast<int>(i / height), static_cast<int>(i % height)) != 0 ? 1U : 0U;
    }
    at += run;
    inside = !inside;
  }
  return valid;
}

void add_label(BopImage& out, const LabelledImage& image, const Label& label,
               const Image<std::uint16_t>& depth, BopModels& models) {
  const bool whole =
      label.pose && label.mask && label.amodal && label.amodal_box && label.visible_fraction;
  if (!whole) {
    refuse(image, "label " + std::to_string(label.id) +
                      " lacks one of pose, mask, amodal mask and box, and visible fraction, which "
                      "BOP wants (of rendered images alone)");
  }
  const Pose& pose = label.pose->camera_from_object;
  const glm::dvec3 mm = pose.translation * 1000.0;
  out.gt.push_back({{"cam_R_m2c", coco_rows(pose.rotation)},
                    {"cam_t_m2c", {mm.x, mm.y, mm.z}},
                    {"obj_id", models.id_of(label, image)}});
  const std::uint64_t visible = area(*label.mask);
  const std::uint64_t inside = area(*label.amodal);
  // The fraction is visible / all: whatever its last bits are, all is a whole number.
  const double fraction = *label.visible_fraction;
  const auto all =
      visible == 0 || !(fraction > 0)
          ? inside
          : static_cast<std::uint64_t>(std::llround(static_cast<double>(visible) / fraction));
  if (all < inside || inside < visible) {
    refuse(image, "label " + std::to_string(label.id) + ": of " + std::to_string(all) + " pixels " +
                      std::to_string(inside) + " are in the image and " + std::to_string(visible) +
                      " visible, wanted no more each time");
  }
  out.gt_info.push_back(
      {{"bbox_obj", json_of(visible > 0 ? *label.amodal_box : Rect{})},
       {"bbox_visib", json_of(rect_of(bounding_box(*label.mask)))},
       {"px_count_all", all},
       {"px_count_valid", valid_pixels(*label.amodal, depth)},
       {"px_count_visib", visible},
       {"visib_fract", all > 0 ? static_cast<double>(visible) / static_cast<double>(all) : 0.0}});
  out.mask.push_back(*label.amodal);
  out.mask_visib.push_back(*label.mask);
}

}  // namespace

BopImage bop_image(const LabelledImage& image, BopModels& models, const SinkOptions& options,
                   std::map<std::string, std::uint64_t>& left_out) {
  BopImage out;
  out.camera = camera_of(image);
  const Image<std::uint16_t> depth = depth_of(image);
  static constexpr Carries kCarries{.masks = true,
                                    .amodal = true,
                                    .fractions = true,
                                    .poses = true,
                                    .cameras = true,
                                    .depth = true,
                                    .ids = true,  // the visible masks say the same
                                    .splits = true};
  for (const Label* label : carried(image, kCarries, options, left_out)) {
    // The toolkit has one number; how much of the rest is outside and how much hidden is lost.
    if (label->truncation || label->occlusion) ++left_out["truncation and occlusion"];
    add_label(out, image, *label, depth, models);
  }
  return out;
}

}  // namespace orrery
