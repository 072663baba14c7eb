#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "assets/objects.hpp"
#include "assets/paint.hpp"

namespace orrery::assets {
namespace {

constexpr double kRadius = 0.0365;
constexpr double kHeight = 0.112;

glm::dvec4 tomato(glm::dvec2 p) {
  const double squash = glm::length(glm::dvec2(p.x, p.y * 1.12));
  const double a = std::atan2(p.x, p.y + 0.62);
  const double leaf = 0.16 + 0.30 * std::pow(std::abs(std::cos(2.5 * a)), 3);
  if (glm::length(glm::dvec2(p.x, (p.y + 0.62) * 1.6)) < leaf) return rgb(0.22, 0.48, 0.16);
  if (squash > 0.9) return {0, 0, 0, 0};
  const double shine =
      std::exp(-12 * glm::dot(p + glm::dvec2(0.35, 0.3), p + glm::dvec2(0.35, 0.3)));
  const double shade = 1 - 0.35 * squash * squash;
  return glm::mix(rgb(0.86 * shade, 0.14 * shade, 0.08 * shade), rgb(1, 0.8, 0.72), 0.6 * shine);
}

/// v runs upwards. The print repeats on both sides of the can.
glm::dvec4 label(glm::dvec2 uv) {
  const glm::dvec4 cream = rgb(0.97, 0.93, 0.82);
  const glm::dvec4 red = rgb(0.74, 0.10, 0.09);
  const glm::dvec4 green = rgb(0.13, 0.34, 0.17);
  const glm::dvec4 gold = rgb(0.85, 0.66, 0.26);
  const double y = 1 - uv.y;
  const glm::dvec2 p(std::fmod(uv.x, 0.5) - 0.25, y);  // in label heights: one round is 2.2
  if (y < 0.06 || y > 0.94) return green;
  if (y < 0.075 || y > 0.925) return gold;
  if (std::abs(p.x) > 0.19) {  // the small print
    const bool line = std::fmod(y * 22, 1.0) < 0.45 && y > 0.2 && y < 0.8 && uv.x < 0.5;
    const bool word = noise({uv.x * 160, std::floor(y * 22) * 7}) > 0.4;
    return line && word && std::abs(p.x) > 0.2 ? rgb(0.98, 0.8, 0.7) : red;
  }
  if (std::abs(p.x) > 0.183) return gold;
  if (on_text("TOMATO", {(p.x + 0.155) * 113, (y - 0.14) * 52})) return red;
  if (on_text("SOUP", {(p.x + 0.075) * 153, (y - 0.31) * 70})) return green;
  const glm::dvec4 fruit = tomato({p.x * 8.2, (y - 0.67) * 3.8});
  return glm::mix(cream, glm::dvec4(glm::dvec3(fruit), 1), fruit.a);
}

/// From the bottom's centre to the seam, or from the seam to the lid's centre.
std::vector<glm::dvec2> lid(bool top) {
  std::vector<glm::dvec2> line;
  for (int k = 0; k <= 30; ++k) {
    const double r = 0.0325 * k / 30;
    const double rings = r > 0.010 && r < 0.029 ? 0.0007 * std::cos(r * 1000) : 0;
    line.emplace_back(r, 0.0035 + rings);
  }
  for (const glm::dvec2& p : rounded({{{0.0335, 0.0030}},
                                      {{0.0350, 0.0}, 0.0009},
                                      {{kRadius + 0.0012, 0.0}, 0.0011},
                                      {{kRadius + 0.0012, 0.0032}, 0.0011},
                                      {{kRadius - 0.0006, 0.0050}}},
                                     5)) {
    line.push_back(p);
  }
  if (!top) return line;
  std::reverse(line.begin(), line.end());
  for (glm::dvec2& p : line) p.y = kHeight - p.y;
  return line;
}

}  // namespace

Thing can() {
  std::vector<glm::dvec2> wall;
  for (int k = 0; k <= 40; ++k) {
    const double t = k / 40.0;
    const double ribs =
        t > 0.28 && t < 0.72 ? std::pow(std::sin((t - 0.28) / 0.44 * 15.708), 2) : 0;
    wall.emplace_back(kRadius - 0.0006 * ribs, 0.0048 + (kHeight - 0.0096) * t);
  }
  Mesh steel = lathe(lid(false), 48);
  steel.add(lathe(lid(true), 48));
  return {"can",
          {{{"label", glm::dvec3(1), 0, 0.45, painted(512, 256, label)}, lathe(wall, 48)},
           {{"tin plate", {0.75, 0.74, 0.71}, 1, 0.28, {}}, steel}},
          {{"lid", {0, 0, kHeight - 0.0035}}, {"bottom", {0, 0, 0.0035}}},
          {{"lid", "bottom"}}};
}

}  // namespace orrery::assets
