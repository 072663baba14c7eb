#pragma once

#include <array>
#include <string>
#include <vector>

#include "generator/augment/augment.hpp"

namespace orrery {

// What fields of AugmentSpec are called in files, for the reader and the writer alike.

inline constexpr std::array kBorderNames{"constant", "reflect"};
inline constexpr std::array kBoxRotationNames{"refuse", "ellipse"};

struct SpecNumber {
  const char* name;
  double AugmentSpec::*field;
  const char* about;
  double low, high;
};

/// The thresholds.
inline std::vector<SpecNumber> spec_numbers() {
  return {{"min_visible", &AugmentSpec::min_visible, "share of its visible pixels", 0, 1},
          {"min_side", &AugmentSpec::min_side, "of the box, pixels", 0, 1e4},
          {"min_area", &AugmentSpec::min_area, "pixels", 0, 1e8},
          {"hard_visible", &AugmentSpec::hard_visible, "share of its visible pixels", 0, 1},
          {"hard_blur", &AugmentSpec::hard_blur, "share of the box's shorter side", 0, 1e4},
          {"hard_luminance", &AugmentSpec::hard_luminance, "white is 1", 0, 1}};
}

}  // namespace orrery
