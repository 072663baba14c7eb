#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <span>
#include <utility>
#include <vector>

#include "scenes/sha256.hpp"
#include "scenes/shape_parts.hpp"
#include "scenes/shapes.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

constexpr int kSteps = 6;  ///< grid lines a cell of a face; a pip lies in the middle of one
constexpr int kRings = 5;  ///< of a pip, from its edge to its bottom
constexpr std::uint32_t kRim = 4 * kSteps;  ///< vertices round a pip

/// Which of a face's three by three cells have a pip, row by row.
bool has_pip(int value, int cell) {
  static constexpr std::array<const char*, 6> kFaces{"....x....", "x.......x", "x...x...x",
                                                     "x.x...x.x", "x.x.x.x.x", "x.xx.xx.x"};
  return kFaces[static_cast<std::size_t>(value - 1)][cell] == 'x';
}

/// One face of the die while it is made.
struct Face {
  int axis;
  double sign;
  double half, rounding;
  double pip, hollow;  ///< of DieLook
  std::vector<double> lines;
  std::uint32_t first = 0;  ///< its first vertex in the body

  int flat_from() const { return (static_cast<int>(lines.size()) - 1 - 3 * kSteps) / 2; }
  std::uint32_t vertex(int i, int j) const {
    return first + static_cast<std::uint32_t>(j) * static_cast<std::uint32_t>(lines.size()) +
           static_cast<std::uint32_t>(i);
  }
  glm::dvec3 on_plane(double x, double y, double depth) const {
    glm::dvec3 p(0);
    p[axis] = sign * (half - depth);
    p[(axis + 1) % 3] = x;
    p[(axis + 2) % 3] = y;
    return p;
  }
};

/// The flat ring from the cell's border to the pip's edge, and the hollow itself: a cap of a ball.
void add_pip(Surface& body, Surface& pips, const Face& face, int left, int low) {
  const double x = 0.5 * (face.lines[static_cast<std::size_t>(left)] +
                          face.lines[static_cast<std::size_t>(left + kSteps)]);
  const double y = 0.5 * (face.lines[static_cast<std::size_t>(low)] +
                          face.lines[static_cast<std::size_t>(low + kSteps)]);
  const double cell = 2 * (face.half - face.rounding) / 3;
  const double edge = std::min(face.pip * face.half, 0.46 * cell);
  const double depth = face.hollow * edge;
  const double ball = (edge * edge + depth * depth) / (2 * depth);
  const double opening = std::asin(edge / ball);
  std::array<std::uint32_t, kRim> outer{};
  std::array<std::uint32_t, kRim> rim{};
  const glm::dvec3 out = face.on_plane(0, 0, 0) / face.half;
  const auto first = static_cast<std::uint32_t>(pips.positions.size());
  for (std::uint32_t k = 0; k < kRim; ++k) {
    const int side = static_cast<int>(k) / kSteps;
    const int step = static_cast<int>(k) % kSteps;
    const std::array<glm::ivec2, 4> border{
        glm::ivec2(step, 0), {kSteps, step}, {kSteps - step, kSteps}, {0, kSteps - step}};
    const glm::ivec2 at = border[static_cast<std::size_t>(side)];
    outer[k] = face.vertex(left + at.x, low + at.y);
    const double angle = glm::two_pi<double>() * k / kRim - 0.75 * glm::pi<double>();
    const glm::dvec2 way(std::cos(angle), std::sin(angle));
    for (int ring = 0; ring < kRings; ++ring) {
      const double tilt = opening * (kRings - ring) / kRings;
      const double radius = ring == 0 ? edge : ball * std::sin(tilt);
      const double sunk = ring == 0 ? 0 : ball * (std::cos(tilt) - std::cos(opening));
      const glm::dvec3 p = face.on_plane(x + radius * way.x, y + radius * way.y, sunk);
      if (ring == 0) rim[k] = add_vertex(body, p, out, {0.5, 0.5});
      const glm::dvec3 inwards = -(face.on_plane(way.x, way.y, face.half)) * std::sin(tilt);
      add_vertex(pips, p, inwards + std::cos(tilt) * out, {0.5, 0.5});
    }
  }
  const std::uint32_t bottom = add_vertex(pips, face.on_plane(x, y, depth), out, {0.5, 0.5});
  for (std::uint32_t k = 0; k < kRim; ++k) {
    const std::uint32_t next = (k + 1) % kRim;
    add_quad(body, outer[k], outer[next], rim[next], rim[k]);
    const std::uint32_t a = first + k * kRings;
    const std::uint32_t b = first + next * kRings;
    for (std::uint32_t ring = 0; ring + 1 < kRings; ++ring) {
      add_quad(pips, a + ring, b + ring, b + ring + 1, a + ring + 1);
    }
    add_triangle(pips, a + kRings - 1, b + kRings - 1, bottom);
  }
}

