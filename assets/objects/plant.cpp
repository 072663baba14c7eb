#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include "assets/objects.hpp"
#include "assets/paint.hpp"

namespace orrery::assets {
namespace {

glm::dvec4 terracotta(glm::dvec2 uv) {
  const double grain = fractal({uv.x * 40, uv.y * 24});
  const double stain = fractal({uv.x * 6, uv.y * 3 + 9});
  const glm::dvec4 clay = rgb(0.72, 0.38, 0.25) * (0.86 + 0.26 * grain);
  return glm::mix(clay, rgb(0.86, 0.74, 0.64), 0.35 * glm::smoothstep(0.55, 0.8, stain));
}

glm::dvec4 soil(glm::dvec2 uv) {
  const glm::dvec2 p(uv.y * std::cos(uv.x * glm::two_pi<double>()),
                     uv.y * std::sin(uv.x * glm::two_pi<double>()));
  const double crumb = fractal(p * 14.0 + 40.0);
  return rgb(0.30, 0.20, 0.13) * (0.35 + 1.1 * crumb);
}

/// A leaf along v with a midrib, veins and a lighter, wavy margin; outside it alpha is 0.
glm::dvec4 leaf_print(glm::dvec2 uv) {
  const double x = std::abs(uv.x - 0.5) * 2;
  const double y = uv.y;
  const double outline = 0.95 * std::pow(std::sin(glm::pi<double>() * std::pow(y, 0.75)), 0.8) *
                         (0.94 + 0.06 * std::sin(y * 44));
  const double vein = std::abs(std::fmod(y * 9 - x * 2.4 + 10, 1.0) - 0.5) * 2;
  glm::dvec3 green = glm::mix(glm::dvec3(0.13, 0.40, 0.12), glm::dvec3(0.26, 0.58, 0.20),
                              fractal({uv.x * 9, uv.y * 9}));
  green = glm::mix(green, glm::dvec3(0.62, 0.78, 0.42), 0.55 * glm::smoothstep(0.80, 0.98, vein));
  green = glm::mix(green, glm::dvec3(0.78, 0.85, 0.55), glm::smoothstep(0.07, 0.02, x));
  green = glm::mix(green, glm::dvec3(0.86, 0.88, 0.62),
                   0.8 * glm::smoothstep(outline - 0.16, outline - 0.04, x));
  return {green, x < outline && y > 0.004 && y < 0.996 ? 1 : 0};
}

/// One leaf that starts at the origin, rises and bends over towards +x.
Mesh leaf(double length, double width, double rise) {
  const auto f = [=](double i, double j) {
    const double t = j / 10;
    const double s = i / 6 - 0.5;
    const double lift = rise * t - (0.35 + 0.5 * rise) * t * t;
    const double cup = 0.25 * s * s * std::sin(glm::pi<double>() * std::clamp(t, 0.0, 1.0));
    return glm::dvec3(length * t * (1 - 0.12 * t), width * -s, length * lift + width * cup * 2);
  };
  return patch(6, 10, f, [](double i, double j) { return glm::dvec2(i / 6, j / 10); });
}

}  // namespace

Thing plant() {
  const auto pot = rounded({{{0, 0.002}}, {{0.034, 0.002}, 0.001}, {{0.037, 0}, 0.001},
                            {{0.041, 0}, 0.003}, {{0.053, 0.070}, 0.001}, {{0.059, 0.070}, 0.002},
                            {{0.061, 0.094}, 0.003}, {{0.054, 0.094}, 0.003}, {{0.051, 0.075}}},
                           5);
  std::vector<glm::dvec2> earth;
  for (int k = 0; k <= 10; ++k) earth.emplace_back(0.0545 * (10 - k) / 10.0, 0.083 + 0.0006 * k);
  Mesh leaves;
  Mesh stems;
  constexpr int kLeaves = 17;
  for (int k = 0; k < kLeaves; ++k) {
    const double up = static_cast<double>(k) / (kLeaves - 1);  // 0: outer and low, 1: inner, high
    const double angle = 2.39996 * k;                          // the golden angle
    const glm::dvec2 out(std::cos(angle), std::sin(angle));
    const double height = 0.030 + 0.105 * up + 0.012 * noise({k * 3.7, 0.5});
    const double reach = 0.030 - 0.024 * up;
    std::vector<glm::dvec3> path;
    std::vector<glm::dvec2> radii;
    for (int s = 0; s <= 8; ++s) {
      const double t = s / 8.0;
      path.emplace_back(out * (0.006 + reach * t * t), 0.082 + height * t);
      radii.emplace_back(glm::dvec2(0.0017 - 0.0006 * t));
    }
    stems.add(tube(path, radii, {-out.y, out.x, 0}, 8));
    const double size = 1.0 - 0.35 * up;
    const glm::dmat4 place = glm::translate(glm::dmat4(1), path.back()) *
                             glm::rotate(glm::dmat4(1), angle, {0, 0, 1});
    leaves.add(leaf(0.088 * size, 0.046 * size, 0.35 + 0.75 * up).moved(place));
  }
  return {"plant",
          {{{"terracotta", glm::dvec3(1), 0, 0.85, painted(256, 128, terracotta)}, lathe(pot, 56)},
           {{"soil", glm::dvec3(1), 0, 0.95, painted(128, 64, soil)}, lathe(earth, 40)},
           {{"stem", {0.12, 0.30, 0.06}, 0, 0.6, {}}, stems},
           {{"leaf", glm::dvec3(1), 0, 0.5, painted(256, 256, leaf_print), true}, leaves}}};
}

}  // namespace orrery::assets
