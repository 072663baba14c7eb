#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "renderer/host/shading.hpp"
#include "scenes/random.hpp"
#include "tests/support/picture.hpp"
#include "tests/support/random_scene.hpp"

using namespace orrery;

namespace {

constexpr std::uint64_t kShots = 24;

std::vector<Picture> shaded_by(std::size_t native_shading, bool antialias, bool lens = false) {
  const Assets assets = varied_assets();
  std::vector<Shot> shots;
  for (std::uint64_t i = 0; i < kShots; ++i) shots.push_back(random_shot(assets, 9, i, lens));
  RenderSettings settings;
  settings.normal = true;
  settings.antialias = antialias;
  settings.native_shading = native_shading;
  return pictures(assets, shots, settings);
}

int difference(const Rgba8& a, const Rgba8& b) {
  return std::max(
      {std::abs(a.r - b.r), std::abs(a.g - b.g), std::abs(a.b - b.b), std::abs(a.a - b.a)});
}

}  // namespace

TEST_SUITE("native shading") {
  TEST_CASE("native code shades as the device does, through a lens too") {
    if (host::native_shadings().empty()) return;
    for (const auto& [antialias, lens] : {std::pair{false, false}, {true, false}, {true, true}}) {
      const std::vector<Picture> native = shaded_by(0, antialias, lens);
      const std::vector<Picture> device = shaded_by(kDeviceShades, antialias, lens);
      REQUIRE(native.size() == kShots);
      std::size_t pixels = 0;
      std::size_t apart = 0;
      double sum = 0;
      double depth_error = 0;
      for (std::size_t i = 0; i < kShots; ++i) {
        INFO("shot ", i);
        CHECK((native[i].id.pixels == device[i].id.pixels));
        CHECK((native[i].amodal_bits == device[i].amodal_bits));
        for (std::size_t k = 0; k < native[i].color.pixels.size(); ++k) {
          const int d = difference(native[i].color.pixels[k], device[i].color.pixels[k]);
          ++pixels;
          sum += d;
          apart += d > 2 ? 1 : 0;
          const double wanted = device[i].depth.pixels[k];
          depth_error = std::max(
              depth_error, std::abs(native[i].depth.pixels[k] - wanted) / std::max(wanted, 1e-3));
        }
      }
      MESSAGE(pixels, " pixels, mean difference ", sum / static_cast<double>(pixels),
              " of 255, above 2 in ", apart);
      CHECK(pixels > 100000);
      CHECK(sum < 0.005 * static_cast<double>(pixels));
      CHECK(apart * 100000 < pixels);
      CHECK(depth_error < 1e-3);
    }
  }

  TEST_CASE("every kind of native code that this processor runs makes the same bytes") {
    const std::vector<Picture> fastest = shaded_by(0, true);
    for (std::size_t kind = 1; kind < host::native_shadings().size(); ++kind) {
      const std::vector<Picture> other = shaded_by(kind, true);
      for (std::size_t i = 0; i < kShots; ++i) {
        INFO("kind ", kind, ", shot ", i);
        CHECK((fastest[i].color.pixels == other[i].color.pixels));
        CHECK((fastest[i].depth.pixels == other[i].depth.pixels));
        CHECK((fastest[i].normal.pixels == other[i].normal.pixels));
      }
    }
  }

  TEST_CASE("no texel within reach of a shadow tile's texel lies nearer than the tile says") {
    constexpr int kSide = shader::kShadowSide;
    constexpr int kTile = shader::kShadowTile;
    std::vector<float> map(std::size_t{kSide} * kSide, 1.0F);
    Rng draw(3, 0, "casters");
    for (int i = 0; i < 40; ++i) map[draw.below(kSide * kSide)] = static_cast<float>(draw.unit());
    std::vector<float> tiles(host::kShadowTiles);
    host::shadow_tiles_from(map.data(), tiles.data());
    int empty = 0;
    for (const float tile : tiles) empty += tile == 1.0F ? 1 : 0;
    CHECK(empty > 600);  // of 1024: forty casters spoil nine tiles each
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const float z = map[static_cast<std::size_t>(y * kSide + x)];
        if (z == 1.0F) continue;
        for (const int dy : {-(kTile - 1), 0, kTile - 1}) {
          for (const int dx : {-(kTile - 1), 0, kTile - 1}) {
            const int u = std::clamp(x + dx, 0, kSide - 1) / kTile;
            const int v = std::clamp(y + dy, 0, kSide - 1) / kTile;
            CHECK(tiles[static_cast<std::size_t>(v * (kSide / kTile) + u)] <= z);
          }
        }
      }
    }
  }
}
