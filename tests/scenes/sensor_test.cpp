#include "scenes/sensor.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/scenes/exposed.hpp"

using namespace orrery;
using namespace orrery::testing;

namespace {

Sensor everything() {
  Sensor s;
  s.aperture = 0.02;
  s.focus = 1.5;
  s.chromatic = 2;
  s.shake = 5;
  s.shake_angle = 0.7;
  s.vignetting = 0.3;
  s.exposure = 0.3;
  s.white = {1.1, 1, 0.9};
  s.full_well = 1000;
  s.read_noise = 0.005;
  s.mosaic = true;
  s.sharpening = 0.8;
  return s;
}

/// One effect at a time, and all of them.
std::vector<Sensor> effects() {
  std::vector<Sensor> list(12);
  const Sensor all = everything();
  list[0] = all;
  list[1].aperture = all.aperture;
  list[1].focus = all.focus;
  list[2].chromatic = all.chromatic;
  list[3].shake = all.shake;
  list[4].vignetting = all.vignetting;
  list[5].exposure = all.exposure;
  list[6].white = all.white;
  list[7].full_well = all.full_well;
  list[8].read_noise = all.read_noise;
  list[9].mosaic = true;
  list[10].sharpening = all.sharpening;
  list[11].shake = 48;
  return list;
}

constexpr std::pair<int, int> kSizes[] = {{1, 1}, {1, 9}, {7, 1}, {2, 3}, {64, 48}, {133, 37}};

}  // namespace

