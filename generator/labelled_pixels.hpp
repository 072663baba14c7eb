#pragma once

#include "generator/labelled_image.hpp"
#include "scenes/image.hpp"

namespace orrery {

/// A picture in memory with its labels, on its way from a source to a sink. `labelled.file` is
/// meaningless once pixels have changed; `labelled.width` and `height` are those of `color`.
struct LabelledPixels {
  Image<Rgba8> color;  ///< straight alpha: 255 but in cut-outs
  LabelledImage labelled;
};

}  // namespace orrery
