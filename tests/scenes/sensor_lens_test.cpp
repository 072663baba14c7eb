#include <doctest/doctest.h>

#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/sensor.hpp"
#include "tests/scenes/exposed.hpp"

using namespace orrery;
using namespace orrery::testing;

namespace {

/// Where brightness crosses half, in pixels from the left, along a row of a step.
double edge_at(const Image<Rgba8>& image, int y, int channel, int from, int to) {
  const double low = linear(image.at(from, y)[channel]);
  const double high = linear(image.at(to, y)[channel]);
  double area = 0;
  for (int x = from; x <= to; ++x) {
    area += (high - linear(image.at(x, y)[channel])) / (high - low);
  }
  return from + area;
}

}  // namespace

TEST_SUITE("sensor_lens") {
  TEST_CASE("vignetting takes the stated share in the corner and nothing in the middle") {
    const Image<Rgba8> image(641, 481, Rgba8(188, 188, 188, 255));
    Sensor sensor;
    sensor.vignetting = 0.4;
    const Image<Rgba8> out = exposed(sensor, image);
    CHECK(out.at(320, 240) == image.at(320, 240));
    for (const auto& [x, y] : {std::pair{0, 0}, {640, 0}, {0, 480}, {640, 480}}) {
      CHECK(linear(out.at(x, y).g) / linear(188) == doctest::Approx(0.6).epsilon(0.01));
    }
    CHECK(out.at(100, 100).g > out.at(20, 20).g);
    CHECK(out.at(100, 100).g < out.at(320, 240).g);
  }

  TEST_CASE("defocus and shake keep the light") {
    Image<Rgba8> image(200, 160, Rgba8(20, 20, 20, 255));
    for (int y = 60; y < 100; y += 7) {
      for (int x = 60; x < 140; x += 5) image.at(x, y) = Rgba8(250, 200, 120, 255);
    }
    for (const double aperture : {0.004, 0.01, 0.03, 0.06, 0.1, 0.15}) {
      Sensor sensor;
      sensor.aperture = aperture;
      for (const double focus : {0.5, 2.0}) {  // behind and before the image
        sensor.focus = focus;
        for (int c = 0; c < 3; ++c) {
          CHECK(moments(exposed(sensor, image, 1), c).mean ==
                doctest::Approx(moments(image, c).mean).epsilon(0.02));
        }
      }
    }
    for (const double length : {0.5, 3.0, 20.0, 48.0}) {
      Sensor sensor;
      sensor.shake = length;
      sensor.shake_angle = 0.4;
      CHECK(moments(exposed(sensor, image), 0).mean ==
            doctest::Approx(moments(image, 0).mean).epsilon(0.02));
    }
  }

  TEST_CASE("a point out of focus has the spread of its circle of confusion") {
    for (const double circle : {3.0, 8.0, 20.0}) {
      Image<Rgba8> image(129, 129, Rgba8(0, 0, 0, 255));
      for (int y = 58; y <= 70; ++y) {
        for (int x = 58; x <= 70; ++x) image.at(x, y) = Rgba8(255, 255, 255, 255);
      }
      Sensor sensor;
      sensor.focus = 1;
      sensor.aperture = 2 * circle / 129;
      CHECK(defocus_px(sensor, 2, 129) == doctest::Approx(circle));
      const Image<Rgba8> out = exposed(sensor, image, 2);
      double sum = 0;
      double squares = 0;
      for (int y = 0; y < 129; ++y) {
        for (int x = 0; x < 129; ++x) {
          sum += linear(out.at(x, y).g);
          squares += linear(out.at(x, y).g) * (x - 64) * (x - 64);
        }
      }
      const double square = (13.0 * 13.0 - 1) / 12;  // variance of the square itself
      CHECK(squares / sum == doctest::Approx(square + circle * circle / 16).epsilon(0.03));
    }
  }

  TEST_CASE("an edge in focus stays sharp before a blurred background, which gets none of it") {
    Image<Rgba8> image(160, 80);
    Image<float> depth(160, 80);
    for (int y = 0; y < 80; ++y) {
      for (int x = 0; x < 160; ++x) {
        const bool object = x >= 60 && x < 100;
        const int stripes = (x / 2 + y / 2) % 2 == 0 ? 40 : 120;
        image.at(x, y) = object ? Rgba8(230, 60, 30, 255) : Rgba8(0, stripes, 200, 255);
        depth.at(x, y) = object ? 1.0F : 0.0F;
      }
    }
    Sensor sensor;
    sensor.focus = 1;
    sensor.aperture = 0.1;
    Exposer exposer;
    const Image<Rgba8> out = exposer.exposed(sensor, image, depth, Rng(0, 0, "n"));
    for (int x = 60; x < 100; ++x) CHECK(out.at(x, 40) == image.at(x, 40));
    for (const int x : {50, 57, 58, 59, 100, 101, 105}) {
      CAPTURE(x);
      CHECK(int{out.at(x, 40).r} == 0);
      CHECK(std::abs(int{out.at(x, 40).b} - 200) <= 1);
    }
    // The stripes themselves are gone.
    CHECK(std::abs(out.at(20, 40).g - out.at(22, 40).g) < 12);
  }

  TEST_CASE("an object blurred in front of the focus spreads over the sharp background") {
    Image<Rgba8> image(160, 80, Rgba8(0, 0, 200, 255));
    Image<float> depth(160, 80, 2);
    for (int y = 0; y < 80; ++y) {
      for (int x = 60; x < 100; ++x) {
        image.at(x, y) = Rgba8(200, 0, 0, 255);
        depth.at(x, y) = 0.5F;
      }
    }
    Sensor sensor;
    sensor.focus = 2;
    sensor.aperture = 0.05;
    Exposer exposer;
    const Image<Rgba8> out = exposer.exposed(sensor, image, depth, Rng(0, 0, "n"));
    CHECK(out.at(58, 40).r > 30);
    CHECK(out.at(58, 40).r < out.at(60, 40).r);
    CHECK(out.at(20, 40) == image.at(20, 40));
  }

  TEST_CASE("shake moves light along its direction only") {
    Image<Rgba8> image(101, 101, Rgba8(0, 0, 0, 255));
    image.at(50, 50) = Rgba8(255, 255, 255, 255);
    for (const bool upright : {false, true}) {
      Sensor sensor;
      sensor.shake = 8;
      sensor.shake_angle = upright ? glm::half_pi<double>() : 0;
      const Image<Rgba8> out = exposed(sensor, image);
      const auto along = [&](int d) { return upright ? out.at(50, 50 + d) : out.at(50 + d, 50); };
      const auto across = [&](int d) { return upright ? out.at(50 + d, 50) : out.at(50, 50 + d); };
      CHECK(along(3).g > 80);
      CHECK(along(-3).g == along(3).g);
      CHECK(int{along(6).g} == 0);
      CHECK(int{across(1).g} == 0);
      CHECK(int{across(-1).g} == 0);
    }
  }

  TEST_CASE("chromatic aberration parts red and blue by the stated pixels in the corner only") {
    // Vertical edges near the corner and in the middle.
    Image<Rgba8> image(640, 480, Rgba8(0, 0, 0, 255));
    for (int y = 0; y < 480; ++y) {
      for (int x = 0; x < 640; ++x) {
        if ((x >= 320 && x < 480) || x >= 620) image.at(x, y) = Rgba8(200, 200, 200, 255);
      }
    }
    Sensor sensor;
    sensor.chromatic = 4;
    const Image<Rgba8> out = exposed(sensor, image);
    const auto parted = [&](int from, int to) {
      return edge_at(out, 3, 0, from, to) - edge_at(out, 3, 2, from, to);
    };
    // What is radial in the corner has a horizontal part that grows with x alone.
    CHECK(parted(610, 630) == doctest::Approx(4.0 * 300 / 400).epsilon(0.03));
    CHECK(std::abs(parted(310, 330)) < 0.02);
    CHECK(edge_at(out, 3, 1, 610, 630) == doctest::Approx(620));
    // Red lies outside.
    CHECK(edge_at(out, 3, 0, 610, 630) > 620);
  }
}
