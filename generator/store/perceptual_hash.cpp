#include "generator/store/perceptual_hash.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <vector>

namespace orrery {
namespace {

constexpr std::size_t kGrid = 32;
constexpr std::size_t kLow = 8;
constexpr double kLeastContrast = 1.0;

using Grid = std::array<std::array<double, kGrid>, kGrid>;
using Frequencies = std::array<std::array<double, kLow>, kLow>;

/// A pixel's share in one cell or in two neighbours, where pixels are smaller than cells; where
/// they are larger, in several.
struct Share {
  std::size_t cell = 0;
  double weight = 0;  ///< pixels
};

/// For each of `count` pixels along one side, its shares; they start at starts[i].
struct Shares {
  std::vector<Share> all;
  std::vector<std::size_t> starts;
};

Shares shares_of(int count) {
  Shares shares;
  const double cells_per_pixel = static_cast<double>(kGrid) / count;
  for (int i = 0; i < count; ++i) {
    shares.starts.push_back(shares.all.size());
    const double low = i * cells_per_pixel;
    const double high = (i + 1) * cells_per_pixel;
    const auto last = std::min(static_cast<std::size_t>(std::ceil(high)), kGrid);
    for (auto cell = static_cast<std::size_t>(low); cell < last; ++cell) {
      const auto start = static_cast<double>(cell);
      const double common = std::min(high, start + 1) - std::max(low, start);
      if (common > 0) shares.all.push_back({cell, common / cells_per_pixel});
    }
  }
  shares.starts.push_back(shares.all.size());
  return shares;
}

Grid averaged(const ImageView<Rgba8>& pixels) {
  const Shares columns = shares_of(pixels.width);
  const Shares rows = shares_of(pixels.height);
  Grid grid{};
  for (int y = 0; y < pixels.height; ++y) {
    std::array<double, kGrid> row{};
    for (int x = 0; x < pixels.width; ++x) {
      const Rgba8& p = pixels.at(x, y);
      const double luma = 0.299 * p.r + 0.587 * p.g + 0.114 * p.b;
      const auto column = static_cast<std::size_t>(x);
      for (std::size_t i = columns.starts[column]; i < columns.starts[column + 1]; ++i) {
        row[columns.all[i].cell] += luma * columns.all[i].weight;
      }
    }
    const auto line = static_cast<std::size_t>(y);
    for (std::size_t i = rows.starts[line]; i < rows.starts[line + 1]; ++i) {
      std::array<double, kGrid>& sums = grid[rows.all[i].cell];
      for (std::size_t c = 0; c < kGrid; ++c) sums[c] += row[c] * rows.all[i].weight;
    }
  }
  const double cell_area = static_cast<double>(pixels.width) * pixels.height / (kGrid * kGrid);
  for (auto& row : grid) {
    for (double& value : row) value /= cell_area;
  }
  return grid;
}

double contrast(const Grid& grid) {
  double sum = 0;
  double squares = 0;
  for (const auto& row : grid) {
    for (const double value : row) {
      sum += value;
      squares += value * value;
    }
  }
  constexpr double kCells = kGrid * kGrid;
  return std::sqrt(std::max(0.0, squares / kCells - sum / kCells * (sum / kCells)));
}

using Waves = std::array<std::array<double, kGrid>, kLow>;

/// Orthonormal DCT-II waves.
Waves low_waves() {
  Waves waves{};
  for (std::size_t k = 0; k < kLow; ++k) {
    const double scale = std::sqrt((k == 0 ? 1.0 : 2.0) / kGrid);
    for (std::size_t n = 0; n < kGrid; ++n) {
      const double phase = (static_cast<double>(n) + 0.5) * static_cast<double>(k) / kGrid;
      waves[k][n] = scale * std::cos(glm::pi<double>() * phase);
    }
  }
  return waves;
}

Frequencies low_frequencies(const Grid& grid) {
  static const Waves waves = low_waves();
  Frequencies out{};
  for (std::size_t v = 0; v < kLow; ++v) {
    std::array<double, kGrid> column{};
    for (std::size_t y = 0; y < kGrid; ++y) {
      for (std::size_t x = 0; x < kGrid; ++x) column[x] += waves[v][y] * grid[y][x];
    }
    for (std::size_t u = 0; u < kLow; ++u) {
      for (std::size_t x = 0; x < kGrid; ++x) out[v][u] += waves[u][x] * column[x];
    }
  }
  return out;
}

std::uint64_t hash_of(const Frequencies& frequencies) {
  std::array<double, kLow * kLow> sorted{};
  for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i] = frequencies[i / kLow][i % kLow];
  std::sort(sorted.begin(), sorted.end());
  const double median = (sorted[31] + sorted[32]) / 2;
  std::uint64_t hash = 0;
  for (const auto& row : frequencies) {
    for (const double value : row) hash = hash << 1U | (value > median ? 1U : 0U);
  }
  return hash;
}

/// Mirroring changes the sign of odd frequencies and transposing swaps them: the same as the
/// frequencies of the mirrored grid.
Frequencies seen_as(std::size_t turn, const Frequencies& frequencies) {
  Frequencies out{};
  for (std::size_t v = 0; v < kLow; ++v) {
    for (std::size_t u = 0; u < kLow; ++u) {
      const bool negative = ((turn & 1U) != 0 && u % 2 == 1) != ((turn & 2U) != 0 && v % 2 == 1);
      const double value = negative ? -frequencies[v][u] : frequencies[v][u];
      ((turn & 4U) != 0 ? out[u][v] : out[v][u]) = value;
    }
  }
  return out;
}

}  // namespace

std::optional<PerceptualHashes> perceptual_hashes(const ImageView<Rgba8>& pixels) {
  const Grid grid = averaged(pixels);
  if (contrast(grid) < kLeastContrast) return std::nullopt;
  const Frequencies frequencies = low_frequencies(grid);
  PerceptualHashes hashes{};
  for (std::size_t turn = 0; turn < hashes.size(); ++turn) {
    hashes[turn] = hash_of(seen_as(turn, frequencies));
  }
  return hashes;
}

}  // namespace orrery