void add_face(Surface& body, Surface& pips, Face face, int value) {
  face.first = static_cast<std::uint32_t>(body.positions.size());
  const auto lines = static_cast<int>(face.lines.size());
  for (const double y : face.lines) {
    for (const double x : face.lines) {
      const OnBox p = on_rounded_box(face.on_plane(x, y, 0), glm::dvec3(face.half), face.rounding,
                                     face.axis, face.sign);
      add_vertex(body, p.position, p.normal,
                 {0.5 + 0.5 * x / face.half, 0.5 - 0.5 * y / face.half});
    }
  }
  const int from = face.flat_from();
  const auto cell_of = [&](int line) {
    return line < from || line >= from + 3 * kSteps ? -1 : (line - from) / kSteps;
  };
  for (int j = 0; j + 1 < lines; ++j) {
    for (int i = 0; i + 1 < lines; ++i) {
      const int column = cell_of(i);
      const int row = cell_of(j);
      if (column >= 0 && row >= 0 && has_pip(value, 3 * row + column)) continue;
      add_quad(body, face.vertex(i, j), face.vertex(i + 1, j), face.vertex(i + 1, j + 1),
               face.vertex(i, j + 1));
    }
  }
  for (int cell = 0; cell < 9; ++cell) {
    if (!has_pip(value, cell)) continue;
    add_pip(body, pips, face, from + kSteps * (cell % 3), from + kSteps * (cell / 3));
  }
}

}  // namespace

Model die(double side, double rounding, const DieLook& look) {
  assert(side > 0 && rounding >= 0 && rounding <= 0.2 * side);
  assert(look.pip > 0 && look.hollow > 0 && look.hollow <= 1);
  const double half = 0.5 * side;
  // Of +x, -x, +y, -y, +z, -z.
  constexpr std::array<int, 6> kValues{2, 5, 3, 4, 1, 6};
  Surface shell;
  Surface hollows;
  for (int face = 0; face < 6; ++face) {
    add_face(shell, hollows,
             {face / 2, face % 2 == 0 ? 1.0 : -1.0, half, rounding, look.pip, look.hollow,
              bent_grid(half, rounding, 3 * kSteps)},
             kValues[static_cast<std::size_t>(face)]);
  }
  Model model;
  Material material;
  material.base_color = glm::vec4(look.body, look.opacity);
  material.roughness = look.roughness;
  if (look.opacity < 1) material.alpha_mode = AlphaMode::blend;
  Sha256 swirl;
  if (!look.swirl.pixels.empty()) {
    material.base_color_texture =
        add_texture(model, look.swirl, {TexelKind::color, Wrap::clamp, Wrap::clamp, 256});
    swirl.add(std::as_bytes(std::span(look.swirl.pixels)));
  }
  model.materials.push_back(material);
  Material paint;
  paint.base_color = glm::vec4(look.pips, 1);
  paint.roughness = 0.5F;
  model.materials.push_back(paint);
  return finished_shape(
      std::move(model), "die",
      exact_text({side, rounding, look.body.r, look.body.g, look.body.b, look.pips.r, look.pips.g,
                  look.pips.b, look.roughness, look.opacity, look.pip, look.hollow}) +
          swirl.hex(),
      {shell, hollows});
}

}  // namespace orrery
