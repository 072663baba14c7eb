#include "generator/compose/fuse.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "generator/compose/blur.hpp"
#include "generator/compose/light.hpp"
#include "generator/encode.hpp"

namespace orrery {
namespace {

constexpr double kRadians = 0.017453292519943295;  // in a degree
constexpr std::array<const char*, 3> kEdgeNames{"hard", "gaussian", "motion"};

PasteEdge drawn_edge(const EdgeWeights& weights, Rng& rng) {
  double left = rng.unit() * (weights.hard + weights.gaussian + weights.motion);
  if ((left -= weights.hard) < 0) return PasteEdge::hard;
  if ((left -= weights.gaussian) < 0) return PasteEdge::gaussian;
  return weights.motion > 0 ? PasteEdge::motion : PasteEdge::hard;
}

/// Mean along a line through each pixel.
Image<float> smeared(const Image<float>& image, double length, double angle) {
  const int steps = std::max(1, static_cast<int>(std::ceil(length)));
  const glm::dvec2 way(std::cos(angle), std::sin(angle));
  Image<float> result(image.width, image.height, 0);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      float sum = 0;
      for (int i = -steps; i <= steps; ++i) {
        const double along = length / 2 * i / steps;
        const double u = x + along * way.x;
        const double v = y + along * way.y;
        const int x0 = static_cast<int>(std::floor(u));
        const int y0 = static_cast<int>(std::floor(v));
        for (int j = 0; j < 4; ++j) {
          const int px = x0 + j % 2;
          const int py = y0 + j / 2;
          if (px < 0 || py < 0 || px >= image.width || py >= image.height) continue;
          sum += image.at(px, py) *
                 static_cast<float>((1 - std::abs(u - px)) * (1 - std::abs(v - py)));
        }
      }
      result.at(x, y) = sum / static_cast<float>(2 * steps + 1);
    }
  }
  return result;
}

double drawn_by(const Distribution& d, const Draws& draws, const std::string& factor) {
  Rng rng = draws.rng(factor);
  return drawn(d, rng);
}

/// Round, not cut off: a picture's mean stays.
std::uint8_t level(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

}  // namespace

Fusion::Fusion(Image<Rgba8>& picture, const FusionSpec& spec, const Draws& draws)
    : picture_(picture),
      spec_(spec),
      draws_(draws),
      look_(spec.sensor ? sensor_look(picture) : SensorLook{}),
      direction_(drawn_by(spec.shadow.direction, draws, "shadow/direction") * kRadians) {}

int Fusion::margin(const FusionSpec& spec) {
  const double reach = std::max(3 * greatest(spec.softness), greatest(spec.motion) / 2 + 1);
  return static_cast<int>(std::ceil(reach)) + 1;
}

void Fusion::soften(Layer& layer, std::size_t number, Json& said) const {
  const std::string at = "edge/" + std::to_string(number);
  Rng rng = draws_.rng(at);
  const PasteEdge edge = drawn_edge(spec_.edges, rng);
  said["edge"] = kEdgeNames[static_cast<std::size_t>(edge)];
  Image<float> alpha(layer.mask.width, layer.mask.height);
  for (std::size_t i = 0; i < alpha.pixels.size(); ++i) alpha.pixels[i] = layer.mask.pixels[i];
  if (edge == PasteEdge::gaussian) {
    const double sigma = drawn_by(spec_.softness, draws_, at + "/softness");
    said["softness"] = sigma;
    alpha = blurred(alpha, sigma, Border::nothing);
  } else if (edge == PasteEdge::motion) {
    const double length = drawn_by(spec_.motion, draws_, at + "/motion");
    said["motion"] = length;
    Rng angle = draws_.rng(at + "/angle");
    alpha = smeared(alpha, length, angle.uniform(0, 180 * kRadians));
  }
  for (std::size_t i = 0; i < alpha.pixels.size(); ++i) layer.color.pixels[i].a = alpha.pixels[i];
}

