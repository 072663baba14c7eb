#pragma once

#include "generator/augment/geometry.hpp"
#include "generator/augment/operation.hpp"

namespace orrery {

/// The operation moves pixels.
bool is_geometry(AugmentOp op);

/// A projective map into a picture of a size.
struct Projection {
  glm::dmat3 matrix{1.0};  ///< out_from_in
  int width = 0;
  int height = 0;
};

/// Goes on from `geometry` with an operation. `values` are its parameters as drawn, `boxes` those
/// of labels for crop_instance. `projection` is what was added, nothing if it bends. Returns why
/// the operation cannot be done, or nothing.
std::string add_operation(AugmentOp op, const std::vector<double>& values,
                          const std::vector<Rect>& boxes, Rng& rng, Geometry& geometry,
                          std::optional<Projection>& projection);

}  // namespace orrery
