#include <algorithm>
#include <array>
#include <cmath>

#include "generator/augment/filters.hpp"

namespace orrery {
namespace {

constexpr std::size_t kNormals = 1U << 16U;
constexpr int kShift = 8;  ///< fixed point of the normals

/// Normal numbers, drawn once for all pictures: rows of a picture start anywhere in them.
const std::vector<std::int16_t>& normals() {
  static const std::vector<std::int16_t> table = [] {
    Rng rng(0, 0, "augment/normals");
    std::vector<std::int16_t> values(kNormals);
    for (std::int16_t& value : values) {
      const double normal = std::clamp(rng.normal(), -6.0, 6.0);
      value = static_cast<std::int16_t>(std::lround(normal * (1 << kShift)));
    }
    return values;
  }();
  return table;
}

}  // namespace

void add_noise(const std::array<float, 256>& sigma, Rng& rng, Image<Rgba8>& color) {
  const std::vector<std::int16_t>& table = normals();
  constexpr int kSigmaShift = 4;
  std::array<std::int32_t, 256> fixed{};
  for (std::size_t v = 0; v < fixed.size(); ++v) {
    fixed[v] = static_cast<std::int32_t>(std::lround(sigma[v] * (1 << kSigmaShift)));
  }
  constexpr std::int32_t kHalf = 1 << (kShift + kSigmaShift - 1);
  for (int y = 0; y < color.height; ++y) {
    Rgba8* const row = &color.at(0, y);
    // Stretches that are short against the table, each from a place of its own.
    for (int x0 = 0; x0 < color.width; x0 += 256) {
      const int x1 = std::min(x0 + 256, color.width);
      const std::int16_t* normal = table.data() + rng.below(kNormals - 3 * 256);
      for (int x = x0; x < x1; ++x, normal += 3) {
        for (int c = 0; c < 3; ++c) {
          const std::int32_t added =
              (normal[c] * fixed[row[x][c]] + kHalf) >> (kShift + kSigmaShift);
          row[x][c] = static_cast<std::uint8_t>(std::clamp(row[x][c] + added, 0, 255));
        }
      }
    }
  }
}

}  // namespace orrery
