#include "scenes/sky.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <glm/gtc/constants.hpp>

#include "scenes/error.hpp"
#include "scenes/planckian.hpp"
#include "scenes/random.hpp"
#include "scenes/sky_filter.hpp"
#include "scenes/sky_pack.hpp"

using namespace orrery;

namespace {

double luminance(const glm::dvec3& c) { return glm::dot(c, glm::dvec3(0.2126, 0.7152, 0.0722)); }

double irradiance_at(const Sky& sky, const glm::dvec3& n) {
  const auto& c = sky.irradiance;
  const glm::vec3 m(n);
  return c[0].g + c[1].g * m.y + c[2].g * m.z + c[3].g * m.x + c[4].g * m.x * m.y +
         c[5].g * m.y * m.z + c[6].g * (3 * m.z * m.z - 1) + c[7].g * m.x * m.z +
         c[8].g * (m.x * m.x - m.y * m.y);
}

/// The definition: the mean over the cosine lobe, by brute force.
double diffuse_at(const Image<glm::vec3>& radiance, const glm::dvec3& n) {
  double sum = 0;
  double weight = 0;
  for (int y = 0; y < radiance.height; ++y) {
    const double v = (y + 0.5) / radiance.height;
    for (int x = 0; x < radiance.width; ++x) {
      const glm::dvec3 d = sky_direction((x + 0.5) / radiance.width, v);
      const double w = std::max(0.0, glm::dot(d, n)) * std::sin(glm::pi<double>() * v);
      sum += w * radiance.at(x, y).g;
      weight += w;
    }
  }
  return sum / weight;
}

/// The definition of the prefiltered level with view = normal = `d`, by brute force on the source.
double glossy_at(const Image<glm::vec3>& radiance, const glm::dvec3& n, double roughness) {
  const double a2 = std::pow(roughness, 4);
  double sum = 0;
  double weight = 0;
  for (int y = 0; y < radiance.height; ++y) {
    const double v = (y + 0.5) / radiance.height;
    for (int x = 0; x < radiance.width; ++x) {
      const glm::dvec3 l = sky_direction((x + 0.5) / radiance.width, v);
      if (glm::dot(l, n) <= 0) continue;
      const double cos_half = glm::dot(n, glm::normalize(l + n));
      const double d = cos_half * cos_half * (a2 - 1) + 1;
      const double w = glm::dot(l, n) / (d * d) * std::sin(glm::pi<double>() * v);
      sum += w * radiance.at(x, y).g;
      weight += w;
    }
  }
  return sum / weight;
}

}  // namespace

