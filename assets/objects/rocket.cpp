#include <cmath>
#include <glm/gtc/matrix_transform.hpp>

#include "assets/objects.hpp"
#include "assets/paint.hpp"

namespace orrery::assets {
namespace {

/// v runs from the tail (0) to the nose (1).
glm::dvec4 livery(glm::dvec2 uv) {
  const glm::dvec4 white = rgb(0.94, 0.94, 0.92);
  const glm::dvec4 red = rgb(0.82, 0.13, 0.11);
  const glm::dvec4 navy = rgb(0.10, 0.16, 0.36);
  const double v = uv.y;
  if (v > 0.77) return red;
  if (v > 0.745) return navy;
  if (v < 0.13) return navy;
  if (v > 0.20 && v < 0.30) {
    const bool odd = (static_cast<int>(uv.x * 24) + static_cast<int>((v - 0.20) / 0.05)) % 2 != 0;
    return odd ? navy : white;
  }
  if (v > 0.315 && v < 0.33) return red;
  // The name upwards on both sides between the windows.
  const double round = std::fmod(uv.x + 0.25, 0.5);
  const glm::dvec2 letters((v - 0.375) * 98, (round - 0.225) * 140);
  return on_text("ORION", letters) ? red : white;
}

Mesh fin() {
  std::vector<glm::dvec3> path;
  std::vector<glm::dvec2> radii;
  for (int k = 0; k <= 16; ++k) {
    const double t = k / 16.0;
    const double tip = std::sqrt(std::max(0.0, 1 - std::pow(t, 6)));
    path.emplace_back(0.022 + 0.042 * t, 0, 0.062 - 0.040 * std::pow(t, 1.4));
    radii.emplace_back((0.030 - 0.010 * t) * tip, (0.0034 - 0.0012 * t) * tip);
  }
  return tube(path, radii, {0, 0, 1}, 20);
}

/// Of a fin, where it ends.
glm::dvec3 tip(int fin) {
  const double angle = glm::radians(120.0 * fin + 30);
  return {0.064 * std::cos(angle), 0.064 * std::sin(angle), 0.022};
}

}  // namespace

Thing rocket() {
  const auto body = rounded({{{0, 0.038}},
                             {{0.023, 0.038}, 0.002},
                             {{0.037, 0.100}, 0.16},
                             {{0.027, 0.180}, 0.12},
                             {{0.003, 0.232}, 0.003},
                             {{0, 0.233}}},
                            12);
  const auto nozzle = rounded({{{0, 0.034}},
                               {{0.006, 0.030}, 0.002},
                               {{0.016, 0.014}, 0.0008},
                               {{0.0195, 0.014}, 0.0012},
                               {{0.013, 0.030}, 0.01},
                               {{0.015, 0.042}}},
                              6);
  const auto ring = rounded({{{0.0095, 0.000}},
                             {{0.0125, 0.000}, 0.001},
                             {{0.0125, 0.005}, 0.0016},
                             {{0.0092, 0.005}, 0.0012},
                             {{0.0092, 0.002}}},
                            4);
  std::vector<glm::dvec2> dome;
  for (int k = 0; k <= 6; ++k) dome.emplace_back(0.0094 * (6 - k) / 6.0, 0.0022 + 0.0004 * k);
  Mesh fins;
  Mesh rings;
  Mesh glass;
  for (int k = 0; k < 3; ++k) {
    const glm::dmat4 turn = glm::rotate(glm::dmat4(1), glm::radians(120.0 * k + 30), {0, 0, 1});
    fins.add(fin().moved(turn));
  }
  for (int k = 0; k < 2; ++k) {
    // The lathe's z axis becomes the window's outward direction.
    const glm::dmat4 side = glm::rotate(glm::dmat4(1), glm::radians(180.0 * k - 90), {0, 0, 1});
    const glm::dmat4 place = side * glm::translate(glm::dmat4(1), {0.0312, 0, 0.128}) *
                             glm::rotate(glm::dmat4(1), glm::radians(90.0), {0, 1, 0});
    rings.add(lathe(ring, 32).moved(place));
    glass.add(lathe(dome, 32).moved(place));
  }
  const glm::dvec3 steel(0.72, 0.72, 0.74);
  return {"rocket",
          {{{"livery", glm::dvec3(1), 0, 0.35, painted(512, 512, livery)}, lathe(body, 64)},
           {{"fins", {0.62, 0.016, 0.012}, 0, 0.4, {}}, fins},
           {{"nozzle", {0.35, 0.34, 0.34}, 1, 0.38, {}}, lathe(nozzle, 40)},
           {{"window frame", steel, 1, 0.25, {}}, rings},
           {{"window glass", {0.01, 0.03, 0.07}, 0, 0.06, {}}, glass}},
          {{"nose", {0, 0, 0.233}},
           {"front_window", {0, -0.0358, 0.128}},
           {"back_window", {0, 0.0358, 0.128}},
           {"fin_0", tip(0)},
           {"fin_1", tip(1)},
           {"fin_2", tip(2)}},
          {{"nose", "front_window"},
           {"nose", "back_window"},
           {"fin_0", "fin_1"},
           {"fin_1", "fin_2"},
           {"fin_2", "fin_0"}}};
}

}  // namespace orrery::assets
