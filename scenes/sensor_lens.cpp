#include "scenes/sensor_lens.hpp"

#include <cmath>
#include <utility>

namespace orrery {
namespace {

// Twice what Plane::kMargin holds, less what interpolation reads.
constexpr double kMostFringe = 48;
constexpr double kMostShake = 48;

/// `pixels` outward in the corners.
void scale_about_centre(double pixels, Plane& channel, Plane& spare, const Plane& rows) {
  const int width = channel.width();
  const double corner = 0.5 * std::hypot(width, channel.height());
  const double scale = 1 - pixels / corner;
  float* const from = rows.row(0);
  float* const mixed = rows.row(1);
  for (int x = 0; x < width; ++x) {
    // Counted from the margin's start, so that cutting off the fraction rounds down.
    from[x] = static_cast<float>(0.5 * width + (x + 0.5 - 0.5 * width) * scale - 0.5) +
              static_cast<float>(Plane::kMargin);
  }
  for (int y = 0; y < channel.height(); ++y) {
    const double middle = 0.5 * channel.height();
    const double source = middle + (y + 0.5 - middle) * scale - 0.5;
    const int above = static_cast<int>(std::floor(source));
    const float part = static_cast<float>(source - above);
    const float* const a = channel.nearest_row(above);
    const float* const b = channel.nearest_row(above + 1);
    for (int x = -Plane::kMargin; x < width + Plane::kMargin; ++x) {
      mixed[x] = a[x] + part * (b[x] - a[x]);
    }
    const float* const start = mixed - Plane::kMargin;
    float* const out = spare.row(y);
    for (int x = 0; x < width; ++x) {
      const int i = static_cast<int>(from[x]);
      const float f = from[x] - static_cast<float>(i);
      out[x] = start[i] + f * (start[i + 1] - start[i]);
    }
    spare.extend(y);
  }
  std::swap(channel, spare);
}

struct Tap {
  int x = 0;
  int y = 0;
  float weight = 0;
};

/// A line through the origin, drawn with bilinear splats at quarters of a pixel.
std::vector<Tap> line_kernel(double length, double angle) {
  const int reach = static_cast<int>(std::ceil(length / 2)) + 1;
  const int side = 2 * reach + 1;
  Image<float> kernel(side, side);
  const int samples = static_cast<int>(std::ceil(length * 4)) + 1;
  for (int i = 0; i < samples; ++i) {
    const double along = samples == 1 ? 0 : length * (static_cast<double>(i) / (samples - 1) - 0.5);
    const double x = reach + along * std::cos(angle);
    const double y = reach + along * std::sin(angle);
    const int left = static_cast<int>(x);
    const int top = static_cast<int>(y);
    for (int corner = 0; corner < 4; ++corner) {
      const int dx = corner & 1;
      const int dy = corner >> 1;
      const double wx = dx == 1 ? x - left : 1 - (x - left);
      const double wy = dy == 1 ? y - top : 1 - (y - top);
      kernel.at(std::min(left + dx, side - 1), std::min(top + dy, side - 1)) +=
          static_cast<float>(wx * wy / samples);
    }
  }
  std::vector<Tap> taps;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      if (kernel.at(x, y) > 1e-6F) taps.push_back({x - reach, y - reach, kernel.at(x, y)});
    }
  }
  return taps;
}

void add_scaled(float* __restrict out, const float* __restrict in, float factor, int count) {
  for (int x = 0; x < count; ++x) out[x] += factor * in[x];
}

}  // namespace

void fringe(double pixels, Rgb& image, Plane& spare, const Plane& rows) {
  // Each colour moves by half, which the margins must hold.
  pixels = std::clamp(pixels, -kMostFringe, kMostFringe);
  scale_about_centre(pixels / 2, image[0], spare, rows);
  scale_about_centre(-pixels / 2, image[2], spare, rows);
}

void shake(double length, double angle, Rgb& image, Plane& spare) {
  const std::vector<Tap> taps = line_kernel(std::min(length, kMostShake), angle);
  for (Plane& channel : image) {
    for (int y = 0; y < channel.height(); ++y) {
      float* const out = spare.row(y);
      std::fill(out, out + channel.width(), 0.0F);
      for (const Tap& tap : taps) {
        add_scaled(out, channel.nearest_row(y + tap.y) + tap.x, tap.weight, channel.width());
      }
      spare.extend(y);
    }
    std::swap(channel, spare);
  }
}

void illuminate(const Sensor& sensor, const Rgb& image) {
  const int width = image[0].width();
  const int height = image[0].height();
  // cos⁴ = 1 / (1 + tan²)²; tan² grows with the squared radius to `corner` at 1.
  const float corner = static_cast<float>(1 / std::sqrt(1 - sensor.vignetting) - 1);
  const float half_x = 0.5F * static_cast<float>(width);
  const float half_y = 0.5F * static_cast<float>(height);
  const float tangent = corner / (half_x * half_x + half_y * half_y);
  const glm::vec3 gain(std::exp2(sensor.exposure) * sensor.white);
  for (int y = 0; y < height; ++y) {
    const float dy = static_cast<float>(y) + 0.5F - half_y;
    const float row_tangent = 1 + tangent * dy * dy;
    for (int c = 0; c < 3; ++c) {
      float* const row = image[static_cast<std::size_t>(c)].row(y);
      const float channel_gain = gain[c];
      if (corner == 0) {
        for (int x = 0; x < width; ++x) row[x] *= channel_gain;
      } else {
        for (int x = 0; x < width; ++x) {
          const float dx = static_cast<float>(x) + 0.5F - half_x;
          const float secant = row_tangent + tangent * dx * dx;
          row[x] *= channel_gain / (secant * secant);
        }
      }
      image[static_cast<std::size_t>(c)].extend(y);
    }
  }
}

}  // namespace orrery
