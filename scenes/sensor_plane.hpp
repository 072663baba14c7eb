#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace orrery {

/// One channel as rows of floats. Each row has a margin on both sides, so that stencils read past
/// the ends without a branch. Borrowed memory.
class Plane {
 public:
  static constexpr int kMargin = 32;

  Plane() = default;
  Plane(float* memory, int width, int height) : memory_(memory), width_(width), height_(height) {}

  static std::size_t size(int width, int height) {
    return static_cast<std::size_t>(height) * static_cast<std::size_t>(width + 2 * kMargin);
  }

  int width() const { return width_; }
  int height() const { return height_; }
  float* row(int y) const {
    return memory_ + static_cast<std::ptrdiff_t>(y) * (width_ + 2 * kMargin) + kMargin;
  }
  /// The row nearest to `y` that there is.
  const float* nearest_row(int y) const { return row(std::clamp(y, 0, height_ - 1)); }

  /// Continues a row, once it is written, with its end values.
  void extend(int y) const {
    float* const r = row(y);
    std::fill(r - kMargin, r, r[0]);
    std::fill(r + width_, r + width_ + kMargin, r[width_ - 1]);
  }

 private:
  float* memory_ = nullptr;
  int width_ = 0;
  int height_ = 0;
};

/// Red, green and blue.
using Rgb = std::array<Plane, 3>;

}  // namespace orrery
