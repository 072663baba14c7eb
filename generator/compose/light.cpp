#include "generator/compose/light.hpp"

#include <algorithm>
#include <cmath>

namespace orrery {
namespace {

constexpr double kLeastGain = 0.6;  // of a mean, and its inverse the greatest
constexpr double kLeastContrast = 0.75;
constexpr float kColoured = 16;  // difference of channels from which a hue can be seen, of 255

float chroma(const glm::vec3& c) { return std::max({c.r, c.g, c.b}) - std::min({c.r, c.g, c.b}); }

struct Statistics {
  glm::dvec3 mean{0.0};
  double deviation = 0;  ///< of luminance
  double count = 0;
};

class Sums {
 public:
  void add(const glm::vec3& color) {
    const double y = luminance(color);
    sum_ += glm::dvec3(color);
    luminance_ += y;
    squares_ += y * y;
    ++count_;
  }
  Statistics statistics() const {
    if (count_ < 1) return {};
    const double mean = luminance_ / count_;
    return {sum_ / count_, std::sqrt(std::max(squares_ / count_ - mean * mean, 0.0)), count_};
  }

 private:
  glm::dvec3 sum_{0.0};
  double luminance_ = 0;
  double squares_ = 0;
  double count_ = 0;
};

/// Of the picture in the layer's extent, half as large again on each side.
Statistics around(const Image<Rgba8>& picture, const Box& extent, const glm::ivec2& at) {
  const int dx = (extent.x1 - extent.x0) / 2;
  const int dy = (extent.y1 - extent.y0) / 2;
  Sums sums;
  for (int y = std::max(at.y + extent.y0 - dy, 0);
       y < std::min(at.y + extent.y1 + dy, picture.height); ++y) {
    for (int x = std::max(at.x + extent.x0 - dx, 0);
         x < std::min(at.x + extent.x1 + dx, picture.width); ++x) {
      sums.add(glm::vec3(picture.at(x, y)));
    }
  }
  return sums.statistics();
}

Statistics of_layer(const Layer& layer) {
  Sums sums;
  for (std::size_t i = 0; i < layer.mask.pixels.size(); ++i) {
    if (layer.mask.pixels[i] != 0) sums.add(glm::vec3(layer.color.pixels[i]));
  }
  return sums.statistics();
}

double turn_between(double a, double b) {
  const double d = std::fmod(std::abs(a - b), 360.0);
  return std::min(d, 360 - d);
}

/// Whether no colour of the layer turns by more than the limit under these gains.
bool keeps_hues(const Layer& layer, const glm::vec3& gains, double limit) {
  for (const glm::vec4& pixel : layer.color.pixels) {
    const glm::vec3 color(pixel);
    if (pixel.a <= 0 || chroma(color) < kColoured) continue;
    if (turn_between(hue_of(color), hue_of(color * gains)) > limit) return false;
  }
  return true;
}

}  // namespace

double hue_of(const glm::vec3& c) {
  const float high = std::max({c.r, c.g, c.b});
  const float range = chroma(c);
  if (range <= 0) return 0;
  double sixth = 0;
  if (high == c.r) {
    sixth = (c.g - c.b) / range;
  } else if (high == c.g) {
    sixth = (c.b - c.r) / range + 2;
  } else {
    sixth = (c.r - c.g) / range + 4;
  }
  return std::fmod(sixth * 60 + 360, 360.0);
}

void match_light(Layer& layer, const Image<Rgba8>& picture, const glm::ivec2& at, double strength,
                 double max_hue_shift) {
  const Statistics place = around(picture, layer.extent, at);
  const Statistics own = of_layer(layer);
  if (strength <= 0 || place.count < 1 || own.count < 1) return;
  const auto gain_of = [&](double from, double to) {
    const double all = std::max(to, 1.0) / std::max(from, 1.0);
    return std::clamp(std::pow(all, strength), kLeastGain, 1 / kLeastGain);
  };
  const double level = gain_of(luminance(glm::vec3(own.mean)), luminance(glm::vec3(place.mean)));
  // What differs between channels is the light's tint; it is held back where it would turn hues.
  const glm::dvec3 tint =
      glm::dvec3(gain_of(own.mean.r, place.mean.r), gain_of(own.mean.g, place.mean.g),
                 gain_of(own.mean.b, place.mean.b)) /
      level;
  double held = 1;
  const auto gains = [&] { return glm::vec3(level * glm::pow(tint, glm::dvec3(held))); };
  for (int halvings = 0; !keeps_hues(layer, gains(), 0.8 * max_hue_shift); ++halvings) {
    held = halvings < 8 ? held * 0.7 : 0;
    if (held <= 0) break;
  }
  const glm::vec3 gain = gains();
  const double contrast =
      own.deviation < 1
          ? 1
          : std::clamp(std::pow(std::max(place.deviation, 1.0) / own.deviation, strength),
                       kLeastContrast, 1 / kLeastContrast);
  const auto middle = static_cast<float>(luminance(gain * glm::vec3(own.mean)));
  for (glm::vec4& pixel : layer.color.pixels) {
    const glm::vec3 lit = gain * glm::vec3(pixel);
    const float y = luminance(lit);
    if (y <= 0) continue;
    // One factor for all channels keeps the hue, and so does stopping short of white.
    const float wanted = std::max(middle + static_cast<float>(contrast) * (y - middle), 0.25F * y);
    const float factor = std::min(wanted / y, 255 / std::max({lit.r, lit.g, lit.b}));
    pixel = glm::vec4(lit * factor, pixel.a);
  }
}

}  // namespace orrery
