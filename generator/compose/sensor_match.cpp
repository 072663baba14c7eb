#include "generator/compose/sensor_match.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "generator/compose/blur.hpp"
#include "generator/compose/light.hpp"

namespace orrery {
namespace {

constexpr int kBlock = 16;         // pixels, where noise is measured
constexpr double kKnownBlur = 1;   // pixels
constexpr float kStrongEdge = 12;  // luminance a pixel
constexpr std::size_t kFewEdges = 30;
constexpr double kUnknownBlur = 0.5;  // of things without edges: about that of a filtered render
constexpr double kGreatestBlur = 3;
constexpr double kGreatestNoise = 4;  // more is texture: a carpet is nowhere flat

/// Luminance, and where it is one: layers have no colour outside their mask.
struct Plane {
  Image<float> value;
  Image<std::uint8_t> valid;
};

template <class T>
double quantile(std::vector<T>& values, double share) {
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

bool valid_around(const Plane& plane, int x, int y, int reach) {
  for (int v = y - reach; v <= y + reach; ++v) {
    for (int u = x - reach; u <= x + reach; ++u) {
      if (u < 0 || v < 0 || u >= plane.valid.width || v >= plane.valid.height) return false;
      if (plane.valid.at(u, v) == 0) return false;
    }
  }
  return true;
}

double noise_of(const Plane& plane) {
  std::vector<double> blocks;
  const Image<float>& v = plane.value;
  for (int y0 = 1; y0 + kBlock < v.height; y0 += kBlock) {
    for (int x0 = 1; x0 + kBlock < v.width; x0 += kBlock) {
      double sum = 0;
      double mean = 0;
      int count = 0;
      for (int y = y0; y < y0 + kBlock; ++y) {
        for (int x = x0; x < x0 + kBlock; ++x) {
          if (!valid_around(plane, x, y, 1)) continue;
          const float second =
              v.at(x - 1, y - 1) + v.at(x + 1, y - 1) + v.at(x - 1, y + 1) + v.at(x + 1, y + 1) +
              4 * v.at(x, y) -
              2 * (v.at(x - 1, y) + v.at(x + 1, y) + v.at(x, y - 1) + v.at(x, y + 1));
          sum += std::abs(second);
          mean += v.at(x, y);
          ++count;
        }
      }
      if (count < kBlock * kBlock / 2) continue;
      mean /= count;
      if (mean < 16 || mean > 240) continue;  // what is cut off shows no noise
      blocks.push_back(std::sqrt(std::acos(-1.0) / 2) / 6 * sum / count);
    }
  }
  return blocks.empty() ? 0 : quantile(blocks, 0.1);
}

std::optional<double> blur_of(const Plane& plane) {
  const Image<float> softer = blurred(plane.value, kKnownBlur, Border::last_pixel);
  const auto slope = [](const Image<float>& v, int x, int y) {
    const float dx = (v.at(x + 1, y) - v.at(x - 1, y)) / 2;
    const float dy = (v.at(x, y + 1) - v.at(x, y - 1)) / 2;
    return std::sqrt(dx * dx + dy * dy);
  };
  std::vector<double> sigmas;
  const int reach = 3;
  for (int y = reach; y + reach < plane.value.height; ++y) {
    for (int x = reach; x + reach < plane.value.width; ++x) {
      const float strong = slope(plane.value, x, y);
      if (strong < kStrongEdge || !valid_around(plane, x, y, reach)) continue;
      const float soft = slope(softer, x, y);
      const double ratio = strong / std::max(soft, 1e-3F);
      if (ratio <= 1.02) continue;  // beside an edge, not on it
      sigmas.push_back(kKnownBlur / std::sqrt(ratio * ratio - 1));
    }
  }
  if (sigmas.size() < kFewEdges) return std::nullopt;
  return quantile(sigmas, 0.2);
}

}  // namespace

SensorLook sensor_look(const Image<Rgba8>& picture) {
  Plane plane{Image<float>(picture.width, picture.height),
              Image<std::uint8_t>(picture.width, picture.height, 1)};
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) {
    plane.value.pixels[i] = luminance(glm::vec3(picture.pixels[i]));
  }
  return {blur_of(plane).value_or(0), noise_of(plane)};
}

void match_sensor(Layer& layer, const SensorLook& look, Rng& rng) {
  Image<glm::vec4>& color = layer.color;
  Plane plane{Image<float>(color.width, color.height), layer.mask};
  for (std::size_t i = 0; i < color.pixels.size(); ++i) {
    plane.value.pixels[i] = luminance(glm::vec3(color.pixels[i]));
  }
  const double has = look.blur > 0 ? blur_of(plane).value_or(kUnknownBlur) : 0;
  const double noise = noise_of(plane);
  const double lacks = std::sqrt(std::max(look.blur * look.blur - has * has, 0.0));
  if (lacks > 0.3) {  // less than that changes nothing that can be seen
    Image<glm::vec4> weighted = color;
    for (glm::vec4& c : weighted.pixels) {
      const float known = c.r + c.g + c.b > 0 ? 1.0F : 0.0F;
      c = glm::vec4(glm::vec3(c) * known, known);
    }
    const Image<glm::vec4> soft =
        blurred(weighted, std::min(lacks, kGreatestBlur), Border::nothing);
    for (std::size_t i = 0; i < color.pixels.size(); ++i) {
      const glm::vec4& from = soft.pixels[i];
      if (from.a > 0) color.pixels[i] = glm::vec4(glm::vec3(from) / from.a, color.pixels[i].a);
    }
  }
  const double wanted = std::min(look.noise, kGreatestNoise);
  const double missing = std::sqrt(std::max(wanted * wanted - noise * noise, 0.0));
  if (missing <= 0) return;
  for (glm::vec4& c : color.pixels) {
    const auto n = static_cast<float>(missing * rng.normal());
    c = glm::vec4(glm::clamp(glm::vec3(c) + n, 0.0F, 255.0F), c.a);
  }
}

}  // namespace orrery
