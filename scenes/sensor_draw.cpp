#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/sensor.hpp"

namespace orrery {
namespace {

/// One effect of one sample.
struct Draw {
  Rng rng;
  bool happens;

  Draw(double probability, std::uint64_t seed, std::uint64_t index, const char* effect)
      : rng(seed, index, effect), happens(rng.unit() < probability) {}

  double from(const Range& range) { return rng.uniform(range.low, range.high); }
  /// `neutral` if the effect does not happen.
  double value(const Chance& chance, double neutral) {
    return happens ? from(chance.value) : neutral;
  }
};

double encoded(double light) {
  const double x = std::clamp(light, 0.0, 1.0);
  return 255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * std::pow(x, 1 / 2.4) - 0.055);
}

/// Levels between greys one stop above and below mid-grey, and the noise's deviation at mid-grey,
/// of green, which carries most of the luma.
struct Visibility {
  double contrast;
  double noise;
};
Visibility visibility(const Sensor& sensor) {
  const double grey = 0.18 * std::exp2(sensor.exposure) * sensor.white.g;
  const double shot = sensor.full_well > 0 ? grey / sensor.full_well : 0;
  const double noise = std::sqrt(shot + sensor.read_noise * sensor.read_noise);
  return {encoded(2 * grey) - encoded(grey / 2),
          0.5 * (encoded(grey + noise) - encoded(grey - noise))};
}

}  // namespace

bool unreadable(const Sensor& sensor, double side, double depth, int height) {
  constexpr double kBlur = 0.5;
  constexpr double kContrast = 24;
  constexpr double kNoise = 2;
  const double blur = std::hypot(defocus_px(sensor, depth, height), sensor.shake);
  const Visibility seen = visibility(sensor);
  return blur > kBlur * side || seen.contrast < std::max(kContrast, kNoise * seen.noise);
}

SensorSpec default_sensor() {
  SensorSpec spec;
  spec.aperture = {0.15, {0.002, 0.017}};
  spec.focus = {0.85, 1.25};
  spec.shake = {0.1, {1, 7}};
  spec.vignetting = {0.15, {0.05, 0.5}};
  spec.chromatic = {0.15, {0.3, 2}};
  spec.exposure = {0.15, {-0.7, 0.7}};
  spec.white = {0.15, {0.85, 1.18}};
  spec.full_well = {0.15, {300, 6000}};
  spec.read_noise = {0.15, {0.001, 0.015}};
  spec.mosaic = 0.15;
  spec.sharpening = {0.15, {0.2, 1.2}};
  spec.jpeg_quality = {0.15, {60, 98}};
  return spec;
}

Sensor drawn_sensor(const SensorSpec& spec, double subject, std::uint64_t seed,
                    std::uint64_t index) {
  const auto effect = [&](double probability, const char* path) {
    return Draw(probability, seed, index, path);
  };
  Draw focus = effect(1, "sensor/focus");
  Draw aperture = effect(spec.aperture.probability, "sensor/aperture");
  Draw shake = effect(spec.shake.probability, "sensor/shake");
  Draw vignetting = effect(spec.vignetting.probability, "sensor/vignetting");
  Draw chromatic = effect(spec.chromatic.probability, "sensor/chromatic");
  Draw exposure = effect(spec.exposure.probability, "sensor/exposure");
  Draw white = effect(spec.white.probability, "sensor/white");
  Draw full_well = effect(spec.full_well.probability, "sensor/full_well");
  Draw read_noise = effect(spec.read_noise.probability, "sensor/read_noise");
  Draw mosaic = effect(spec.mosaic, "sensor/mosaic");
  Draw sharpening = effect(spec.sharpening.probability, "sensor/sharpening");
  Draw jpeg = effect(spec.jpeg_quality.probability, "sensor/jpeg");
  Sensor sensor;
  sensor.aperture = aperture.value(spec.aperture, 0);
  if (aperture.happens) sensor.focus = subject * focus.from(spec.focus);
  sensor.shake = shake.value(spec.shake, 0);
  if (shake.happens) sensor.shake_angle = shake.rng.uniform(0, glm::pi<double>());
  sensor.vignetting = vignetting.value(spec.vignetting, 0);
  sensor.chromatic = chromatic.value(spec.chromatic, 0);
  if (chromatic.happens && chromatic.rng.unit() < 0.5) sensor.chromatic = -sensor.chromatic;
  sensor.exposure = exposure.value(spec.exposure, 0);
  sensor.white.r = white.value(spec.white, 1);
  sensor.white.b = white.value(spec.white, 1);
  sensor.full_well = full_well.value(spec.full_well, 0);
  sensor.read_noise = read_noise.value(spec.read_noise, 0);
  sensor.mosaic = mosaic.happens;
  sensor.sharpening = sharpening.value(spec.sharpening, 0);
  sensor.jpeg_quality = static_cast<int>(std::lround(jpeg.value(spec.jpeg_quality, 0)));
  return sensor;
}

}  // namespace orrery
