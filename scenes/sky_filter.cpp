#include "scenes/sky_filter.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <vector>

namespace orrery {
namespace {

constexpr double kPi = glm::pi<double>();

/// Share of the sphere between two rows of an image (fractions of its height), up to a constant.
double band(double v_top, double v_bottom) {
  return std::cos(kPi * v_top) - std::cos(kPi * v_bottom);
}

/// What part of each source cell a target cell covers, as fractions of the axis.
struct Overlap {
  int cell;
  double low, high;
};

std::vector<Overlap> overlaps(int target, int targets, int sources) {
  const double low = static_cast<double>(target) / targets;
  const double high = static_cast<double>(target + 1) / targets;
  std::vector<Overlap> found;
  for (int s = static_cast<int>(low * sources); s < sources; ++s) {
    const Overlap o{s, std::max(low, static_cast<double>(s) / sources),
                    std::min(high, static_cast<double>(s + 1) / sources)};
    if (o.low >= high) break;
    if (o.high > o.low) found.push_back(o);
  }
  return found;
}

/// Bilinear between texel centres; columns wrap, rows end.
glm::vec3 interpolated(const Image<glm::vec3>& image, double u, double v) {
  const double x = u * image.width - 0.5;
  const double y = std::clamp(v * image.height - 0.5, 0.0, image.height - 1.0);
  const int x0 = static_cast<int>(std::floor(x));
  const int y0 = static_cast<int>(y);
  const int y1 = std::min(y0 + 1, image.height - 1);
  const auto column = [&](int i) { return (i + image.width) % image.width; };
  const float fx = static_cast<float>(x - x0);
  const float fy = static_cast<float>(y - y0);
  return glm::mix(glm::mix(image.at(column(x0), y0), image.at(column(x0 + 1), y0), fx),
                  glm::mix(image.at(column(x0), y1), image.at(column(x0 + 1), y1), fx), fy);
}

/// Weight of light at angle θ from the mirror direction with view = normal = mirror: D(θ/2) cos θ.
/// Trowbridge-Reitz (GGX) with alpha = roughness²; the constant falls out in the normalisation.
double lobe(double cos_theta, double alpha) {
  if (cos_theta <= 0) return 0;
  const double cos2_half = 0.5 * (1 + cos_theta);
  const double a2 = alpha * alpha;
  const double d = cos2_half * (a2 - 1) + 1;
  return a2 * cos_theta / (d * d);
}

/// One row of the source as floats, split into `step` interleaved phases, each written twice in a
/// row so that a window over the seam is contiguous.
std::vector<float> phases(const Image<glm::vec3>& source, int row, int step) {
  const int columns = source.width / step;
  std::vector<float> out;
  out.reserve(static_cast<std::size_t>(source.width) * 6);
  for (int p = 0; p < step; ++p) {
    for (int twice = 0; twice < 2; ++twice) {
      for (int m = 0; m < columns; ++m) {
        const glm::vec3& c = source.at(m * step + p, row);
        out.insert(out.end(), {c.r, c.g, c.b});
      }
    }
  }
  return out;
}

/// The lobe is a function of the angle alone and the grid repeats along a row, so one table of
/// weights serves a whole pair of rows.
Image<glm::vec3> lobe_filtered(const Image<glm::vec3>& source, int width, double alpha) {
  const int height = width / 2;
  const int step = source.width / width;
  const double peak = lobe(1, alpha);
  Image<glm::vec3> out(width, height);
  std::vector<std::vector<float>> rows;
  for (int j = 0; j < source.height; ++j) rows.push_back(phases(source, j, step));
  std::vector<float> sum(static_cast<std::size_t>(width) * 3);
  for (int i = 0; i < height; ++i) {
    const double theta_i = kPi * (i + 0.5) / height;
    double total = 0;
    std::fill(sum.begin(), sum.end(), 0.0F);
    for (int j = 0; j < source.height; ++j) {
      const double theta_j = kPi * (j + 0.5) / source.height;
      if (lobe(std::cos(theta_i - theta_j), alpha) < 1e-5 * peak) continue;
      const double solid =
          band(static_cast<double>(j) / source.height, static_cast<double>(j + 1) / source.height);
      for (int d = 0; d < source.width; ++d) {
        const double angle = 2 * kPi * (d + 0.5 - 0.5 * step) / source.width;
        const double cos_theta = std::cos(theta_i) * std::cos(theta_j) +
                                 std::sin(theta_i) * std::sin(theta_j) * std::cos(angle);
        const double weight = lobe(cos_theta, alpha);
        if (weight < 1e-5 * peak) continue;
        total += weight * solid;
        const float w = static_cast<float>(weight * solid);
        const int phase = d % step;
        const float* from = rows[static_cast<std::size_t>(j)].data() +
                            static_cast<std::ptrdiff_t>(phase) * width * 6 + (d / step) * 3;
        for (std::size_t x = 0; x < sum.size(); ++x) sum[x] += w * from[x];
      }
    }
    for (int x = 0; x < width; ++x) {
      const std::size_t at = static_cast<std::size_t>(x) * 3;
      out.at(x, i) = glm::vec3(sum[at], sum[at + 1], sum[at + 2]) / static_cast<float>(total);
    }
  }
  return out;
}

/// How finely a level must be sampled: narrow lobes need texels, wide ones do not.
struct TexelGrid {
  int source_width;
  int width;
};
constexpr std::array<TexelGrid, Sky::kSpecularLevels> kGrids{
    {{256, 128}, {256, 128}, {128, 128}, {64, 64}, {64, 64}, {64, 64}}};

}  // namespace

glm::dvec3 sky_direction(double u, double v) {
  const double azimuth = 2 * kPi * (u - 0.5);
  const double r = std::sin(kPi * v);
  return {r * std::cos(azimuth), r * std::sin(azimuth), std::cos(kPi * v)};
}

Image<glm::vec3> resampled_sky(const Image<glm::vec3>& radiance, int width, int height) {
  if (radiance.width == width && radiance.height == height) return radiance;
  std::vector<std::vector<Overlap>> columns;
  for (int x = 0; x < width; ++x) columns.push_back(overlaps(x, width, radiance.width));
  Image<glm::vec3> out(width, height);
  std::vector<glm::dvec3> line(static_cast<std::size_t>(radiance.width));
  for (int y = 0; y < height; ++y) {
    const double whole = band(static_cast<double>(y) / height, static_cast<double>(y + 1) / height);
    std::fill(line.begin(), line.end(), glm::dvec3(0));
    for (const Overlap& o : overlaps(y, height, radiance.height)) {
      const double weight = band(o.low, o.high) / whole;
      for (std::size_t x = 0; x < line.size(); ++x) {
        line[x] += weight * glm::dvec3(radiance.at(static_cast<int>(x), o.cell));
      }
    }
    for (int x = 0; x < width; ++x) {
      glm::dvec3 sum(0);
      for (const Overlap& o : columns[static_cast<std::size_t>(x)]) {
        sum += (o.high - o.low) * line[static_cast<std::size_t>(o.cell)];
      }
      out.at(x, y) = glm::vec3(sum * static_cast<double>(width));
    }
  }
  return out;
}

glm::dvec3 mean_radiance(const Image<glm::vec3>& radiance) {
  glm::dvec3 mean(0);
  for (int y = 0; y < radiance.height; ++y) {
    glm::dvec3 row(0);
    for (int x = 0; x < radiance.width; ++x) row += glm::dvec3(radiance.at(x, y));
    mean += row * (0.5 / radiance.width) *
            band(static_cast<double>(y) / radiance.height,
                 static_cast<double>(y + 1) / radiance.height);
  }
  return mean;
}

std::array<glm::vec3, 9> irradiance_of(const Image<glm::vec3>& radiance) {
  std::array<glm::dvec3, 9> sums{};
  const auto basis = [](const glm::dvec3& n) {
    return std::array<double, 9>{1,
                                 n.y,
                                 n.z,
                                 n.x,
                                 n.x * n.y,
                                 n.y * n.z,
                                 3 * n.z * n.z - 1,
                                 n.x * n.z,
                                 n.x * n.x - n.y * n.y};
  };
  for (int y = 0; y < radiance.height; ++y) {
    const double solid = 2 * kPi / radiance.width *
                         band(static_cast<double>(y) / radiance.height,
                              static_cast<double>(y + 1) / radiance.height);
    for (int x = 0; x < radiance.width; ++x) {
      const glm::dvec3 n = sky_direction((x + 0.5) / radiance.width, (y + 0.5) / radiance.height);
      const std::array<double, 9> b = basis(n);
      const glm::dvec3 light = solid * glm::dvec3(radiance.at(x, y));
      for (std::size_t k = 0; k < b.size(); ++k) sums[k] += b[k] * light;
    }
  }
  // (basis constant)² · (cosine lobe's coefficient / π: 1, 2/3, 1/4).
  const double y1 = 3 / (4 * kPi) * 2 / 3;
  const double y2 = 15 / (4 * kPi) / 4;
  const std::array<double, 9> scale{1 / (4 * kPi), y1, y1, y1, y2, y2, y2 / 12, y2, y2 / 4};
  std::array<glm::vec3, 9> coefficients;
  for (std::size_t k = 0; k < scale.size(); ++k) coefficients[k] = glm::vec3(scale[k] * sums[k]);
  return coefficients;
}

std::array<Image<glm::vec3>, Sky::kSpecularLevels> specular_of(const Image<glm::vec3>& radiance) {
  std::array<Image<glm::vec3>, Sky::kSpecularLevels> levels;
  constexpr int kWidth = Sky::kSpecularWidth;
  constexpr int kHeight = kWidth / 2;
  levels[0] = resampled_sky(radiance, kWidth, kHeight);
  for (std::size_t k = 1; k < levels.size(); ++k) {
    const TexelGrid grid = kGrids[k];
    const double roughness = static_cast<double>(k) / (Sky::kSpecularLevels - 1);
    const Image<glm::vec3> source =
        resampled_sky(radiance, grid.source_width, grid.source_width / 2);
    Image<glm::vec3> level = lobe_filtered(source, grid.width, roughness * roughness);
    if (grid.width == kWidth) {
      levels[k] = std::move(level);
      continue;
    }
    levels[k] = Image<glm::vec3>(kWidth, kHeight);
    for (int y = 0; y < kHeight; ++y) {
      for (int x = 0; x < kWidth; ++x) {
        levels[k].at(x, y) = interpolated(level, (x + 0.5) / kWidth, (y + 0.5) / kHeight);
      }
    }
  }
  return levels;
}

}  // namespace orrery
