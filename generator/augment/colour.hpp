#pragma once

#include <array>
#include <glm/glm.hpp>
#include <optional>

#include "generator/augment/operation.hpp"
#include "scenes/image.hpp"
#include "scenes/random.hpp"

namespace orrery {

/// Operations on the colour of one pixel, put together as long as they go into one pass: an
/// exponent, then an affine map of red, green and blue. Nothing is rounded or cut off between.
class ColourPass {
 public:
  /// Takes an operation up; false if the pass must run first. `values` as drawn; `order` is the
  /// order of channels for channel_shuffle.
  bool add(AugmentOp op, const std::vector<double>& values, const std::array<int, 3>& order);
  bool is_identity() const { return gamma_ == 1 && affine_ == kIdentity; }
  /// Changes the pixels and starts anew.
  void run(Image<Rgba8>& color);

 private:
  using Affine = glm::dmat4;  ///< of (red, green, blue, 1), white is 1
  static constexpr Affine kIdentity = Affine(1.0);

  double gamma_ = 1;
  Affine affine_ = kIdentity;
};

/// The operation works on each pixel's colour alone.
bool is_colour(AugmentOp op);

}  // namespace orrery
