#include "scenes/sensor_tone.hpp"

#include <bit>
#include <cmath>

namespace orrery {
namespace {

double linear_from_encoded(double level) {
  const double v = level / 255;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

/// Encodes by the float's exponent and the first bits of its mantissa: the buckets are so narrow
/// that a single rounding threshold lies in each, at most.
class Encoder {
 public:
  Encoder() {
    for (std::uint32_t i = 0; i < kBuckets; ++i) {
      const float low = std::bit_cast<float>((kFirst + i) << kShift);
      std::uint32_t level = 0;
      while (level < 255 && threshold(level) <= low) ++level;
      bucket_[i] = {threshold(level), level};
    }
  }

  std::uint8_t operator()(float light) const {
    // In this order of arguments what is not a number turns black.
    const float inside = std::min(std::max(0x1p-13F, light), 1 - 0x1p-24F);
    const Bucket& b = bucket_[(std::bit_cast<std::uint32_t>(inside) >> kShift) - kFirst];
    return static_cast<std::uint8_t>(b.level + (inside >= b.next ? 1U : 0U));
  }

 private:
  struct Bucket {
    float next;  ///< light from which the level is one higher
    std::uint32_t level;
  };
  static constexpr std::uint32_t kShift = 15;
  static constexpr std::uint32_t kFirst = std::bit_cast<std::uint32_t>(0x1p-13F) >> kShift;
  static constexpr std::uint32_t kBuckets = (std::bit_cast<std::uint32_t>(1.0F) >> kShift) - kFirst;

  static float threshold(std::uint32_t level) {
    return level < 255 ? static_cast<float>(linear_from_encoded(level + 0.5)) : 2.0F;
  }

  std::array<Bucket, kBuckets> bucket_;
};

std::array<float, 256> linear_levels() {
  std::array<float, 256> levels{};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    levels[i] = static_cast<float>(linear_from_encoded(static_cast<double>(i)));
  }
  return levels;
}

/// Fills the pixels of one row that have no colour; false if none has.
bool fill_row(const Rgba8* alpha, const Rgb& image, int y) {
  const int width = image[0].width();
  int last = -1;
  for (int x = 0; x <= width; ++x) {
    if (x < width && alpha[x].a == 0) continue;
    if (x == width && last < 0) return false;
    // The run between two colours is halved; before the first and after the last there is one.
    const int middle = x == width ? width : last < 0 ? 0 : (last + x + 1) / 2;
    for (const Plane& channel : image) {
      float* const row = channel.row(y);
      if (last >= 0) std::fill(row + last + 1, row + middle, row[last]);
      if (x < width) std::fill(row + middle, row + x, row[x]);
    }
    last = x;
  }
  return true;
}

void copy_row(const Rgb& image, int from, int to) {
  for (const Plane& channel : image) {
    std::copy_n(channel.row(from) - Plane::kMargin, channel.width() + 2 * Plane::kMargin,
                channel.row(to) - Plane::kMargin);
  }
}

/// Rows without any colour take that of the nearest row that has some.
void fill_empty_rows(const Rgb& image, const std::vector<int>& empty) {
  const int height = image[0].height();
  if (static_cast<int>(empty.size()) == height) return;
  std::vector<bool> is_empty(static_cast<std::size_t>(height));
  for (const int y : empty) is_empty[static_cast<std::size_t>(y)] = true;
  for (const int y : empty) {
    for (int away = 1; away < height; ++away) {
      const auto has_color = [&](int row) {
        return row >= 0 && row < height && !is_empty[static_cast<std::size_t>(row)];
      };
      const int from = has_color(y - away) ? y - away : y + away;
      if (!has_color(from)) continue;
      copy_row(image, from, y);
      break;
    }
  }
}

float luma_of(const Rgba8& pixel) {
  // ITU-R BT.601, the luma of JPEG's YCbCr.
  return 0.299F * pixel.r + 0.587F * pixel.g + 0.114F * pixel.b;
}

std::uint8_t shifted(std::uint8_t level, int by) {
  return static_cast<std::uint8_t>(std::clamp(level + by, 0, 255));
}

}  // namespace

void linearize(const ImageView<Rgba8>& color, const Rgb& image) {
  static const std::array<float, 256> kLinear = linear_levels();
  std::vector<int> empty;
  for (int y = 0; y < color.height; ++y) {
    const Rgba8* const pixels = &color.at(0, y);
    float* const red = image[0].row(y);
    float* const green = image[1].row(y);
    float* const blue = image[2].row(y);
    std::uint32_t opaque = 255;
    for (int x = 0; x < color.width; ++x) {
      red[x] = kLinear[pixels[x].r];
      green[x] = kLinear[pixels[x].g];
      blue[x] = kLinear[pixels[x].b];
      opaque = std::min<std::uint32_t>(opaque, pixels[x].a);
    }
    if (opaque == 0 && !fill_row(pixels, image, y)) empty.push_back(y);
    for (const Plane& channel : image) channel.extend(y);
  }
  if (!empty.empty()) fill_empty_rows(image, empty);
}

void encode(const Rgb& image, Image<Rgba8>& color) {
  static const Encoder kEncoder;
  for (int y = 0; y < color.height; ++y) {
    Rgba8* const pixels = &color.at(0, y);
    const float* const red = image[0].row(y);
    const float* const green = image[1].row(y);
    const float* const blue = image[2].row(y);
    for (int x = 0; x < color.width; ++x) {
      pixels[x] = Rgba8(kEncoder(red[x]), kEncoder(green[x]), kEncoder(blue[x]), pixels[x].a);
    }
  }
}

void sharpen(double amount, Image<Rgba8>& color, std::vector<float>& luma) {
  // Three rows of luma, one pixel longer at each end, and one of their blur down the columns.
  const std::size_t length = static_cast<std::size_t>(color.width) + 2;
  luma.resize(4 * length);
  const auto read = [&](int y) {
    float* const row = luma.data() + static_cast<std::size_t>(y % 3) * length + 1;
    const Rgba8* const pixels = &color.at(0, y);
    for (int x = 0; x < color.width; ++x) row[x] = luma_of(pixels[x]);
    row[-1] = row[0];
    row[color.width] = row[color.width - 1];
  };
  const auto row_at = [&](int y) {
    const int inside = std::clamp(y, 0, color.height - 1);
    return luma.data() + static_cast<std::size_t>(inside % 3) * length + 1;
  };
  float* const column = luma.data() + 3 * length + 1;
  read(0);
  for (int y = 0; y < color.height; ++y) {
    if (y + 1 < color.height) read(y + 1);
    const float* const above = row_at(y - 1);
    const float* const here = row_at(y);
    const float* const below = row_at(y + 1);
    for (int x = -1; x <= color.width; ++x) {
      column[x] = 0.5F * here[x] + 0.25F * (above[x] + below[x]);
    }
    Rgba8* const pixels = &color.at(0, y);
    for (int x = 0; x < color.width; ++x) {
      const float blurred = 0.5F * column[x] + 0.25F * (column[x - 1] + column[x + 1]);
      const float detail = static_cast<float>(amount) * (here[x] - blurred);
      const int by = static_cast<int>(detail + (detail < 0 ? -0.5F : 0.5F));
      pixels[x] = Rgba8(shifted(pixels[x].r, by), shifted(pixels[x].g, by),
                        shifted(pixels[x].b, by), pixels[x].a);
    }
  }
}

}  // namespace orrery
