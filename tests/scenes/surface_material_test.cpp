#include "scenes/surface_material.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "scenes/error.hpp"
#include "scenes/surface_recipe.hpp"

using namespace orrery;

namespace {

double difference(const Rgba8& a, const Rgba8& b) {
  const glm::ivec4 d = glm::abs(glm::ivec4(a) - glm::ivec4(b));
  return d.r + d.g + d.b;
}

/// Mean step from column x to the next one round (`across`), or from row to row.
double mean_step(const Image<Rgba8>& image, int x, bool across) {
  const int side = image.width;
  double sum = 0;
  for (int y = 0; y < side; ++y) {
    sum += across ? difference(image.at(x, y), image.at((x + 1) % side, y))
                  : difference(image.at(y, x), image.at(y, (x + 1) % side));
  }
  return sum / side;
}

/// The step over the border, and the largest inside.
void check_border(const Image<Rgba8>& image, bool across) {
  const double border = mean_step(image, image.width - 1, across);
  double largest = 0;
  for (int x = 0; x + 1 < image.width; ++x) {
    largest = std::max(largest, mean_step(image, x, across));
  }
  CHECK(border <= 1.05 * largest + 0.5);
}

glm::dvec3 mean(const Image<Rgba8>& image) {
  glm::dvec3 sum(0);
  for (const Rgba8& p : image.pixels) sum += glm::dvec3(p) / 255.0;
  return sum / static_cast<double>(image.pixels.size());
}

}  // namespace

TEST_SUITE("surface material") {
  TEST_CASE("there are at least ten kinds, in alphabetical order") {
    const auto names = surface_names();
    CHECK(names.size() >= 10);
    CHECK(std::is_sorted(names.begin(), names.end()));
  }

  TEST_CASE("every surface goes on over its border as it goes on inside") {
    for (const std::string& name : surface_names()) {
      for (const std::uint64_t seed : {1U, 2U, 3U}) {
        CAPTURE(name);
        CAPTURE(seed);
        const SurfaceMaps maps = surface_maps(name, seed, 128);
        for (const Image<Rgba8>* image : {&maps.color, &maps.normal, &maps.orm}) {
          check_border(*image, true);
          check_border(*image, false);
        }
      }
    }
  }

  TEST_CASE("a surface is a pure function of its name and seed") {
    for (const std::string& name : surface_names()) {
      CAPTURE(name);
      const SurfaceMaps one = surface_maps(name, 7, 64);
      const SurfaceMaps same = surface_maps(name, 7, 64);
      const SurfaceMaps other = surface_maps(name, 8, 64);
      CHECK(one.color.pixels == same.color.pixels);
      CHECK(one.normal.pixels == same.normal.pixels);
      CHECK(one.orm.pixels == same.orm.pixels);
      CHECK(one.metres == same.metres);
      CHECK(one.color.pixels != other.color.pixels);
    }
  }

  TEST_CASE("maps have the asked side, normals point out on average and metals are metals") {
    for (const std::string& name : surface_names()) {
      CAPTURE(name);
      const SurfaceMaps maps = surface_maps(name, 3, 256);
      CHECK(maps.color.width == 256);
      CHECK(maps.orm.height == 256);
      CHECK(maps.metres > 0.03);
      CHECK(maps.metres < 3);
      const glm::dvec3 normal = mean(maps.normal);
      CHECK(normal.x == doctest::Approx(0.5).epsilon(0.02));
      CHECK(normal.y == doctest::Approx(0.5).epsilon(0.02));
      CHECK(normal.z > 0.85);
      CHECK(mean(maps.orm).b == doctest::Approx(name == "metal_brushed" ? 1.0 : 0.0));
    }
  }

  TEST_CASE("a tile's upper edge leans up and its right edge to the right") {
    // Tiles stand out of their joints, and a joint runs along the border of the image.
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
      const SurfaceMaps maps = surface_maps("tiles", seed, 512);
      double up = 0;
      double right = 0;
      for (int k = 0; k < 512; ++k) {
        for (int d = 1; d < 4; ++d) {
          up += maps.normal.at(k, d).y - 127.5;
          right += maps.normal.at(511 - d, k).x - 127.5;
        }
      }
      CHECK(up > 0);
      CHECK(right > 0);
    }
  }

  TEST_CASE("a name that is none is an error that offers the nearest") {
    try {
      surface_maps("marbel", 1);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find("'marbel'") != std::string::npos);
      CHECK(std::string(error.what()).find("'marble'") != std::string::npos);
    }
  }

  TEST_CASE("noise and cells repeat over the unit square") {
    Rng rng(5, 0, "test");
    const TileFractal noise(3, 5, 3, rng);
    const TileCells cells(4, 6, 0.9F, rng);
    for (int k = 0; k < 200; ++k) {
      const glm::vec2 p{rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)};
      for (const glm::vec2 turn : {glm::vec2(1, 0), {0, 1}, {-2, 3}}) {
        CHECK(std::abs(noise(p) - noise(p + turn)) < 1e-3F);
        CHECK(std::abs(cells(p).nearest - cells(p + turn).nearest) < 1e-3F);
      }
    }
  }
}
