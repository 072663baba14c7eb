#pragma once

#include <array>

#include "scenes/image.hpp"
#include "scenes/sensor.hpp"
#include "scenes/sensor_plane.hpp"

namespace orrery {

/// What lens and shutter do, in linear light. `spare` is a plane that may be swapped into the
/// image; of `rows` any row may be overwritten.

/// Planes that defocusing works in.
struct DefocusPlanes {
  Plane variance;              ///< of each pixel's blur, along one axis, square pixels
  Plane fore;                  ///< share of each pixel in the front layer
  Plane weight;                ///< share of each pixel in one layer and one step of blur
  std::array<Plane, 4> front;  ///< red, green, blue, coverage
  std::array<Plane, 4> back;
};
/// Two layers, split where the circle of confusion behind the focus is half its largest: pixels of
/// each are scattered with their own blur, a sum of binomial kernels; then the front layer is laid
/// over the back. So what is behind never spreads over what is in focus, and what is blurred in
/// front does spread. Brightness is kept. Kernels are bells, not discs: no bokeh.
void defocus(const Sensor& sensor, const ImageView<float>& depth, Rgb& image, DefocusPlanes& planes,
             Plane& spare, const Plane& rows);

/// Scales red up and blue down about the centre: `pixels` apart in the corners. Bilinear.
void fringe(double pixels, Rgb& image, Plane& spare, const Plane& rows);

/// Averages along a line of `length` pixels.
void shake(double length, double angle, Rgb& image, Plane& spare);

/// Vignetting (cos⁴ of an angle whose tangent grows with the radius), exposure and white balance.
void illuminate(const Sensor& sensor, const Rgb& image);

}  // namespace orrery
