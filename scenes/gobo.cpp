#include "scenes/gobo.hpp"

#include <algorithm>
#include <cmath>
#include <glm/gtc/constants.hpp>

#include "scenes/random.hpp"
#include "scenes/shape_parts.hpp"

namespace orrery {
namespace {

/// An upright rectangle in the plane.
void add_rectangle(Surface& surface, const glm::dvec2& low, const glm::dvec2& high) {
  const auto corner = [&](double x, double y) {
    return add_vertex(surface, {x, y, 0}, {0, 0, 1}, {0, 0});
  };
  const std::uint32_t a = corner(low.x, low.y);
  const std::uint32_t b = corner(high.x, low.y);
  const std::uint32_t c = corner(high.x, high.y);
  const std::uint32_t d = corner(low.x, high.y);
  add_quad(surface, a, b, c, d);
}

/// All of the plane but an opening of these half sides.
void add_wall(Surface& surface, const glm::dvec2& half) {
  constexpr double kFar = 2 * kGoboReach;
  add_rectangle(surface, {-kFar, half.y}, {kFar, kFar});
  add_rectangle(surface, {-kFar, -kFar}, {kFar, -half.y});
  add_rectangle(surface, {-kFar, -half.y}, {-half.x, half.y});
  add_rectangle(surface, {half.x, -half.y}, {kFar, half.y});
}

/// A wall with a window of some panes.
Surface window(Rng& rng) {
  const glm::dvec2 half(rng.uniform(0.4, 0.65), rng.uniform(0.5, 0.75));
  const double bar = rng.uniform(0.03, 0.07);
  const auto columns = static_cast<int>(2 + rng.below(2));
  const auto rows = static_cast<int>(2 + rng.below(3));
  Surface surface;
  add_wall(surface, half);
  for (int i = 1; i < columns; ++i) {
    const double x = half.x * (2.0 * i / columns - 1);
    add_rectangle(surface, {x - bar / 2, -half.y}, {x + bar / 2, half.y});
  }
  for (int i = 1; i < rows; ++i) {
    const double y = half.y * (2.0 * i / rows - 1);
    add_rectangle(surface, {-half.x, y - bar / 2}, {half.x, y + bar / 2});
  }
  return surface;
}

/// A wall with an opening behind slats.
Surface blinds(Rng& rng) {
  const glm::dvec2 half(rng.uniform(0.6, 1.0), rng.uniform(0.7, 1.1));
  const double pitch = rng.uniform(0.06, 0.12);
  const double slat = pitch * rng.uniform(0.4, 0.65);
  Surface surface;
  add_wall(surface, half);
  for (double y = -half.y; y < half.y; y += pitch) {
    add_rectangle(surface, {-half.x, y}, {half.x, y + slat});
  }
  const double tape = 0.012;  // that the slats hang on
  for (const double x : {-0.6 * half.x, 0.6 * half.x}) {
    add_rectangle(surface, {x - tape, -half.y}, {x + tape, half.y});
  }
  return surface;
}

/// A leaf along `way`: pointed at both ends, foreshortened as it hangs.
void add_leaf(Surface& surface, const glm::dvec2& at, const glm::dvec2& way, double length,
              double width) {
  const glm::dvec2 across(-way.y, way.x);
  const auto corner = [&](double along, double aside) {
    const glm::dvec2 p = at + length * along * way + width * aside * across;
    return add_vertex(surface, {p.x, p.y, 0}, {0, 0, 1}, {0, 0});
  };
  const std::uint32_t foot = corner(0, 0);
  const std::uint32_t tip = corner(1, 0);
  std::uint32_t left = foot;
  std::uint32_t right = foot;
  for (const auto& [along, aside] :
       {std::pair{0.25, 0.42}, std::pair{0.55, 0.5}, std::pair{0.8, 0.26}}) {
    const std::uint32_t next_left = corner(along, aside);
    const std::uint32_t next_right = corner(along, -aside);
    add_triangle(surface, left, next_left, next_right);
    if (left != right) add_triangle(surface, left, next_right, right);
    left = next_left;
    right = next_right;
  }
  add_triangle(surface, left, tip, right);
}

/// Twigs with leaves that leave gaps between them, as seen against the sun.
Surface leaves(Rng& rng) {
  Surface surface;
  const double size = rng.uniform(0.1, 0.19);
  const auto twigs = static_cast<int>(rng.uniform(700, 1300));
  for (int twig = 0; twig < twigs; ++twig) {
    glm::dvec2 at(rng.uniform(-1.2, 1.2) * kGoboReach, rng.uniform(-1.2, 1.2) * kGoboReach);
    double heading = rng.uniform(0, glm::two_pi<double>());
    const auto count = static_cast<int>(5 + rng.below(9));
    for (int i = 0; i < count; ++i) {
      heading += rng.uniform(-0.3, 0.3);
      const glm::dvec2 way(std::cos(heading), std::sin(heading));
      const double side = i % 2 == 0 ? 1 : -1;
      const double turn = heading + side * rng.uniform(0.4, 1.3);
      const double length = size * rng.uniform(0.6, 1.1) * rng.uniform(0.6, 1);
      add_leaf(surface, at, {std::cos(turn), std::sin(turn)}, length,
               length * rng.uniform(0.25, 0.75));
      const glm::dvec2 next = at + 0.5 * size * way;
      const glm::dvec2 thick = 0.004 * glm::dvec2(-way.y, way.x);
      const auto corner = [&](const glm::dvec2& p) {
        return add_vertex(surface, {p.x, p.y, 0}, {0, 0, 1}, {0, 0});
      };
      const std::uint32_t a = corner(at - thick);
      const std::uint32_t b = corner(next - thick);
      const std::uint32_t c = corner(next + thick);
      const std::uint32_t d = corner(at + thick);
      add_quad(surface, a, b, c, d);
      at = next;
    }
  }
  return surface;
}

}  // namespace

Model gobo(const std::string& kind, std::uint32_t variant) {
  Rng rng(variant, 0, "gobo/" + kind);
  Model model;
  Material material;
  material.double_sided = 1;
  model.materials.push_back(material);
  Surface surface = kind == "leaves" ? leaves(rng) : kind == "blinds" ? blinds(rng) : window(rng);
  return finished_shape(std::move(model), "gobo_" + kind, std::to_string(variant), {surface});
}

}  // namespace orrery
