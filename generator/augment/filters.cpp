#include "generator/augment/filters.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "generator/augment/warp.hpp"
#include "generator/encode.hpp"

namespace orrery {
namespace {

void blur_gaussian(double sigma, Image<Rgba8>& color) {
  cv::Mat pixels = mat_of(color);
  cv::GaussianBlur(pixels, pixels, {}, sigma, sigma, cv::BORDER_REFLECT_101);
}

/// A share of each pixel that lies under a shape, from 8 × 8 points of it.
template <class Inside>
cv::Mat kernel_of(double reach, Inside&& inside) {
  const int half = std::max(1, static_cast<int>(std::ceil(reach - 0.5)));
  constexpr int kPoints = 8;
  cv::Mat kernel(2 * half + 1, 2 * half + 1, CV_32F, cv::Scalar(0));
  for (int y = -half; y <= half; ++y) {
    for (int x = -half; x <= half; ++x) {
      int hits = 0;
      for (int i = 0; i < kPoints * kPoints; ++i) {
        const int column = i % kPoints;
        const int row = i / kPoints;
        const double dx = x + (column + 0.5) / kPoints - 0.5;
        const double dy = y + (row + 0.5) / kPoints - 0.5;
        if (inside(dx, dy)) ++hits;
      }
      kernel.at<float>(y + half, x + half) = static_cast<float>(hits);
    }
  }
  return kernel * (1 / cv::sum(kernel)[0]);
}

void convolve(const cv::Mat& kernel, Image<Rgba8>& color) {
  cv::Mat pixels = mat_of(color);
  cv::Mat out;
  cv::filter2D(pixels, out, -1, kernel, {-1, -1}, 0, cv::BORDER_REFLECT_101);
  out.copyTo(pixels);
}

void blur_motion(double length, double degrees, Image<Rgba8>& color) {
  const double c = std::cos(glm::radians(degrees));
  const double s = std::sin(glm::radians(degrees));
  convolve(kernel_of(length / 2 + 0.5,
                     [&](double x, double y) {
                       return std::abs(x * c + y * s) <= length / 2 &&
                              std::abs(y * c - x * s) <= 0.5;
                     }),
           color);
}

void blur_defocus(double radius, Image<Rgba8>& color) {
  convolve(kernel_of(radius, [&](double x, double y) { return x * x + y * y <= radius * radius; }),
           color);
}

void scale_down_and_up(double factor, Image<Rgba8>& color) {
  cv::Mat pixels = mat_of(color);
  const cv::Size size(std::max(1, static_cast<int>(std::lround(color.width * factor))),
                      std::max(1, static_cast<int>(std::lround(color.height * factor))));
  cv::Mat small;
  cv::resize(pixels, small, size, 0, 0, factor < 0.5 ? cv::INTER_AREA : cv::INTER_LINEAR);
  cv::resize(small, pixels, pixels.size(), 0, 0, cv::INTER_LINEAR);
}

/// On luminance; the three channels follow it by the same step.
void even_out(double clip, int tiles, Image<Rgba8>& color) {
  cv::Mat pixels = mat_of(color);
  cv::Mat grey;
  cv::Mat even;
  cv::cvtColor(pixels, grey, cv::COLOR_RGBA2GRAY);
  cv::createCLAHE(clip, {tiles, tiles})->apply(grey, even);
  for (int y = 0; y < color.height; ++y) {
    const std::uint8_t* const before = grey.ptr(y);
    const std::uint8_t* const after = even.ptr(y);
    Rgba8* const row = &color.at(0, y);
    for (int x = 0; x < color.width; ++x) {
      const int step = after[x] - before[x];
      for (int c = 0; c < 3; ++c) {
        row[x][c] = static_cast<std::uint8_t>(std::clamp(row[x][c] + step, 0, 255));
      }
    }
  }
}

std::array<float, 256> even_noise(double sigma) {
  std::array<float, 256> table{};
  table.fill(static_cast<float>(sigma * 255));
  return table;
}

/// Of n counted electrons, √n is noise.
std::array<float, 256> counted_noise(double electrons) {
  std::array<float, 256> table{};
  for (std::size_t v = 0; v < 256; ++v) {
    table[v] = static_cast<float>(255 * std::sqrt(static_cast<double>(v) / 255 / electrons));
  }
  return table;
}

}  // namespace

void filter(AugmentOp op, const std::vector<double>& v, Rng& rng, Image<Rgba8>& color) {
  switch (op) {
    case AugmentOp::clahe:
      return even_out(v[0], static_cast<int>(v[1]), color);
    case AugmentOp::gaussian_noise:
      return add_noise(even_noise(v[0]), rng, color);
    case AugmentOp::shot_noise:
      return add_noise(counted_noise(v[0]), rng, color);
    case AugmentOp::gaussian_blur:
      return blur_gaussian(v[0], color);
    case AugmentOp::motion_blur:
      return blur_motion(v[0], v[1], color);
    case AugmentOp::defocus_blur:
      return blur_defocus(v[0], color);
    case AugmentOp::jpeg:
      color = through_jpeg(color, static_cast<int>(v[0]));
      return;
    case AugmentOp::downscale:
      return scale_down_and_up(v[0], color);
    case AugmentOp::fog:
      return add_fog(v[0], rng, color);
    case AugmentOp::rain:
      return add_rain(v[0], v[1], v[2], rng, color);
    case AugmentOp::sun_flare:
      return add_sun_flare(v[0], v[1], rng, color);
    case AugmentOp::shadow:
      return add_shadow(v[0], v[1], rng, color);
    default:
      return;
  }
}

double blur_of(AugmentOp op, const std::vector<double>& v) {
  switch (op) {
    case AugmentOp::gaussian_blur:
      return 2 * std::sqrt(2 * std::log(2.0)) * v[0];  // half height
    case AugmentOp::motion_blur:
      return v[0];
    case AugmentOp::defocus_blur:
      return 2 * v[0];
    case AugmentOp::downscale:
      return 1 / v[0];
    default:
      return 0;
  }
}

}  // namespace orrery