void Fusion::shade(const Layer& layer, const glm::ivec2& at, std::size_t number, Json& said) {
  const std::string where = "shadow/" + std::to_string(number);
  Rng rng = draws_.rng(where);
  if (rng.unit() >= spec_.shadow.probability) return;
  const double opacity = drawn_by(spec_.shadow.opacity, draws_, where + "/opacity");
  const Box& e = layer.extent;
  const double side = std::min(e.x1 - e.x0, e.y1 - e.y0);
  const double length = side * drawn_by(spec_.shadow.length, draws_, where + "/length");
  const double softness =
      std::max(0.5, side * drawn_by(spec_.shadow.softness, draws_, where + "/softness"));
  said["shadow"] = {{"opacity", opacity}, {"length_px", length}, {"softness_px", softness}};
  const int margin = static_cast<int>(std::ceil(length + 3 * softness)) + 1;
  Image<float> shadow(layer.mask.width + 2 * margin, layer.mask.height + 2 * margin, 0);
  const int steps = std::max(1, static_cast<int>(std::ceil(length)));
  const double top = e.y1 - 0.6 * (e.y1 - e.y0);  // nothing of the upper part is near the ground
  for (int i = 0; i <= steps; ++i) {
    const double along = length * i / steps;
    const int dx = margin + static_cast<int>(std::lround(along * std::sin(direction_)));
    const int dy = margin + static_cast<int>(std::lround(along * std::cos(direction_)));
    const auto fade = static_cast<float>(1 - 0.5 * i / steps);
    for (int y = e.y0; y < e.y1; ++y) {
      const double low = std::clamp((y + 1 - top) / std::max(e.y1 - top, 1.0) * 2, 0.0, 1.0);
      if (low <= 0) continue;
      for (int x = e.x0; x < e.x1; ++x) {
        if (layer.mask.at(x, y) == 0) continue;
        float& s = shadow.at(x + dx, y + dy);
        s = std::max(s, static_cast<float>(low) * fade);
      }
    }
  }
  shadow = blurred(shadow, softness, Border::nothing);
  for (int y = 0; y < shadow.height; ++y) {
    for (int x = 0; x < shadow.width; ++x) {
      const int u = at.x + x - margin;
      const int v = at.y + y - margin;
      if (u < 0 || v < 0 || u >= picture_.width || v >= picture_.height) continue;
      const float left = 1 - static_cast<float>(opacity) * shadow.at(x, y);
      if (left >= 1) continue;
      Rgba8& c = picture_.at(u, v);
      const glm::vec3 dark = glm::vec3(c) * left;
      c = {level(dark.r), level(dark.g), level(dark.b), c.a};
    }
  }
}

Json Fusion::lay(Layer layer, const glm::ivec2& at, std::size_t number) {
  Json said = Json::object();
  const double strength = drawn_by(spec_.light, draws_, "light/" + std::to_string(number));
  said["light"] = strength;
  match_light(layer, picture_, at, strength, spec_.max_hue_shift);
  if (spec_.sensor) {
    Rng noise = draws_.rng("sensor/" + std::to_string(number));
    match_sensor(layer, look_, noise);
  }
  soften(layer, number, said);
  shade(layer, at, number, said);
  for (int y = 0; y < layer.color.height; ++y) {
    for (int x = 0; x < layer.color.width; ++x) {
      const int u = at.x + x;
      const int v = at.y + y;
      const glm::vec4& over = layer.color.at(x, y);
      if (u < 0 || v < 0 || u >= picture_.width || v >= picture_.height || over.a <= 0) continue;
      Rgba8& c = picture_.at(u, v);
      const float a = std::min(over.a, 1.0F);
      const glm::vec3 mixed = glm::vec3(over) * a + glm::vec3(c) * (1 - a);
      c = {level(mixed.r), level(mixed.g), level(mixed.b), std::max(c.a, level(a * 255))};
    }
  }
  return said;
}

Json Fusion::finish() {
  Json said = {{"shadow_direction", direction_ / kRadians}};
  if (spec_.sensor) {
    said["blur_px"] = look_.blur;
    said["noise"] = look_.noise;
  }
  const int quality = static_cast<int>(drawn_by(spec_.jpeg, draws_, "jpeg"));
  if (quality < 1) return said;
  picture_ = through_jpeg(picture_, std::min(quality, 100));
  said["jpeg"] = quality;
  return said;
}

}  // namespace orrery
