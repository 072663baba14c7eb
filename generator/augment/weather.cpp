#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "generator/augment/filters.hpp"
#include "generator/augment/warp.hpp"

namespace orrery {
namespace {

/// Mixes a colour in: `share` 0 leaves a pixel, 255 replaces it.
void mix(const cv::Mat& share, const Rgba8& with, Image<Rgba8>& color) {
  for (int y = 0; y < color.height; ++y) {
    const std::uint8_t* const of = share.ptr(y);
    Rgba8* const row = &color.at(0, y);
    for (int x = 0; x < color.width; ++x) {
      const int part = of[x] + (of[x] >> 7);  // of 256
      const auto mixed = [part](int from, int to) {
        return static_cast<std::uint8_t>((from * 256 + (to - from) * part + 128) >> 8);
      };
      const Rgba8 p = row[x];
      row[x] = Rgba8(mixed(p.r, with.r), mixed(p.g, with.g), mixed(p.b, with.b), p.a);
    }
  }
}

double shorter(const Image<Rgba8>& color) { return std::min(color.width, color.height); }

}  // namespace

void add_fog(double amount, Rng& rng, Image<Rgba8>& color) {
  // Thickness drawn at a few places, smooth between.
  constexpr int kPlaces = 6;
  cv::Mat few(kPlaces, kPlaces, CV_32F);
  for (int i = 0; i < kPlaces * kPlaces; ++i) {
    few.at<float>(i / kPlaces, i % kPlaces) =
        static_cast<float>(255 * amount * rng.uniform(0.4, 1));
  }
  const auto tone = static_cast<std::uint8_t>(190 + rng.below(50));
  cv::Mat share;
  cv::resize(few, share, {color.width, color.height}, 0, 0, cv::INTER_CUBIC);
  cv::min(share, 255 * amount, share);
  share.convertTo(share, CV_8U);
  mix(share, Rgba8(tone, tone, static_cast<std::uint8_t>(tone + 5), 255), color);
}

void add_rain(double amount, double length, double slant, Rng& rng, Image<Rgba8>& color) {
  cv::Mat streaks(color.height, color.width, CV_8U, cv::Scalar(0));
  const double px = std::max(2.0, length * shorter(color));
  const int count = static_cast<int>(std::lround(amount * 400));
  constexpr int kFraction = 4;  // bits below a pixel
  const auto fixed = [](double value) {
    return static_cast<int>(std::lround(value * (1 << kFraction)));
  };
  for (int i = 0; i < count; ++i) {
    const double x = rng.uniform(-0.1, 1.1) * color.width;
    const double y = rng.uniform(-0.1, 1) * color.height;
    const double long_px = px * rng.uniform(0.6, 1.4);
    const double angle = glm::radians(slant + rng.uniform(-3, 3));
    const double brightness = rng.uniform(60, 170);
    const cv::Point from(fixed(x), fixed(y));
    const cv::Point to(fixed(x + long_px * std::sin(angle)), fixed(y + long_px * std::cos(angle)));
    cv::line(streaks, from, to, cv::Scalar(brightness), 1, cv::LINE_AA, kFraction);
  }
  cv::GaussianBlur(streaks, streaks, {3, 3}, 0.6);
  mix(streaks, Rgba8(215, 218, 222, 255), color);
}

void add_sun_flare(double strength, double radius, Rng& rng, Image<Rgba8>& color) {
  const double longer = std::max(color.width, color.height);
  const double x = rng.unit() * color.width;
  const double y = rng.uniform(0, 0.5) * color.height;
  // A halo around the sun and ghosts on the line through the middle of the lens.
  struct Spot {
    double x, y, radius, strength;
    bool ring;
  };
  std::vector<Spot> spots{{x, y, radius * longer, strength, false}};
  for (int i = 0; i < 4; ++i) {
    const double along = rng.uniform(0.4, 2);
    const double size = rng.uniform(0.02, 0.07) * longer;
    const double share = rng.uniform(0.08, 0.2) * strength;
    spots.push_back({x + along * (color.width / 2.0 - x), y + along * (color.height / 2.0 - y),
                     size, share, true});
  }
  cv::Mat light(color.height, color.width, CV_32F, cv::Scalar(0));
  for (const Spot& spot : spots) {
    const int y0 = std::max(0, static_cast<int>(spot.y - spot.radius));
    const int y1 = std::min(color.height, static_cast<int>(spot.y + spot.radius) + 1);
    const int x0 = std::max(0, static_cast<int>(spot.x - spot.radius));
    const int x1 = std::min(color.width, static_cast<int>(spot.x + spot.radius) + 1);
    for (int row = y0; row < y1; ++row) {
      auto* const out = light.ptr<float>(row);
      for (int column = x0; column < x1; ++column) {
        const double far = std::hypot(column + 0.5 - spot.x, row + 0.5 - spot.y) / spot.radius;
        if (far >= 1) continue;
        const double fall = spot.ring ? std::min(1.0, 8 * (1 - far)) : (1 - far) * (1 - far);
        out[column] += static_cast<float>(spot.strength * fall);
      }
    }
  }
  cv::Mat share;
  light.convertTo(share, CV_8U, 255);
  mix(share, Rgba8(255, 250, 235, 255), color);
}

void add_shadow(double darkness, double softness, Rng& rng, Image<Rgba8>& color) {
  // A quadrilateral from one edge of the picture to the opposite one.
  const bool upright = rng.unit() < 0.5;
  std::array<double, 4> at{};
  for (double& place : at) place = rng.unit();
  std::sort(at.begin(), at.begin() + 2);
  std::sort(at.begin() + 2, at.end());
  constexpr int kSmaller = 4;  // edges are soft: a coarse mask will do
  const cv::Size size(std::max(1, color.width / kSmaller), std::max(1, color.height / kSmaller));
  const double along = upright ? size.width : size.height;
  const double far = upright ? size.height : size.width;
  const auto corner = [&](double place, double across) {
    const int a = static_cast<int>(std::lround(place * along));
    const int b = static_cast<int>(std::lround(across));
    return upright ? cv::Point(a, b) : cv::Point(b, a);
  };
  const std::vector<cv::Point> corners{corner(at[0], 0), corner(at[1], 0), corner(at[3], far),
                                       corner(at[2], far)};
  cv::Mat small(size, CV_8U, cv::Scalar(0));
  cv::fillConvexPoly(small, corners, cv::Scalar(std::round(255 * darkness)), cv::LINE_AA);
  const double sigma = softness * std::min(size.width, size.height);
  if (sigma > 0.1) cv::GaussianBlur(small, small, {}, sigma);
  cv::Mat share;
  cv::resize(small, share, {color.width, color.height}, 0, 0, cv::INTER_LINEAR);
  mix(share, Rgba8(0, 0, 0, 255), color);
}

}  // namespace orrery
