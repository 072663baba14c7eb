#include <algorithm>
#include <array>
#include <cmath>

#include "assets/objects.hpp"
#include "assets/paint.hpp"

namespace orrery::assets {
namespace {

constexpr double kHalf = 0.03;
constexpr double kRounding = 0.0085;
constexpr double kPip = 0.175;  ///< radius, in half faces

/// Centres of the pips of a face in [-1, 1]².
std::vector<glm::dvec2> pips(int value) {
  constexpr double kFar = 0.47;
  std::vector<glm::dvec2> at;
  if (value % 2 == 1) at.emplace_back(0, 0);
  const auto pair = [&](double x, double y) {
    at.emplace_back(x, y);
    at.emplace_back(-x, -y);
  };
  if (value >= 2) pair(-kFar, kFar);
  if (value >= 4) pair(kFar, kFar);
  if (value == 6) pair(kFar, 0);
  return at;
}

double nearest_pip(int value, glm::dvec2 p) {
  double nearest = 10;
  for (const glm::dvec2& pip : pips(value)) nearest = std::min(nearest, glm::distance(p, pip));
  return nearest;
}

/// Faces +x -x +y -y +z -z show 1 6 3 4 2 5: opposite sides add up to 7.
constexpr std::array<int, 6> kValues{1, 6, 3, 4, 2, 5};

/// Six faces in three columns and two rows.
glm::dvec4 ivory(glm::dvec2 uv) {
  const glm::dvec2 cell(uv.x * 3, uv.y * 2);
  const int face =
      std::min(2, static_cast<int>(cell.x)) + 3 * std::min(1, static_cast<int>(cell.y));
  const glm::dvec2 p = 2.0 * (cell - glm::floor(cell)) - 1.0;
  const int value = kValues[static_cast<std::size_t>(face)];
  if (nearest_pip(value, p) < kPip) return value == 1 ? rgb(0.78, 0.1, 0.1) : rgb(0.07, 0.07, 0.1);
  const double vein = fractal(p * 3.0 + 20.0 * value);
  return glm::mix(rgb(0.95, 0.91, 0.80), rgb(0.88, 0.81, 0.66), vein * vein);
}

Mesh face_of(int face) {
  constexpr int kCells = 28;
  const int axis = face / 2;
  const double sign = face % 2 == 0 ? 1 : -1;
  const auto flat = [](double i, double j) { return glm::dvec2(i, j) * (2.0 / kCells) - 1.0; };
  const auto f = [=](double i, double j) {
    const glm::dvec2 q = flat(i, j);
    // Equal angles on the rounding: its edge lies at 45 degrees.
    glm::dvec3 p;
    p[axis] = sign * kHalf;
    p[(axis + 1) % 3] = sign * q.x * kHalf;
    p[(axis + 2) % 3] = q.y * kHalf;
    const glm::dvec3 inner = glm::clamp(p, kRounding - kHalf, kHalf - kRounding);
    const glm::dvec3 out = glm::normalize(p - inner);
    const double pip = nearest_pip(kValues[static_cast<std::size_t>(face)], q) / kPip;
    const double dent = pip < 1 ? 0.0013 * std::pow(1 - pip * pip, 0.8) : 0;
    return inner + (kRounding - dent) * out;
  };
  const int row = face / 3;
  const auto uv = [=](double i, double j) {
    const glm::dvec2 q = 0.5 + 0.4975 * flat(i, j);  // half a texel away from the neighbours
    return glm::dvec2((q.x + face % 3) / 3, (q.y + row) / 2);
  };
  return patch(kCells, kCells, f, uv);
}

}  // namespace

Thing die() {
  Mesh mesh;
  for (int face = 0; face < 6; ++face) mesh.add(face_of(face));
  for (glm::vec3& p : mesh.positions) p.z += static_cast<float>(kHalf);
  return {"die", {{{"ivory", glm::dvec3(1), 0, 0.3, painted(512, 256, ivory)}, mesh}}};
}

}  // namespace orrery::assets
