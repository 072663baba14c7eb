#include <cmath>
#include <glm/gtc/matrix_transform.hpp>

#include "assets/objects.hpp"
#include "assets/paint.hpp"

namespace orrery::assets {
namespace {

glm::dmat4 at(double x, double y, double z) { return glm::translate(glm::dmat4(1), {x, y, z}); }

/// A knob or an eye: a rounded disc that faces -y.
Mesh button(double radius, double thickness) {
  const auto profile =
      rounded({{{radius, 0}}, {{radius, thickness}, 0.6 * thickness}, {{0, thickness * 1.15}}}, 4);
  return lathe(profile, 28).moved(glm::rotate(glm::dmat4(1), glm::radians(90.0), {1, 0, 0}));
}

Mesh rod(double radius, double low, double high) {
  return lathe({{radius, low}, {radius, high}}, 20);
}

glm::dvec4 face(glm::dvec2 uv) {
  const glm::dvec4 dark = rgb(0.10, 0.12, 0.16);
  const glm::dvec2 p = uv * 2.0 - 1.0;
  const bool tooth = std::abs(p.y) < 0.42 && std::fmod((p.x + 1) * 4, 1.0) > 0.16;
  return tooth ? rgb(0.95, 0.93, 0.86) : dark;
}

/// It faces -y, so its left is at +x.
std::vector<Marker> markers() {
  std::vector<Marker> all{{"antenna", {0, 0, 0.210}}, {"knob", {0, -0.0281, 0.100}}};
  for (const double side : {1.0, -1.0}) {
    const std::string whose = side > 0 ? "left_" : "right_";
    all.push_back({whose + "eye", {side * 0.0115, -0.0291, 0.159}});
    all.push_back({whose + "shoulder", {side * 0.049, 0, 0.110}, true});
    all.push_back({whose + "hand", {side * 0.049, -0.004, 0.049}});
    all.push_back({whose + "foot", {side * 0.020, -0.028, 0.009}});
  }
  return all;
}

}  // namespace

Thing robot() {
  const Image<Rgba8> grain = painted(256, 256, wood);
  const double scale = 8;  // texture repeats every 12.5 cm
  Mesh plain;
  plain.add(rounded_box({0.036, 0.024, 0.038}, 0.005, scale).moved(at(0, 0, 0.085)));
  plain.add(rounded_box({0.007, 0.007, 0.013}, 0.003, scale).moved(at(0.049, -0.004, 0.062)));
  plain.add(rounded_box({0.007, 0.007, 0.013}, 0.003, scale).moved(at(-0.049, -0.004, 0.062)));
  Mesh blue = rounded_box({0.029, 0.024, 0.024}, 0.006, scale).moved(at(0, 0, 0.153));
  for (const double side : {-1.0, 1.0}) {
    blue.add(rounded_box({0.011, 0.014, 0.019}, 0.004, scale).moved(at(side * 0.019, 0, 0.028)));
    blue.add(rounded_box({0.0095, 0.011, 0.024}, 0.004, scale).moved(at(side * 0.049, 0, 0.094)));
  }
  Mesh red;
  for (const double side : {-1.0, 1.0}) {
    red.add(
        rounded_box({0.015, 0.022, 0.009}, 0.004, scale).moved(at(side * 0.020, -0.006, 0.009)));
  }
  red.add(button(0.0085, 0.004).moved(at(0, -0.0235, 0.100)));
  red.add(
      lathe(rounded(
                {{{0, -0.006}}, {{0.006, -0.006}, 0.0055}, {{0.006, 0.006}, 0.0055}, {{0, 0.006}}},
                8),
            24)
          .moved(at(0, 0, 0.204)));
  Mesh yellow;
  for (const double x : {-0.018, 0.018})
    yellow.add(button(0.005, 0.003).moved(at(x, -0.0235, 0.076)));
  Mesh white;
  Mesh black;
  for (const double side : {-1.0, 1.0}) {
    white.add(button(0.0085, 0.003).moved(at(side * 0.0125, -0.0235, 0.160)));
    black.add(button(0.0040, 0.002).moved(at(side * 0.0115, -0.0268, 0.159)));
  }
  const auto mouth = [](double i, double j) {
    return glm::dvec3(0.016 * (i - 0.5) * 2, -0.0246, 0.141 + 0.0045 * (j - 0.5) * 2);
  };
  const Mesh teeth = patch(1, 1, mouth, [](double i, double j) { return glm::dvec2(i, 1 - j); });
  Mesh steel = rod(0.002, 0.175, 0.201);
  steel.add(rod(0.009, 0.120, 0.132));
  for (const double side : {-1.0, 1.0})
    steel.add(rod(0.005, 0.043, 0.050).moved(at(side * 0.019, 0, 0)));
  steel.add(
      rod(0.004, -0.050, 0.050)
          .moved(at(0, 0, 0.110) * glm::rotate(glm::dmat4(1), glm::radians(90.0), {0, 1, 0})));
  return {"robot",
          {{{"beech", glm::dvec3(1), 0, 0.55, grain}, plain},
           {{"blue wood", {0.06, 0.30, 0.62}, 0, 0.5, grain}, blue},
           {{"red wood", {0.85, 0.08, 0.05}, 0, 0.5, grain}, red},
           {{"yellow lacquer", {0.9, 0.55, 0.03}, 0, 0.25, {}}, yellow},
           {{"white lacquer", {0.85, 0.85, 0.82}, 0, 0.2, {}}, white},
           {{"black lacquer", {0.01, 0.01, 0.012}, 0, 0.15, {}}, black},
           {{"teeth", glm::dvec3(1), 0, 0.4, painted(128, 32, face)}, teeth},
           {{"steel", {0.7, 0.7, 0.72}, 1, 0.3, {}}, steel}},
          markers(),
          {{"antenna", "left_eye"},
           {"antenna", "right_eye"},
           {"left_eye", "right_eye"},
           {"left_shoulder", "right_shoulder"},
           {"left_shoulder", "left_hand"},
           {"right_shoulder", "right_hand"},
           {"left_shoulder", "left_foot"},
           {"right_shoulder", "right_foot"}},
          {{"left_eye", "right_eye"},
           {"left_shoulder", "right_shoulder"},
           {"left_hand", "right_hand"},
           {"left_foot", "right_foot"}}};
}

}  // namespace orrery::assets
