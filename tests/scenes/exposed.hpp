#pragma once

#include <cmath>
#include <cstring>

#include "scenes/sensor.hpp"

namespace orrery::testing {

/// Light of an sRGB level, which may lie between two.
inline double linear(double level) {
  const double v = level / 255;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

/// Random in all four channels.
inline Image<Rgba8> busy(int width, int height) {
  Rng rng(1, 0, "busy");
  Image<Rgba8> image(width, height);
  for (Rgba8& p : image.pixels) {
    const std::uint32_t bits = rng.bits();
    std::memcpy(&p, &bits, 4);
  }
  return image;
}

inline Image<float> flat(const Image<Rgba8>& image, float depth) {
  return Image<float>(image.width, image.height, depth);
}

inline Image<Rgba8> exposed(const Sensor& sensor, const Image<Rgba8>& image, float depth = 1,
                            Rng noise = Rng(1, 2, "noise")) {
  Exposer exposer;
  return exposer.exposed(sensor, image, flat(image, depth), noise);
}

inline bool same(const Image<Rgba8>& a, const Image<Rgba8>& b) {
  return a.width == b.width && a.height == b.height && a.pixels == b.pixels;
}

/// Mean and variance, in linear light, of one channel over the image.
struct Moments {
  double mean = 0;
  double variance = 0;
};
inline Moments moments(const Image<Rgba8>& image, int channel) {
  double sum = 0;
  double squares = 0;
  int count = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double v = linear(image.at(x, y)[channel]);
      sum += v;
      squares += v * v;
      ++count;
    }
  }
  const double mean = sum / count;
  return {mean, squares / count - mean * mean};
}

}  // namespace orrery::testing
