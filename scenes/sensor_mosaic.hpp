#pragma once

#include "scenes/sensor_plane.hpp"

namespace orrery {

/// What pixels see behind filters of red, green / green, blue and a low-pass filter of glass that,
/// as in most cameras, keeps single pixels' detail from turning into colour: [1 2 1]/4 along both
/// axes. Of `rows` any row may be overwritten.
void expose_mosaic(const Rgb& image, const Plane& mosaic, const Plane& rows);

/// Full colour from a mosaic, whose margins it fills. Edges are mirrored, so that the filters keep
/// their places. Source: Malvar, He, Cutler, High-quality linear interpolation for demosaicing of
/// Bayer-patterned color images, ICASSP 2004.
void demosaic(const Plane& mosaic, const Rgb& image);

}  // namespace orrery
