#include <cmath>
#include <utility>

#include "scenes/sensor_lens.hpp"

namespace orrery {
namespace {

// Steps of blur: each convolves with [1 2 1]/4 on pixels `stride` apart, which adds stride²/2 to
// the variance. A blur between two steps is a mixture with exactly the variance wanted.
constexpr int kSteps = 8;
constexpr std::array<int, kSteps> kStride{1, 1, 2, 2, 4, 4, 8, 8};
constexpr std::array<float, kSteps + 1> kVariance{0, 0.5F, 1, 3, 5, 13, 21, 53, 85};

/// A disc of diameter D spreads as far as a kernel of variance D²/16 along each axis.
constexpr float kLargestCircle = 36;

/// Signed: negative in front of the focus.
float circle_px(float focus, float circle_at_infinity, float z) {
  const float circle = z > 0 ? circle_at_infinity * (1 - focus / z) : circle_at_infinity;
  return std::min(std::max(circle, -kLargestCircle), kLargestCircle);
}

struct Largest {
  float behind = 0;  ///< circle behind the focus, pixels
  float before = 0;
};

Largest measure_circles(float focus, float circle, const ImageView<float>& depth,
                        const Plane& circles) {
  Largest largest;
  for (int y = 0; y < depth.height; ++y) {
    const float* const z = &depth.at(0, y);
    float* const out = circles.row(y);
    for (int x = 0; x < depth.width; ++x) out[x] = circle_px(focus, circle, z[x]);
    // Apart from the loop above: a running maximum would keep it from being vectorised.
    const auto [low, high] = std::minmax_element(out, out + depth.width);
    largest.behind = std::max(largest.behind, *high);
    largest.before = std::max(largest.before, -*low);
  }
  return largest;
}

/// Turns circles into variances and finds out what belongs in front.
void split(float behind, const Plane& circles, const Plane& fore) {
  const float per_circle = behind > 0 ? 1 / behind : 0;
  for (int y = 0; y < circles.height(); ++y) {
    float* __restrict const v = circles.row(y);
    float* __restrict const f = fore.row(y);
    for (int x = 0; x < circles.width(); ++x) {
      const float ramp = (0.65F - v[x] * per_circle) * (1 / 0.3F);
      f[x] = std::min(std::max(ramp, 0.0F), 1.0F);
      v[x] = v[x] * v[x] * (1 / 16.0F);
    }
  }
}

int steps_for(float circle) {
  int step = 0;
  while (step < kSteps && kVariance[static_cast<std::size_t>(step)] < circle * circle / 16) ++step;
  return step;
}

/// How much of each pixel of a layer starts at `step`: linear between the variances of the steps.
/// The layer's share is `base + slope · fore`.
void weigh(const DefocusPlanes& planes, int step, int top, float base, float slope) {
  const auto at = static_cast<std::size_t>(step);
  const float rise = step > 0 ? 1 / (kVariance[at] - kVariance[at - 1]) : 0;
  const float rise_from = step > 0 ? kVariance[at - 1] : 0;
  const float always = step > 0 ? 0 : 1;
  const float fall = step < top ? 1 / (kVariance[at + 1] - kVariance[at]) : 0;
  const float fall_to = step < top ? kVariance[at + 1] : 0;
  const float never = step < top ? 0 : 1;
  for (int y = 0; y < planes.weight.height(); ++y) {
    const float* __restrict const v = planes.variance.row(y);
    const float* __restrict const f = planes.fore.row(y);
    float* __restrict const out = planes.weight.row(y);
    for (int x = 0; x < planes.weight.width(); ++x) {
      const float up = always + (v[x] - rise_from) * rise;
      const float down = never + (fall_to - v[x]) * fall;
      const float hat = std::max(std::min(std::min(up, down), 1.0F), 0.0F);
      out[x] = hat * (base + slope * f[x]);
    }
  }
}

void blur_columns(const Plane& in, int y, int stride, float* __restrict out) {
  const float* const above = in.nearest_row(y - stride);
  const float* const here = in.row(y);
  const float* const below = in.nearest_row(y + stride);
  for (int x = -stride; x < in.width() + stride; ++x) {
    out[x] = 0.5F * here[x] + 0.25F * (above[x] + below[x]);
  }
}

/// One channel's step: what has been scattered so far is blurred, then the pixels that start here
/// are added. `color` is nothing for the coverage.
void scatter_step(Plane& sum, Plane& spare, const Plane& weight, const Plane* color, int stride,
                  float* column) {
  for (int y = 0; y < sum.height(); ++y) {
    float* __restrict const out = spare.row(y);
    const float* __restrict const w = weight.row(y);
    const float* __restrict const c = color != nullptr ? color->row(y) : nullptr;
    if (stride > 0) {
      blur_columns(sum, y, stride, column);
      for (int x = 0; x < sum.width(); ++x) {
        out[x] = 0.5F * column[x] + 0.25F * (column[x - stride] + column[x + stride]);
      }
    } else {
      std::fill(out, out + sum.width(), 0.0F);
    }
    if (c != nullptr) {
      for (int x = 0; x < sum.width(); ++x) out[x] += w[x] * c[x];
    } else {
      for (int x = 0; x < sum.width(); ++x) out[x] += w[x];
    }
    spare.extend(y);
  }
  std::swap(sum, spare);
}

/// Every pixel of the layer over its own circle: the widest steps first, so that each further
/// convolution serves all wider ones too.
void scatter(const Rgb& image, DefocusPlanes& planes, std::array<Plane, 4>& layer, int top,
             float base, float slope, Plane& spare, const Plane& rows) {
  for (int step = top; step >= 0; --step) {
    weigh(planes, step, top, base, slope);
    const int stride = step < top ? kStride[static_cast<std::size_t>(step)] : 0;
    for (std::size_t c = 0; c < 4; ++c) {
      scatter_step(layer[c], spare, planes.weight, c < 3 ? &image[c] : nullptr, stride,
                   rows.row(0));
    }
  }
}

void lay_over(const DefocusPlanes& planes, const Rgb& image, int y, float* front_part,
              float* back_part) {
  const int width = image[0].width();
  constexpr float kNothing = 1e-4F;
  const float* __restrict const front = planes.front[3].row(y);
  const float* __restrict const back = planes.back[3].row(y);
  for (int x = 0; x < width; ++x) {
    // Where nothing of the back reaches, the front stands alone.
    const float cover = back[x] > kNothing ? std::min(front[x], 1.0F) : 1.0F;
    front_part[x] = cover / std::max(front[x], kNothing);
    back_part[x] = (1 - cover) / std::max(back[x], kNothing);
  }
  for (std::size_t c = 0; c < 3; ++c) {
    float* __restrict const out = image[c].row(y);
    const float* __restrict const f = planes.front[c].row(y);
    const float* __restrict const b = planes.back[c].row(y);
    for (int x = 0; x < width; ++x) out[x] = f[x] * front_part[x] + b[x] * back_part[x];
    image[c].extend(y);
  }
}

}  // namespace

double defocus_px(const Sensor& sensor, double depth, int height) {
  const double circle = sensor.aperture * height;
  return std::abs(circle_px(static_cast<float>(sensor.focus), static_cast<float>(circle),
                            static_cast<float>(depth)));
}

void defocus(const Sensor& sensor, const ImageView<float>& depth, Rgb& image, DefocusPlanes& planes,
             Plane& spare, const Plane& rows) {
  const Largest largest =
      measure_circles(static_cast<float>(sensor.focus),
                      static_cast<float>(sensor.aperture * depth.height), depth, planes.variance);
  constexpr float kInvisible = 0.1F;
  if (std::max(largest.behind, largest.before) < kInvisible) return;
  split(largest.behind, planes.variance, planes.fore);
  const float front = std::max(largest.before, 0.65F * largest.behind);
  scatter(image, planes, planes.front, steps_for(front), 0, 1, spare, rows);
  scatter(image, planes, planes.back, steps_for(largest.behind), 1, -1, spare, rows);
  for (int y = 0; y < depth.height; ++y) lay_over(planes, image, y, rows.row(0), rows.row(1));
}

}  // namespace orrery