TEST_SUITE("sky") {
  TEST_CASE("every procedural sky has a mean luminance of 1 and no negative or missing radiance") {
    for (const std::string& name : procedural_sky_names()) {
      CAPTURE(name);
      const Sky sky = procedural_sky(name);
      CHECK(sky.name == name);
      CHECK(sky.sha256.size() == 64);
      CHECK(luminance(mean_radiance(sky.radiance)) == doctest::Approx(1).epsilon(1e-4));
      for (const auto& level : sky.specular) {
        REQUIRE(level.width == Sky::kSpecularWidth);
        REQUIRE(level.height == Sky::kSpecularWidth / 2);
        CHECK(std::all_of(level.pixels.begin(), level.pixels.end(), [](const glm::vec3& c) {
          return std::isfinite(c.r + c.g + c.b) && std::min({c.r, c.g, c.b}) >= 0;
        }));
        CHECK(luminance(mean_radiance(level)) == doctest::Approx(1).epsilon(0.03));
      }
    }
  }

  TEST_CASE("the same sky twice is the same to the bit") {
    const Sky a = procedural_sky("clear");
    const Sky b = procedural_sky("clear");
    CHECK(a.radiance.pixels == b.radiance.pixels);
    CHECK(a.specular[3].pixels == b.specular[3].pixels);
    CHECK(a.irradiance == b.irradiance);
  }

  TEST_CASE("harmonics agree with the cosine integral where light is as smooth as they are") {
    Image<glm::vec3> smooth(128, 64);
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 128; ++x) {
        const glm::dvec3 d = sky_direction((x + 0.5) / 128, (y + 0.5) / 64);
        smooth.at(x, y) =
            glm::vec3(glm::dvec3(1.0 + 0.3 * d.z + 0.4 * d.x * d.y - 0.2 * d.y + 0.3 * d.z * d.z));
      }
    }
    const Sky sky = sky_from_radiance("smooth", "", smooth);
    Rng rng(1, 0, "test/normals");
    for (int i = 0; i < 20; ++i) {
      const glm::dvec3 n = rng.direction();
      CHECK(irradiance_at(sky, n) == doctest::Approx(diffuse_at(sky.radiance, n)).epsilon(2e-3));
    }
  }

  TEST_CASE("harmonics are within a tenth of the cosine integral in every procedural sky") {
    for (const std::string& name : procedural_sky_names()) {
      CAPTURE(name);
      const Sky sky = procedural_sky(name);
      for (const glm::dvec3& n : {glm::dvec3(0, 0, 1), glm::dvec3(1, 0, 0), glm::dvec3(0, -1, 0)}) {
        CHECK(std::abs(irradiance_at(sky, n) - diffuse_at(sky.radiance, n)) < 0.1);
      }
    }
  }

  TEST_CASE("prefiltered levels agree with the GGX integral") {
    const Sky sky = procedural_sky("studio");
    for (std::size_t k = 1; k < sky.specular.size(); ++k) {
      for (const glm::ivec2 at : {glm::ivec2(3, 1), glm::ivec2(40, 20), glm::ivec2(70, 32),
                                  glm::ivec2(100, 45), glm::ivec2(127, 63)}) {
        const glm::dvec3 d = sky_direction((at.x + 0.5) / 128, (at.y + 0.5) / 64);
        const double expected = glossy_at(sky.radiance, d, static_cast<double>(k) / 5);
        CAPTURE(k);
        CAPTURE(at.x);
        CHECK(sky.specular[k].at(at.x, at.y).g == doctest::Approx(expected).epsilon(0.04));
      }
    }
  }

  TEST_CASE("resampling keeps the light of the whole sphere for any ratio of sizes") {
    const Image<glm::vec3> sky = procedural_sky("sunset").radiance;
    const glm::dvec3 mean = mean_radiance(sky);
    for (const int width : {256, 100, 36, 700}) {
      CHECK(glm::length(mean_radiance(resampled_sky(sky, width, width / 2)) - mean) < 1e-4);
    }
  }

  TEST_CASE("a sun of one texel keeps its irradiance and gives no speck above the ceiling") {
    Image<glm::vec3> dark(256, 128, glm::vec3(0.1F));
    dark.at(200, 30) = glm::vec3(50000.0F);
    const Sky sky = sky_from_radiance("sun", "", dark);
    const glm::dvec3 toward = sky_direction(200.5 / 256, 30.5 / 128);
    CHECK(irradiance_at(sky, toward) ==
          doctest::Approx(diffuse_at(sky.radiance, toward)).epsilon(0.2));
    for (const auto& level : sky.specular) {
      for (const glm::vec3& c : level.pixels) CHECK_UNARY(c.g <= Sky::kSpecularCeiling * 1.001F);
    }
  }

  TEST_CASE("a sky that is no sky is refused, and a wrong name is answered with the nearest") {
    CHECK_THROWS_AS(sky_from_radiance("square", "", Image<glm::vec3>(64, 64)), Error);
    CHECK_THROWS_AS(sky_from_radiance("black", "", Image<glm::vec3>(64, 32)), Error);
    CHECK_THROWS_AS(sky_from_radiance("negative", "", Image<glm::vec3>(64, 32, glm::vec3(-1))),
                    Error);
    CHECK_THROWS_WITH_AS(procedural_sky("studioo"), doctest::Contains("\"studio\""), Error);
  }

  TEST_CASE("photographed skies load, normalised and small enough to stay resident") {
    const std::filesystem::path folder = std::filesystem::path(ORRERY_SHARED_DATA) / "env";
    if (!std::filesystem::is_directory(folder)) {
      MESSAGE("skipped: no skies at " << folder.string());
      return;
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".hdr") continue;
      CAPTURE(entry.path().string());
      const auto start = std::chrono::steady_clock::now();
      const Sky sky = sky_from_file(entry.path());
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      MESSAGE(sky.name << ": " << took.count() << " s");
      CHECK(luminance(mean_radiance(sky.radiance)) == doctest::Approx(1).epsilon(1e-3));
      CHECK(sky.radiance.width <= 1024);
    }
  }

  TEST_CASE("black bodies are warm below and cold above daylight, with luminance 1") {
    for (double kelvin = 2000; kelvin <= 12000; kelvin += 250) {
      const glm::dvec3 c = planckian_color(kelvin);
      CHECK(luminance(c) == doctest::Approx(1));
      CHECK(std::min({c.r, c.g, c.b}) >= 0);
    }
    CHECK(planckian_color(3500).r > 2 * planckian_color(3500).b);
    CHECK(planckian_color(9500).b > planckian_color(9500).r);
    // Daylight's neighbourhood is sRGB's white.
    CHECK(glm::length(planckian_color(6500) - glm::dvec3(1)) < 0.1);
  }

  TEST_CASE("a kept sky equals a fresh one, and a damaged pack is made anew") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("orrery-sky-pack-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    const Sky fresh = cached_sky("studio", folder);
    const auto same = [&](const Sky& sky) {
      return sky.name == fresh.name && sky.sha256 == fresh.sha256 &&
             sky.radiance.pixels == fresh.radiance.pixels && sky.irradiance == fresh.irradiance &&
             sky.specular[3].pixels == fresh.specular[3].pixels;
    };
    REQUIRE(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
    CHECK(same(cached_sky("studio", folder)));
    const std::filesystem::path pack = std::filesystem::directory_iterator(folder)->path();
    {
      std::fstream file(pack, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(1000);
      file.put('x');
    }
    CHECK(same(cached_sky("studio", folder)));
    std::filesystem::resize_file(pack, 5000);
    CHECK(same(cached_sky("studio", folder)));
    CHECK(std::filesystem::file_size(pack) > 5000);
    std::filesystem::remove_all(folder);
  }
}
