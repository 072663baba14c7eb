#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenes/range.hpp"

namespace orrery {

/// What can be done to a picture; operation_info() names and describes each.
enum class AugmentOp : std::uint8_t {
  flip_horizontal,
  flip_vertical,
  rotate90,
  rotate,
  scale,
  shift,
  shear,
  perspective,
  crop,
  random_crop,
  crop_instance,
  elastic,
  grid_distortion,
  resize,
  letterbox,
  brightness_contrast,
  hue_saturation_value,
  grey,
  channel_shuffle,
  gamma,
  clahe,
  gaussian_noise,
  shot_noise,
  gaussian_blur,
  motion_blur,
  defocus_blur,
  jpeg,
  downscale,
  fog,
  rain,
  sun_flare,
  shadow,
  dropout,
};

/// A parameter of an operation: drawn uniformly from a range within [low, high].
struct OperationParameter {
  std::string name;
  std::string about;  ///< with its unit
  Range usual;        ///< where a file does not say
  double low = 0;
  double high = 1;
  bool whole = false;  ///< drawn among the whole numbers
};

struct OperationInfo {
  std::string name;
  std::string about;
  std::vector<OperationParameter> parameters;
};

/// Every operation, by AugmentOp.
const std::vector<OperationInfo>& operations();
const OperationInfo& operation_info(AugmentOp op);

}  // namespace orrery
