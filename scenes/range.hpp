#pragma once

namespace orrery {

/// Uniform between two ends; equal ends fix the value.
struct Range {
  double low = 0;
  double high = 0;
};

}  // namespace orrery
