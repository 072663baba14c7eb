#include "scenes/sensor_mosaic.hpp"

#include <cstdlib>

namespace orrery {
namespace {

/// The pixel in [0, count) of which `i` is a mirror image: -1 shows 1, `count` shows count - 2.
int mirrored(int i, int count) {
  if (count == 1) return 0;
  const int period = 2 * (count - 1);
  const int phase = std::abs(i) % period;
  return phase < count ? phase : period - phase;
}

void average_rows(const Plane& channel, int y, float* __restrict out) {
  const float* const above = channel.nearest_row(y - 1);
  const float* const here = channel.row(y);
  const float* const below = channel.nearest_row(y + 1);
  for (int x = -1; x <= channel.width(); ++x)
    out[x] = 0.5F * here[x] + 0.25F * (above[x] + below[x]);
}

/// The five rows around one, from two above to two below.
using Window = std::array<const float*, 5>;

/// `own` is the colour, red or blue, that pixels of this row see besides green, the first of them
/// in column `phase`; `other` is the one that they never see.
void demosaic_row(const Window& rows, int phase, float* __restrict own, float* __restrict green,
                  float* __restrict other, int width) {
  const float* const n2 = rows[0];
  const float* const n = rows[1];
  const float* const c = rows[2];
  const float* const s = rows[3];
  const float* const s2 = rows[4];
  for (int x = 0; x < width; ++x) {
    const float beside = c[x - 1] + c[x + 1];
    const float upright = n[x] + s[x];
    const float diagonal = n[x - 1] + n[x + 1] + s[x - 1] + s[x + 1];
    const float far_beside = c[x - 2] + c[x + 2];
    const float far_upright = n2[x] + s2[x];
    const float far = far_beside + far_upright;
    const float cross = 0.125F * (4 * c[x] + 2 * (beside + upright) - far);
    const float opposite = 0.125F * (6 * c[x] + 2 * diagonal - 1.5F * far);
    const float along =
        0.125F * (5 * c[x] + 4 * beside - diagonal - far_beside + 0.5F * far_upright);
    const float across =
        0.125F * (5 * c[x] + 4 * upright - diagonal - far_upright + 0.5F * far_beside);
    const bool sees_own = (x & 1) == phase;
    own[x] = sees_own ? c[x] : along;
    green[x] = sees_own ? cross : c[x];
    other[x] = sees_own ? opposite : across;
  }
}

}  // namespace

void expose_mosaic(const Rgb& image, const Plane& mosaic, const Plane& rows) {
  const int width = mosaic.width();
  for (int y = 0; y < mosaic.height(); ++y) {
    const std::size_t first = (y & 1) == 0 ? 0 : 1;  // the colour of even pixels in this row
    float* __restrict const even = rows.row(0);
    float* __restrict const odd = rows.row(1);
    average_rows(image[first], y, even);
    average_rows(image[first + 1], y, odd);
    float* __restrict const out = mosaic.row(y);
    for (int x = 0; x < width; ++x) {
      const float a = 0.5F * even[x] + 0.25F * (even[x - 1] + even[x + 1]);
      const float b = 0.5F * odd[x] + 0.25F * (odd[x - 1] + odd[x + 1]);
      out[x] = (x & 1) == 0 ? a : b;
    }
  }
}

void demosaic(const Plane& mosaic, const Rgb& image) {
  const int width = mosaic.width();
  for (int y = 0; y < mosaic.height(); ++y) {
    float* const row = mosaic.row(y);
    for (const int x : {-2, -1, width, width + 1}) row[x] = row[mirrored(x, width)];
  }
  for (int y = 0; y < mosaic.height(); ++y) {
    Window rows;
    for (int i = 0; i < 5; ++i) {
      rows[static_cast<std::size_t>(i)] = mosaic.row(mirrored(y + i - 2, mosaic.height()));
    }
    const int phase = y & 1;
    demosaic_row(rows, phase, image[phase == 0 ? 0 : 2].row(y), image[1].row(y),
                 image[phase == 0 ? 2 : 0].row(y), width);
  }
}

}  // namespace orrery
