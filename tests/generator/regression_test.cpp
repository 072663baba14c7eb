#include "generator/regression.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "scenes/random.hpp"

using namespace orrery;

namespace {

/// Samples whose measure is 10 + 3 a - 2 b and some noise; the third feature means nothing.
struct World {
  std::vector<std::vector<double>> features;
  std::vector<double> measured;
  double mean = 0;
  World(std::uint64_t seed, std::size_t count, double noise) {
    Rng rng(seed, 0, "test/world");
    for (std::size_t i = 0; i < count; ++i) {
      features.push_back({rng.uniform(0, 4), rng.unit() < 0.3 ? 1.0 : 0.0, rng.normal(), 7.0});
      const std::vector<double>& f = features.back();
      measured.push_back(10 + 3 * f[0] - 2 * f[1] + noise * rng.normal());
      mean += measured.back() / static_cast<double>(count);
    }
  }
  std::vector<double> first(std::size_t n) const {
    return {measured.begin(), measured.begin() + static_cast<std::ptrdiff_t>(n)};
  }
  std::vector<std::vector<double>> first_features(std::size_t n) const {
    return {features.begin(), features.begin() + static_cast<std::ptrdiff_t>(n)};
  }
};

}  // namespace

TEST_SUITE("regression") {
  TEST_CASE("what features decide is known of the whole population from a few") {
    const World world(1, 500, 0);
    const MeanEstimate e =
        regressed_mean(world.first(16), world.first_features(16), world.features, 500);
    CHECK(std::abs(e.value - world.mean) < 0.05);
    CHECK(e.error < 0.1);
  }

  TEST_CASE("the error is that which is made, with features and without") {
    for (const double noise : {0.5, 20.0}) {
      double squares = 0;
      double told = 0;
      double plain = 0;
      constexpr int kRuns = 150;
      for (std::uint64_t run = 0; run < kRuns; ++run) {
        const World world(run, 400, noise);
        const MeanEstimate e =
            regressed_mean(world.first(24), world.first_features(24), world.features, 400);
        squares += (e.value - world.mean) * (e.value - world.mean) / kRuns;
        told += e.error * e.error / kRuns;
        double mean = 0;
        for (const double v : world.first(24)) mean += v / 24;
        plain += (mean - world.mean) * (mean - world.mean) / kRuns;
      }
      CAPTURE(noise);
      CHECK(std::sqrt(told / squares) == doctest::Approx(1).epsilon(0.3));
      CHECK(squares < 1.15 * plain);
      if (noise < 1) CHECK(squares < 0.1 * plain);
    }
  }

  TEST_CASE("where all samples were measured there is no error") {
    const World world(3, 30, 1);
    const MeanEstimate e = regressed_mean(world.measured, world.features, world.features, 30);
    CHECK(e.value == doctest::Approx(world.mean));
    CHECK(e.error == 0);
  }
}
