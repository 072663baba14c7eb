#pragma once

#include "generator/compose/layer.hpp"

namespace orrery {

/// What a camera did to a picture, as far as the picture shows.
struct SensorLook {
  double blur = 0;   ///< standard deviation of its sharpest edges, pixels
  double noise = 0;  ///< standard deviation of luminance where it is flat, of 255
};

/// Noise from the flattest tenth of the picture. Source: Immerkær, Fast Noise Variance Estimation,
/// CVIU 64, 1996. Blur from how much stronger edges are than after a known blur. Source: Zhuo and
/// Sim, Defocus Map Estimation from a Single Image, Pattern Recognition 44, 2011; the sharpest
/// fifth of the edges counts, since what is out of focus says nothing of the sensor.
SensorLook sensor_look(const Image<Rgba8>& picture);

/// Gives a layer the blur and noise that it lacks. Its alpha stays as it is.
void match_sensor(Layer& layer, const SensorLook& look, Rng& rng);

}  // namespace orrery
