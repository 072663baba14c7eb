#include <cmath>
#include <glm/gtc/constants.hpp>

#include "assets/objects.hpp"
#include "assets/paint.hpp"

namespace orrery::assets {
namespace {

/// v runs along the profile: the foot, the outer wall (0.2 to 0.52), the rim, the inside.
glm::dvec4 glaze(glm::dvec2 uv) {
  const glm::dvec4 cream = rgb(0.95, 0.92, 0.85);
  const glm::dvec4 teal = rgb(0.07, 0.38, 0.43);
  const glm::dvec4 coral = rgb(0.91, 0.38, 0.30);
  const glm::dvec4 mustard = rgb(0.94, 0.72, 0.22);
  const double v = (uv.y - 0.2) / 0.32;  // 0 at the foot, 1 at the rim
  if (v < 0.06 || v > 1.04) return v > 1.12 ? cream : teal;
  if (v < 0.26) {
    const double wave = std::abs(std::fmod(uv.x * 14, 1.0) - 0.5);
    return v < 0.10 + 0.28 * wave ? teal : cream;
  }
  if (v < 0.32) return coral;
  if (v > 0.70 && v < 0.745) return mustard;
  if (v > 0.76 && v < 0.90) {
    const glm::dvec2 dot(std::fmod(uv.x * 28, 1.0) - 0.5, (v - 0.83) / 0.32 * 3.4);
    return glm::length(dot) < 0.33 ? coral : cream;
  }
  if (v > 0.90) return v < 0.915 ? cream : teal;
  if (v > 0.70) return cream;
  // Five emblems round the belly: stars and suns in turn.
  const double turn = uv.x * 6;
  const glm::dvec2 p((std::fmod(turn, 1.0) - 0.5) * 2.6, (0.51 - v) * 6.2);
  if (static_cast<int>(turn) % 2 == 0) return in_star(p / 0.95) ? mustard : cream;
  const double r = glm::length(p);
  if (r < 0.42) return coral;
  const double ray = std::fmod(std::atan2(p.y, p.x) / glm::two_pi<double>() * 12 + 12, 1.0);
  return r > 0.55 && r < 0.9 && std::abs(ray - 0.5) < 0.22 ? teal : cream;
}

Mesh handle() {
  std::vector<glm::dvec3> path;
  std::vector<glm::dvec2> radii;
  for (int k = 0; k <= 28; ++k) {
    const double t = glm::pi<double>() * k / 28;
    path.emplace_back(0.0385 + 0.031 * std::pow(std::sin(t), 0.8), 0, 0.050 - 0.027 * std::cos(t));
    const double root = std::pow(std::abs(std::cos(t)), 6);
    radii.emplace_back(0.0065 + 0.002 * root, 0.0042 + 0.002 * root);
  }
  return tube(path, radii, {0, 1, 0}, 20);
}

}  // namespace

Thing mug() {
  const auto profile = rounded({{{0, 0.003}},
                                {{0.030, 0.003}, 0.001},
                                {{0.031, 0}, 0.0008},
                                {{0.036, 0}, 0.002},
                                {{0.0405, 0.012}, 0.01},
                                {{0.041, 0.095}, 0.0019},
                                {{0.037, 0.095}, 0.0019},
                                {{0.0365, 0.010}, 0.008},
                                {{0, 0.007}}},
                               6);
  return {
      "mug",
      {{{"printed glaze", glm::dvec3(1), 0, 0.22, painted(512, 512, glaze)}, lathe(profile, 64)},
       {{"handle", {0.006, 0.12, 0.155}, 0, 0.22, {}}, handle()}},
      {{"handle", {0.0737, 0, 0.050}},
       {"rim_handle", {0.039, 0, 0.095}},
       {"rim_front", {0, -0.039, 0.095}},
       {"rim_away", {-0.039, 0, 0.095}},
       {"rim_back", {0, 0.039, 0.095}},
       {"floor", {0, 0, 0.007}},
       {"base", {0, 0, 0.003}},
       {"middle", {0, 0, 0.050}, true}},
      {{"handle", "rim_handle"},
       {"rim_handle", "rim_front"},
       {"rim_front", "rim_away"},
       {"rim_away", "rim_back"},
       {"rim_back", "rim_handle"}},
      {{"rim_front", "rim_back"}}};
}

}  // namespace orrery::assets
