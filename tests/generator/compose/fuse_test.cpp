#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "generator/compose/light.hpp"
#include "generator/compose/sensor_match.hpp"

namespace orrery {
namespace {

TEST_CASE("light goes towards the place's, and no colour turns its hue beyond the limit") {
  for (std::uint64_t i = 0; i < 100; ++i) {
    Rng rng(11, i, "light");
    CutThing thing;
    thing.color = Image<Rgba8>(12, 12);
    for (Rgba8& c : thing.color.pixels) {
      c = Rgba8(rng.below(256), rng.below(256), rng.below(256), 255);
    }
    Image<Rgba8> photo(60, 60, Rgba8(rng.below(256), rng.below(256), rng.below(256), 255));
    const Layer before = layer_of(thing, 1, 0, false, 2);
    Layer after = before;
    match_light(after, photo, {20, 20}, rng.unit(), 10);
    double from = 0;
    double to = 0;
    for (std::size_t p = 0; p < before.mask.pixels.size(); ++p) {
      if (before.mask.pixels[p] == 0) continue;
      const glm::vec3 a(before.color.pixels[p]);
      const glm::vec3 b(after.color.pixels[p]);
      from += 0.299 * a.r + 0.587 * a.g + 0.114 * a.b;
      to += 0.299 * b.r + 0.587 * b.g + 0.114 * b.b;
      const float range = std::max({a.r, a.g, a.b}) - std::min({a.r, a.g, a.b});
      const double turn = std::abs(hue_of(a) - hue_of(b));
      if (range >= 16) CHECK(std::min(turn, 360 - turn) <= 10.001);
      CHECK(std::max({b.r, b.g, b.b}) <= 255.01F);
    }
    const Rgba8 ground = photo.at(0, 0);
    const double there = 0.299 * ground.r + 0.587 * ground.g + 0.114 * ground.b;
    if (there < 0.8 * from / 144) CHECK(to < from);
  }
}

TEST_CASE("noise and blur of a picture are measured, and what a thing lacks is given to it") {
  for (const double noise : {0.0, 3.0, 8.0}) {
    Image<Rgba8> photo(128, 128);
    Rng rng(13, 0, "noise");
    for (Rgba8& c : photo.pixels) {
      c = Rgba8(glm::u8vec3(static_cast<std::uint8_t>(std::lround(120 + noise * rng.normal()))),
                255);
    }
    CHECK(sensor_look(photo).noise == doctest::Approx(noise).epsilon(0.15));
  }
  const auto edges = [](double sigma) {
    Image<Rgba8> photo(128, 128);
    for (int y = 0; y < 128; ++y) {
      for (int x = 0; x < 128; ++x) {
        const double d = x % 32 < 16 ? x % 32 - 7.5 : 23.5 - x % 32;  // to the nearest step
        const double value = 60 + 130 * 0.5 * std::erfc(-d / (sigma * std::sqrt(2.0)));
        photo.at(x, y) = Rgba8(glm::u8vec3(static_cast<std::uint8_t>(value)), 255);
      }
    }
    return photo;
  };
  for (const double sigma : {1.0, 1.5, 2.5}) {
    CHECK(sensor_look(edges(sigma)).blur == doctest::Approx(sigma).epsilon(0.25));
  }
  CutThing thing;
  thing.color = edges(0.6);
  Layer layer = layer_of(thing, 1, 0, false, 8);
  Rng rng(13, 1, "match");
  match_sensor(layer, {2, 4}, rng);
  Image<Rgba8> matched(112, 112);
  for (int y = 0; y < 112; ++y) {
    for (int x = 0; x < 112; ++x) {
      matched.at(x, y) = Rgba8(glm::u8vec3(glm::vec3(layer.color.at(x + 16, y + 16)) + 0.5F), 255);
    }
  }
  const SensorLook look = sensor_look(matched);
  CHECK(look.noise == doctest::Approx(4).epsilon(0.3));
  CHECK(look.blur == doctest::Approx(2).epsilon(0.35));
}

}  // namespace
}  // namespace orrery