TEST_SUITE("sensor") {
  TEST_CASE("a neutral sensor leaves every byte") {
    for (const auto& [width, height] : kSizes) {
      const Image<Rgba8> image = busy(width, height);
      CHECK(same(exposed(Sensor{}, image), image));
    }
  }

  TEST_CASE("an effect too small to see leaves every byte on its way through linear light") {
    const Image<Rgba8> image = busy(256, 256);
    Sensor sensor;
    sensor.exposure = 1e-9;
    CHECK(same(exposed(sensor, image), image));
  }

  TEST_CASE("alpha and what lies under alpha 0 stay, whatever the effect and the size") {
    for (const auto& [width, height] : kSizes) {
      Image<Rgba8> image = busy(width, height);
      for (std::size_t i = 0; i < image.pixels.size(); i += 3) image.pixels[i].a = 0;
      for (const Sensor& sensor : effects()) {
        const Image<Rgba8> out = exposed(sensor, image, 3);
        REQUIRE(out.pixels.size() == image.pixels.size());
        bool kept = true;
        for (std::size_t i = 0; i < image.pixels.size(); ++i) {
          kept = kept && out.pixels[i].a == image.pixels[i].a &&
                 (image.pixels[i].a != 0 || out.pixels[i] == image.pixels[i]);
        }
        CHECK(kept);
      }
    }
  }

  TEST_CASE("transparent pixels darken no neighbour") {
    Image<Rgba8> image(96, 80, Rgba8(0, 0, 0, 0));
    Image<float> depth(96, 80, 0);
    for (int y = 30; y < 50; ++y) {
      for (int x = 20; x < 70; ++x) {
        image.at(x, y) = Rgba8(200, 180, 160, 255);
        depth.at(x, y) = 1;
      }
    }
    for (Sensor sensor : effects()) {
      sensor.vignetting = 0;
      sensor.exposure = 0;
      sensor.white = glm::dvec3(1);
      sensor.full_well = 0;
      sensor.read_noise = 0;
      Exposer exposer;
      CHECK(same(exposer.exposed(sensor, image, depth, Rng(0, 0, "n")), image));
    }
  }

  TEST_CASE("values beyond what the chain makes are cut, not overrun") {
    for (const auto& [width, height] : kSizes) {
      const Image<Rgba8> image = busy(width, height);
      Sensor wild;
      wild.shake = 1e4;
      wild.aperture = 1e4;
      wild.focus = 1e4;
      wild.sharpening = 1e4;
      wild.read_noise = 1e4;
      for (const double fringe : {-1e4, 1e4}) {
        wild.chromatic = fringe;
        CHECK(exposed(wild, image).pixels.size() == image.pixels.size());
      }
      Sensor cut;
      cut.chromatic = 48;
      Sensor more;
      more.chromatic = 60;
      CHECK(same(exposed(cut, image), exposed(more, image)));
    }
  }

  TEST_CASE("one exposer gives the bytes that a new one gives, after images of other sizes") {
    Exposer used;
    for (const auto& [width, height] : {std::pair{133, 37}, {64, 48}, {150, 90}}) {
      const Image<Rgba8> image = busy(width, height);
      for (const Sensor& sensor : effects()) {
        const Rng noise(1, 2, "noise");
        CHECK(same(used.exposed(sensor, image, flat(image, 3), noise), exposed(sensor, image, 3)));
      }
    }
  }

  TEST_CASE("equal keys give equal noise, other seeds and indices other noise") {
    const Image<Rgba8> image = busy(64, 48);
    Sensor sensor;
    sensor.full_well = 500;
    const Image<Rgba8> first = exposed(sensor, image, 1, Rng(1, 2, "n"));
    CHECK(same(first, exposed(sensor, image, 1, Rng(1, 2, "n"))));
    CHECK_FALSE(same(first, exposed(sensor, image, 1, Rng(1, 3, "n"))));
    CHECK_FALSE(same(first, exposed(sensor, image, 1, Rng(2, 2, "n"))));
  }

  TEST_CASE("noise has no bias and the variance of shot plus read noise") {
    // Dark enough for clipping at 0 not to matter, and a count below ten electrons among them.
    struct Case {
      int level;
      double full_well;
      double read_noise;
    };
    constexpr Case kCases[] = {{60, 400, 0.005}, {124, 300, 0.02},  {188, 1000, 0},
                               {124, 0, 0.03},   {160, 15, 0.0005}, {110, 40, 0}};
    for (const Case& c : kCases) {
      const auto v = static_cast<std::uint8_t>(c.level);
      const Image<Rgba8> image(400, 300, Rgba8(v, v, v, 255));
      Sensor sensor;
      sensor.full_well = c.full_well;
      sensor.read_noise = c.read_noise;
      const Image<Rgba8> out = exposed(sensor, image);
      const double light = linear(c.level);
      const double shot = c.full_well > 0 ? light / c.full_well : 0;
      const double variance = shot + c.read_noise * c.read_noise;
      CAPTURE(c.level);
      CAPTURE(c.full_well);
      for (int channel = 0; channel < 3; ++channel) {
        const Moments m = moments(out, channel);
        const double n = static_cast<double>(image.pixels.size());
        CHECK(std::abs(m.mean - light) < 5 * std::sqrt(variance / n) + 0.002 * light);
        CHECK(m.variance == doctest::Approx(variance).epsilon(0.04));
      }
    }
  }

  TEST_CASE("channels and neighbours have noise of their own") {
    const Image<Rgba8> image(400, 300, Rgba8(124, 124, 124, 255));
    Sensor sensor;
    sensor.full_well = 300;
    const Image<Rgba8> out = exposed(sensor, image);
    const double mean = moments(out, 0).mean;
    double channels = 0;
    double columns = 0;
    double rows = 0;
    int count = 0;
    for (int y = 1; y < 300; ++y) {
      for (int x = 1; x < 400; ++x, ++count) {
        const double v = linear(out.at(x, y).r) - mean;
        channels += v * (linear(out.at(x, y).g) - mean);
        columns += v * (linear(out.at(x - 1, y).r) - mean);
        rows += v * (linear(out.at(x, y - 1).r) - mean);
      }
    }
    const double bound = 5 * moments(out, 0).variance / std::sqrt(count);
    CHECK(std::abs(channels / count) < bound);
    CHECK(std::abs(columns / count) < bound);
    CHECK(std::abs(rows / count) < bound);
  }

  TEST_CASE("exposure and white balance multiply light, channel by channel") {
    Image<Rgba8> image(256, 1);
    for (int x = 0; x < 256; ++x) image.at(x, 0) = Rgba8(x, x, x, 255);
    Sensor sensor;
    sensor.exposure = -1;
    sensor.white = {1.5, 1, 0.6};
    const Image<Rgba8> out = exposed(sensor, image);
    for (int x = 0; x < 256; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double wanted = 0.5 * sensor.white[c] * linear(x);
        const int level = out.at(x, 0)[c];
        // Rounded to the nearest level: within half of one in the encoded domain.
        CHECK(wanted >= linear(level - 0.5001));
        CHECK(wanted <= linear(level + 0.5001));
      }
    }
  }

  TEST_CASE("a mosaic softens detail, keeps grey grey and smooth colour exact") {
    Image<Rgba8> smooth(64, 48);
    Image<Rgba8> fine(64, 48);
    for (int y = 0; y < 48; ++y) {
      for (int x = 0; x < 64; ++x) {
        smooth.at(x, y) = Rgba8(180, 120, 60, 255);
        fine.at(x, y) = x % 2 == 0 ? Rgba8(250, 20, 20, 255) : Rgba8(20, 20, 250, 255);
      }
    }
    Sensor sensor;
    sensor.mosaic = true;
    CHECK(same(exposed(sensor, smooth), smooth));
    CHECK_FALSE(same(exposed(sensor, fine), fine));
  }

  TEST_CASE("sharpening steepens an edge and leaves flat parts") {
    Image<Rgba8> image(40, 20, Rgba8(100, 90, 80, 255));
    for (int y = 0; y < 20; ++y) {
      for (int x = 20; x < 40; ++x) image.at(x, y) = Rgba8(160, 150, 140, 255);
    }
    Sensor sensor;
    sensor.sharpening = 1;
    const Image<Rgba8> out = exposed(sensor, image);
    CHECK(out.at(5, 10) == image.at(5, 10));
    CHECK(out.at(35, 10) == image.at(35, 10));
    CHECK(out.at(19, 10) == Rgba8(85, 75, 65, 255));
    CHECK(out.at(20, 10) == Rgba8(175, 165, 155, 255));
  }
}
