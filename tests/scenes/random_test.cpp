#include "scenes/random.hpp"

#include <doctest/doctest.h>

#include <cmath>

using orrery::Rng;

TEST_SUITE("random") {
  TEST_CASE("Philox gives the published answers") {
    // Known-answer vectors of the Random123 distribution (kat_vectors, philox4x32 10).
    CHECK(orrery::philox4x32_10({0, 0, 0, 0}, {0, 0}) ==
          std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(orrery::philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                                {0xa4093822, 0x299f31d0}) ==
          std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
  }

  TEST_CASE("seed, index and factor each give another stream, and equal ones the same") {
    const auto first = [](std::uint64_t seed, std::uint64_t index, const char* factor) {
      return Rng(seed, index, factor).bits();
    };
    CHECK(first(0, 0, "a") == first(0, 0, "a"));
    CHECK(first(0, 0, "a") != first(1, 0, "a"));
    CHECK(first(0, 0, "a") != first(std::uint64_t{1} << 40, 0, "a"));
    CHECK(first(0, 0, "a") != first(0, 1, "a"));
    CHECK(first(0, 0, "a") != first(0, std::uint64_t{1} << 40, "a"));
    CHECK(first(0, 0, "a") != first(0, 0, "b"));
  }

  TEST_CASE("moments of the uniform and the normal are within five standard errors") {
    constexpr int n = 100000;
    Rng uniform(7, 0, "u");
    Rng normal(7, 0, "n");
    double u = 0;
    double z = 0;
    double zz = 0;
    for (int i = 0; i < n; ++i) {
      const double x = normal.normal();
      u += uniform.unit();
      z += x;
      zz += x * x;
    }
    CHECK(std::abs(u / n - 0.5) < 5 * std::sqrt(1.0 / 12 / n));
    CHECK(std::abs(z / n) < 5 / std::sqrt(n));
    CHECK(std::abs(zz / n - 1) < 5 * std::sqrt(2.0 / n));
  }

  TEST_CASE("directions have unit length and no preferred axis") {
    constexpr int n = 20000;
    Rng rng(1, 2, "d");
    glm::dvec3 sum(0);
    for (int i = 0; i < n; ++i) {
      const glm::dvec3 d = rng.direction();
      CHECK(std::abs(glm::length(d) - 1) < 1e-12);
      sum += d;
    }
    CHECK(glm::length(sum) / n < 5 / std::sqrt(n));
  }
}
