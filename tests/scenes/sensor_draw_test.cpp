#include <doctest/doctest.h>

#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/sensor.hpp"

using namespace orrery;

namespace {

/// All chances of a spec, in the order of `values`.
std::vector<Chance*> chances(SensorSpec& s) {
  return {&s.aperture, &s.shake,     &s.vignetting, &s.chromatic,  &s.exposure,
          &s.white,    &s.full_well, &s.read_noise, &s.sharpening, &s.jpeg_quality};
}

std::vector<double> values(const Sensor& s) {
  return {s.aperture, s.shake,     s.vignetting, s.chromatic,  s.exposure,
          s.white.r,  s.full_well, s.read_noise, s.sharpening, static_cast<double>(s.jpeg_quality)};
}

std::vector<double> all_fields(const Sensor& s) {
  std::vector<double> fields = values(s);
  for (const double v : {s.focus, s.shake_angle, s.white.b, s.white.g, s.mosaic ? 1.0 : 0.0}) {
    fields.push_back(v);
  }
  return fields;
}

SensorSpec always() {
  SensorSpec spec = default_sensor();
  for (Chance* const chance : chances(spec)) chance->probability = 1;
  spec.mosaic = 1;
  return spec;
}

}  // namespace

TEST_SUITE("sensor_draw") {
  TEST_CASE("with probability 0 every sensor is neutral") {
    SensorSpec spec = default_sensor();
    for (Chance* const chance : chances(spec)) chance->probability = 0;
    spec.mosaic = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
      CHECK(all_fields(drawn_sensor(spec, 3, 5, i)) == all_fields(Sensor{}));
    }
  }

  TEST_CASE("with probability 1 every value lies in its range, and ranges are used") {
    SensorSpec spec = always();
    const std::vector<Chance*> ranges = chances(spec);
    std::vector<double> least(ranges.size(), 1e9);
    std::vector<double> most(ranges.size(), -1e9);
    for (std::uint64_t i = 0; i < 500; ++i) {
      const Sensor sensor = drawn_sensor(spec, 3, 5, i);
      std::vector<double> drawn = values(sensor);
      drawn[3] = std::abs(drawn[3]);  // chromatic aberration has either sign
      for (std::size_t k = 0; k < ranges.size(); ++k) {
        least[k] = std::min(least[k], drawn[k]);
        most[k] = std::max(most[k], drawn[k]);
      }
      CHECK(sensor.mosaic);
      CHECK(sensor.focus >= 3 * spec.focus.low);
      CHECK(sensor.focus <= 3 * spec.focus.high);
      CHECK(sensor.white.g == 1);
    }
    for (std::size_t k = 0; k < ranges.size(); ++k) {
      CAPTURE(k);
      const Range& range = ranges[k]->value;
      const double slack = 0.05 * (range.high - range.low);
      CHECK(least[k] >= range.low);
      CHECK(least[k] <= range.low + slack);
      CHECK(most[k] <= range.high);
      CHECK(most[k] >= range.high - slack);
    }
  }

  TEST_CASE("changing one effect's range or probability moves no other value") {
    const std::size_t count = values(Sensor{}).size();
    for (std::size_t changed = 0; changed < count; ++changed) {
      for (const bool off : {false, true}) {
        SensorSpec other = always();
        Chance& chance = *chances(other)[changed];
        chance.value = {chance.value.high, 2 * chance.value.high};
        if (off) chance.probability = 0;
        const std::vector<double> before = values(drawn_sensor(always(), 3, 5, 7));
        const std::vector<double> after = values(drawn_sensor(other, 3, 5, 7));
        for (std::size_t k = 0; k < count; ++k) CHECK((before[k] == after[k]) == (k != changed));
      }
    }
  }

  TEST_CASE("effects happen as often as their probability says, each on its own") {
    const SensorSpec spec = default_sensor();
    int exposure = 0;
    int vignetting = 0;
    int both = 0;
    for (std::uint64_t i = 0; i < 10000; ++i) {
      const Sensor sensor = drawn_sensor(spec, 3, 5, i);
      exposure += sensor.exposure != 0 ? 1 : 0;
      vignetting += sensor.vignetting != 0 ? 1 : 0;
      both += sensor.exposure != 0 && sensor.vignetting != 0 ? 1 : 0;
    }
    CHECK(std::abs(exposure - 1500) < 5 * 36);
    CHECK(std::abs(vignetting - 1500) < 5 * 36);
    CHECK(std::abs(both - 225) < 5 * 15);
  }

  TEST_CASE("the circle of confusion is 0 in focus and the aperture's at infinity") {
    Sensor sensor;
    sensor.focus = 2;
    sensor.aperture = 0.02;
    CHECK(defocus_px(sensor, 2, 500) == doctest::Approx(0));
    CHECK(defocus_px(sensor, 0, 500) == doctest::Approx(10));
    CHECK(defocus_px(sensor, 4, 500) == doctest::Approx(5));
    CHECK(defocus_px(sensor, 1, 500) == doctest::Approx(10));
    CHECK(defocus_px(Sensor{}, 4, 500) == 0);
  }

  TEST_CASE("nothing is unreadable for a neutral sensor") {
    for (const double side : {1.0, 10.0, 100.0}) CHECK_FALSE(unreadable(Sensor{}, side, 3, 480));
  }

  TEST_CASE("blur above half the shorter side is unreadable, below it is not") {
    Sensor defocused;
    defocused.focus = 2;
    defocused.aperture = 0.02;  // 4.8 pixels at 4 metres
    CHECK(unreadable(defocused, 9, 4, 480));
    CHECK_FALSE(unreadable(defocused, 10, 4, 480));
    CHECK_FALSE(unreadable(defocused, 1, 2, 480));
    Sensor shaken;
    shaken.shake = 6;
    CHECK(unreadable(shaken, 11, 4, 480));
    CHECK_FALSE(unreadable(shaken, 13, 4, 480));
    shaken.focus = 2;
    shaken.aperture = 0.02;
    CHECK(unreadable(shaken, 13, 4, 480));
  }

  TEST_CASE("too dark, too bright and too noisy are unreadable; mild is not") {
    Sensor sensor;
    for (const double exposure : {-6.0, -5.0, 3.5, 6.0}) {
      sensor.exposure = exposure;
      CHECK(unreadable(sensor, 100, 3, 480));
    }
    for (const double exposure : {-2.0, -0.7, 0.7, 1.5}) {
      sensor.exposure = exposure;
      CHECK_FALSE(unreadable(sensor, 100, 3, 480));
    }
    sensor.exposure = 0;
    sensor.read_noise = 0.3;
    CHECK(unreadable(sensor, 100, 3, 480));
    sensor.read_noise = 0.03;
    CHECK_FALSE(unreadable(sensor, 100, 3, 480));
  }

  TEST_CASE("the default leaves objects of 32 pixels readable at the distance in focus") {
    int hard = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      hard += unreadable(drawn_sensor(default_sensor(), 3, 1, i), 32, 3, 480) ? 1 : 0;
    }
    CHECK(hard == 0);
  }
}
