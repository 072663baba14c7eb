#pragma once

#include "scenes/sensor_plane.hpp"

namespace orrery {

/// What pixels see behind filters of red, green / green, blue.
void expose_mosaic(const Rgb& image, const Plane& mosaic);

/// Full colour from a mosaic, whose margins it fills. Edges are mirrored, so that the filters keep
/// their places. Source: Malvar, He, Cutler, High-quality linear interpolation for demosaicing of
/// Bayer-patterned color images, ICASSP 2004.
void demosaic(const Plane& mosaic, const Rgb& image);

}  // namespace orrery
