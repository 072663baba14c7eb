#include "scenes/sensor.hpp"

#include <cassert>
#include <cmath>

#include "scenes/sensor_lens.hpp"
#include "scenes/sensor_mosaic.hpp"
#include "scenes/sensor_noise.hpp"
#include "scenes/sensor_plane.hpp"
#include "scenes/sensor_tone.hpp"

namespace orrery {
namespace {

bool changes_light(const Sensor& s) {
  return s.vignetting != 0 || s.exposure != 0 || s.white != glm::dvec3(1);
}

bool is_noisy(const Sensor& s) { return s.full_well > 0 || s.read_noise > 0; }

bool is_neutral(const Sensor& s) {
  return s.aperture <= 0 && s.chromatic == 0 && s.shake <= 0 && !changes_light(s) && !s.mosaic &&
         !is_noisy(s) && s.sharpening == 0;
}

/// Hands out planes of one size from memory that only grows.
class PlaneMaker {
 public:
  PlaneMaker(std::vector<float>& memory, int width, int height, std::size_t planes)
      : width_(width), height_(height) {
    const std::size_t rows = Plane::size(width, kRows);
    const std::size_t needed = planes * Plane::size(width, height) + rows;
    if (memory.size() < needed) memory.resize(needed);
    next_ = memory.data();
  }

  Plane plane() { return taken(height_); }
  Plane rows() { return taken(kRows); }

 private:
  static constexpr int kRows = 2;
  Plane taken(int height) {
    const Plane made(next_, width_, height);
    next_ += Plane::size(width_, height);
    return made;
  }

  int width_;
  int height_;
  float* next_ = nullptr;
};

void read_out(const Sensor& sensor, Rng& noise, const Rgb& image, const Plane& spare,
              std::vector<std::uint32_t>& words, const Plane& rows) {
  const Readout readout{sensor.full_well, sensor.read_noise, {noise.bits(), noise.bits()}};
  if (sensor.mosaic) expose_mosaic(image, spare, rows);
  for (std::uint32_t c = 0; c < (sensor.mosaic ? 1U : 3U); ++c) {
    const Plane& seen = sensor.mosaic ? spare : image[c];
    if (is_noisy(sensor)) add_noise(readout, c, seen, words, rows);
    // A full well holds no more.
    for (int y = 0; y < seen.height(); ++y) {
      float* const row = seen.row(y);
      for (int x = 0; x < seen.width(); ++x) row[x] = std::min(row[x], 1.0F);
    }
  }
  if (sensor.mosaic) demosaic(spare, image);
}

}  // namespace

Image<Rgba8> Exposer::exposed(const Sensor& sensor, const ImageView<Rgba8>& color,
                              const ImageView<float>& depth, Rng noise) {
  Image<Rgba8> result(color.width, color.height);
  std::copy(color.pixels.begin(), color.pixels.end(), result.pixels.begin());
  if (color.pixels.empty() || is_neutral(sensor)) return result;
  constexpr std::size_t kBase = 4;
  constexpr std::size_t kDefocus = 11;
  PlaneMaker make(memory_, color.width, color.height,
                  sensor.aperture > 0 ? kBase + kDefocus : kBase);
  const Plane rows = make.rows();
  Rgb image{make.plane(), make.plane(), make.plane()};
  Plane spare = make.plane();
  linearize(color, image);
  if (sensor.aperture > 0) {
    assert(depth.width == color.width && depth.height == color.height);
    DefocusPlanes work{make.plane(), make.plane(), make.plane(), {}, {}};
    for (Plane& plane : work.front) plane = make.plane();
    for (Plane& plane : work.back) plane = make.plane();
    defocus(sensor, depth, image, work, spare, rows);
  }
  if (sensor.chromatic != 0) fringe(sensor.chromatic, image, spare, rows);
  if (sensor.shake > 0) shake(sensor.shake, sensor.shake_angle, image, spare);
  if (changes_light(sensor)) illuminate(sensor, image);
  if (sensor.mosaic || is_noisy(sensor)) read_out(sensor, noise, image, spare, words_, rows);
  // Also for sharpening alone: only now have pixels of alpha 0 colours that may be mixed.
  encode(image, result);
  if (sensor.sharpening != 0) sharpen(sensor.sharpening, result, memory_);
  for (std::size_t i = 0; i < result.pixels.size(); ++i) {
    if (color.pixels[i].a == 0) result.pixels[i] = color.pixels[i];
  }
  return result;
}

}  // namespace orrery
