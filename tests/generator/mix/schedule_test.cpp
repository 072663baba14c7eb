#include "generator/mix/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "scenes/error.hpp"
#include "scenes/random.hpp"

using namespace orrery;

namespace {

MixSpec random_spec(std::uint64_t i) {
  Rng rng(3, i, "spec");
  const auto weights = [&rng] {
    MakingWeights w{};
    for (double& weight : w) weight = rng.below(3) == 0 ? 0 : rng.uniform(0.01, 5);
    w[rng.below(kMakings)] += 1;
    return w;
  };
  MixSpec spec;
  const std::uint32_t phases = rng.below(4);
  for (std::uint32_t k = 0; k < phases; ++k) {
    const std::uint32_t images = 1 + rng.below(2500);
    spec.phases.push_back({images, weights()});
  }
  spec.weights = weights();
  return spec;
}

}  // namespace

TEST_CASE("an image knows how many before it are made the same way") {
  for (std::uint64_t i = 0; i < 20; ++i) {
    const Schedule schedule(random_spec(i), i);
    std::array<std::uint64_t, kMakings> counted{};
    for (std::uint64_t index = 0; index < 8000; ++index) {
      const Schedule::Slot slot = schedule.at(index);
      REQUIRE(slot.nth == counted[static_cast<std::size_t>(slot.making)]++);
    }
  }
}

TEST_CASE("every stretch of a hundred images has its shares to within three images") {
  MixSpec spec;
  spec.weights = {5, 2, 2, 1, 0, 0, 0};
  const Schedule schedule(spec, 1);
  for (std::uint64_t first = 0; first < 3000; first += 37) {
    std::array<double, kMakings> counted{};
    for (std::uint64_t i = first; i < first + 100; ++i) {
      ++counted[static_cast<std::size_t>(schedule.at(i).making)];
    }
    for (std::size_t k = 0; k < kMakings; ++k) {
      CHECK(std::abs(counted[k] - 10 * spec.weights[k]) <= 3);
    }
  }
}

TEST_CASE("shares without a weight are an error") {
  MixSpec spec;
  spec.weights = {};
  CHECK_THROWS_AS(Schedule(spec, 1), Error);
}
