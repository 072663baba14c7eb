#include "generator/augment/colour.hpp"

#include <cmath>
#include <cstring>
#include <opencv2/core/hal/intrin.hpp>

namespace orrery {
namespace {

constexpr int kShift = 16;  ///< fixed point of the tables

glm::dmat4 rows(const std::array<glm::dvec4, 3>& r) {
  return glm::transpose(glm::dmat4(r[0], r[1], r[2], glm::dvec4(0, 0, 0, 1)));
}

/// Source: W3C Filter Effects Module 1, feColorMatrix, "saturate".
glm::dmat4 saturated(double s) {
  return rows({glm::dvec4(0.213 + 0.787 * s, 0.715 - 0.715 * s, 0.072 - 0.072 * s, 0),
               glm::dvec4(0.213 - 0.213 * s, 0.715 + 0.285 * s, 0.072 - 0.072 * s, 0),
               glm::dvec4(0.213 - 0.213 * s, 0.715 - 0.715 * s, 0.072 + 0.928 * s, 0)});
}

/// Keeps the luminance. Source: W3C Filter Effects Module 1, feColorMatrix, "hueRotate".
glm::dmat4 hue_turned(double degrees) {
  const double c = std::cos(glm::radians(degrees));
  const double s = std::sin(glm::radians(degrees));
  return rows({glm::dvec4(0.213 + c * 0.787 - s * 0.213, 0.715 - c * 0.715 - s * 0.715,
                          0.072 - c * 0.072 + s * 0.928, 0),
               glm::dvec4(0.213 - c * 0.213 + s * 0.143, 0.715 + c * 0.285 + s * 0.140,
                          0.072 - c * 0.072 - s * 0.283, 0),
               glm::dvec4(0.213 - c * 0.213 - s * 0.787, 0.715 - c * 0.715 + s * 0.715,
                          0.072 + c * 0.928 + s * 0.072, 0)});
}

glm::dmat4 scaled(double factor, double added) {
  glm::dmat4 m(factor);
  m[3] = glm::dvec4(added, added, added, 1);
  return m;
}

glm::dmat4 shuffled(const std::array<int, 3>& order) {
  glm::dmat4 m(0.0);
  for (int i = 0; i < 3; ++i) m[order[static_cast<std::size_t>(i)]][i] = 1;
  m[3][3] = 1;
  return m;
}

/// What each value of one channel gives to the three channels; alpha gets nothing.
using Table = std::array<std::array<std::int32_t, 4>, 256>;

}  // namespace

bool is_colour(AugmentOp op) {
  return op == AugmentOp::brightness_contrast || op == AugmentOp::hue_saturation_value ||
         op == AugmentOp::grey || op == AugmentOp::channel_shuffle || op == AugmentOp::gamma;
}

bool ColourPass::add(AugmentOp op, const std::vector<double>& values,
                     const std::array<int, 3>& order) {
  switch (op) {
    case AugmentOp::gamma:
      if (affine_ != kIdentity) return false;
      gamma_ *= values[0];
      return true;
    case AugmentOp::brightness_contrast:
      affine_ = scaled(values[1], values[0] + 0.5 * (1 - values[1])) * affine_;
      return true;
    case AugmentOp::hue_saturation_value:
      affine_ = scaled(values[2], 0) * saturated(values[1]) * hue_turned(values[0]) * affine_;
      return true;
    case AugmentOp::grey:
      affine_ = saturated(1 - values[0]) * affine_;
      return true;
    default:
      affine_ = shuffled(order) * affine_;
      return true;
  }
}

void ColourPass::run(Image<Rgba8>& color) {
  if (is_identity()) return;
  std::array<Table, 3> tables{};
  for (int from = 0; from < 3; ++from) {
    for (std::size_t value = 0; value < 256; ++value) {
      const double v = std::pow(static_cast<double>(value) / 255, gamma_);
      for (int to = 0; to < 3; ++to) {
        double given = affine_[from][to] * v;
        if (from == 0) given += affine_[3][to];  // what is added comes once
        const double half = from == 0 ? 0.5 : 0;
        const double fixed = (given * 255 + half) * (1 << kShift);
        // Three of them still fit.
        tables[static_cast<std::size_t>(from)][value][static_cast<std::size_t>(to)] =
            static_cast<std::int32_t>(std::clamp(std::round(fixed), -7e8, 7e8));
      }
    }
  }
  const auto sum = [&](const Rgba8& pixel) {
    return (cv::v_load(tables[0][pixel.r].data()) + cv::v_load(tables[1][pixel.g].data()) +
            cv::v_load(tables[2][pixel.b].data())) >>
           kShift;
  };
  Rgba8* const pixels = color.pixels.data();
  const std::size_t count = color.pixels.size();
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    std::array<std::uint8_t, 16> out;
    const cv::v_int16x8 low = cv::v_pack(sum(pixels[i]), sum(pixels[i + 1]));
    const cv::v_int16x8 high = cv::v_pack(sum(pixels[i + 2]), sum(pixels[i + 3]));
    cv::v_store(out.data(), cv::v_pack_u(low, high));
    for (std::size_t k = 0; k < 4; ++k) out[4 * k + 3] = pixels[i + k].a;
    std::memcpy(pixels + i, out.data(), out.size());
  }
  for (; i < count; ++i) {
    Rgba8& pixel = pixels[i];
    const cv::v_int16x8 both = cv::v_pack(sum(pixel), sum(pixel));
    std::array<std::uint8_t, 16> out;
    cv::v_store(out.data(), cv::v_pack_u(both, both));
    pixel = Rgba8(out[0], out[1], out[2], pixel.a);
  }
  *this = ColourPass();
}

}  // namespace orrery
