#include <algorithm>
#include <array>
#include <vector>

#include "scenes/room_parts.hpp"
#include "scenes/shape_parts.hpp"

namespace orrery {
namespace {

glm::vec3 any_color(Rng& rng) {
  const double shade = rng.uniform(0.1, 0.7);
  return glm::vec3(glm::dvec3(shade * rng.uniform(0.3, 1), shade * rng.uniform(0.3, 1),
                              shade * rng.uniform(0.3, 1)));
}

/// A piece that stands against a wall: (along the wall, out of the wall, up), in boxes.
struct Box {
  glm::dvec3 low, high;
  glm::vec3 color;
};
std::vector<Box> shelf(Rng& rng) {
  const double wide = rng.uniform(0.7, 1.3);
  const double tall = rng.uniform(1.1, 2.1);
  const double deep = 0.28;
  const glm::vec3 wood = wood_color(rng);
  std::vector<Box> boxes{{{0, 0, 0}, {0.03, deep, tall}, wood},
                         {{wide - 0.03, 0, 0}, {wide, deep, tall}, wood},
                         {{0, 0, 0}, {wide, 0.02, tall}, wood}};
  const auto boards = static_cast<int>(3 + rng.below(3));
  const double pitch = (tall - 0.03) / boards;
  for (int k = 0; k <= boards; ++k) {
    boxes.push_back({{0, 0, pitch * k}, {wide, deep, pitch * k + 0.03}, wood});
    if (k == boards) break;
    const double end = rng.uniform(0.4, 1) * (wide - 0.06);
    for (double x = 0.04; x < end;) {  // books
      const double thick = rng.uniform(0.015, 0.05);
      const double high = std::min(rng.uniform(0.16, 0.28), pitch - 0.06);
      boxes.push_back({{x, 0.03, pitch * k + 0.03},
                       {x + thick, rng.uniform(0.16, 0.24), pitch * k + 0.03 + high},
                       any_color(rng)});
      x += thick + 0.002;
    }
  }
  return boxes;
}

std::vector<Box> cabinet(Rng& rng) {
  const double wide = rng.uniform(0.8, 1.6);
  const double tall = rng.uniform(0.5, 1.1);
  const double deep = rng.uniform(0.35, 0.55);
  const glm::vec3 wood = rng.unit() < 0.3 ? glm::vec3(0.75F) : wood_color(rng);
  std::vector<Box> boxes{{{0, 0, 0.08}, {wide, deep, tall}, wood},
                         {{-0.01, 0, tall}, {wide + 0.01, deep + 0.02, tall + 0.03}, wood}};
  const auto doors = static_cast<int>(2 + rng.below(2));
  for (int i = 0; i < doors; ++i) {
    const double x = wide * i / doors;
    boxes.push_back({{x + 0.01, deep, 0.1},
                     {x + wide / doors - 0.01, deep + 0.018, tall - 0.02},
                     0.92F * wood});
    boxes.push_back(
        {{x + 0.05, deep, tall - 0.2}, {x + 0.07, deep + 0.04, tall - 0.1}, glm::vec3(0.3F)});
  }
  return boxes;
}

std::vector<Box> sofa(Rng& rng) {
  const double wide = rng.uniform(1.3, 2.1);
  const glm::vec3 cloth = any_color(rng);
  return {{{0, 0, 0.1}, {wide, 0.85, 0.42}, cloth},
          {{0, 0, 0.42}, {wide, 0.22, 0.85}, 0.95F * cloth},
          {{0, 0, 0.1}, {0.18, 0.85, 0.62}, cloth},
          {{wide - 0.18, 0, 0.1}, {wide, 0.85, 0.62}, cloth}};
}

std::vector<Box> picture(Rng& rng) {
  const glm::dvec2 size(rng.uniform(0.3, 0.9), rng.uniform(0.3, 0.8));
  const double low = rng.uniform(1.2, 1.45);
  const glm::vec3 frame = rng.unit() < 0.5 ? glm::vec3(0.03F) : wood_color(rng);
  std::vector<Box> boxes{
      {{0, 0, low}, {size.x, 0.025, low + size.y}, frame},
      {{0.03, 0, low + 0.03}, {size.x - 0.03, 0.028, low + size.y - 0.03}, glm::vec3(0.8F)}};
  const auto strokes = static_cast<int>(2 + rng.below(5));
  for (int i = 0; i < strokes; ++i) {
    const double x = rng.uniform(0.08, 0.6) * size.x;
    const double z = low + rng.uniform(0.12, 0.6) * size.y;
    boxes.push_back({{x, 0, z},
                     {x + rng.uniform(0.1, 0.32) * size.x, 0.03 + 0.001 * i,
                      z + rng.uniform(0.08, 0.3) * size.y},
                     any_color(rng)});
  }
  return boxes;
}

std::vector<Box> door(Rng& rng) {
  const glm::vec3 color = rng.unit() < 0.5 ? glm::vec3(0.8F) : wood_color(rng);
  return {{{0, 0, 0}, {0.95, 0.03, 2.08}, 0.95F * color},
          {{0.07, 0, 0.01}, {0.88, 0.045, 2.02}, color},
          {{0.8, 0, 1.0}, {0.84, 0.1, 1.03}, glm::vec3(0.4F)}};
}

/// Puts a piece against wall 0 (-x), 1 (+x) or 2 (-y), `along` metres from the wall's middle.
void add_piece(Surface& paint, const RoomPlan& plan, const std::vector<Box>& boxes,
               std::uint32_t wall, double along) {
  for (const Box& box : boxes) {
    glm::dvec3 a;
    glm::dvec3 b;
    const double z0 = plan.low.z + box.low.z;
    const double z1 = plan.low.z + box.high.z;
    if (wall == 2) {
      const double middle = 0.5 * (plan.low.x + plan.high.x) + along;
      a = {middle + box.low.x, plan.low.y + box.low.y, z0};
      b = {middle + box.high.x, plan.low.y + box.high.y, z1};
    } else {
      const double middle = 0.5 * (plan.low.y + plan.high.y) + along;
      const double x = wall == 0 ? plan.low.x : plan.high.x;
      const double out = wall == 0 ? 1 : -1;
      a = {x + out * box.low.y, middle + box.low.x, z0};
      b = {x + out * box.high.y, middle + box.high.x, z1};
    }
    add_box(paint, glm::min(a, b), glm::max(a, b), box.color);
  }
}

}  // namespace

/// A rectangle from `at` along two sides; seen from where they turn counter-clockwise.
void add_rectangle(Surface& surface, const glm::dvec3& at, const glm::dvec3& right,
                   const glm::dvec3& up, const glm::dvec4& uv, const glm::vec3& color) {
  const glm::dvec3 normal = glm::normalize(glm::cross(right, up));
  const auto first = static_cast<std::uint32_t>(surface.positions.size());
  add_vertex(surface, at, normal, {uv.x, uv.y});
  add_vertex(surface, at + right, normal, {uv.z, uv.y});
  add_vertex(surface, at + right + up, normal, {uv.z, uv.w});
  add_vertex(surface, at + up, normal, {uv.x, uv.w});
  for (std::size_t i = 0; i < 4; ++i) surface.colors[first + i] = glm::vec4(color, 1);
  add_quad(surface, first, first + 1, first + 2, first + 3);
}

void add_box(Surface& surface, const glm::dvec3& low, const glm::dvec3& high,
             const glm::vec3& color) {
  const glm::dvec3 s = high - low;
  const glm::dvec4 uv(0, 0, 1, 1);
  add_rectangle(surface, low, {0, s.y, 0}, {s.x, 0, 0}, uv, color);
  add_rectangle(surface, {low.x, low.y, high.z}, {s.x, 0, 0}, {0, s.y, 0}, uv, color);
  add_rectangle(surface, low, {s.x, 0, 0}, {0, 0, s.z}, uv, color);
  add_rectangle(surface, {high.x, high.y, low.z}, {-s.x, 0, 0}, {0, 0, s.z}, uv, color);
  add_rectangle(surface, {low.x, high.y, low.z}, {0, -s.y, 0}, {0, 0, s.z}, uv, color);
  add_rectangle(surface, {high.x, low.y, low.z}, {0, s.y, 0}, {0, 0, s.z}, uv, color);
}

glm::vec3 wood_color(Rng& rng) {
  const double shade = rng.uniform(0.1, 0.55);
  return glm::vec3(
      glm::dvec3(shade, shade * rng.uniform(0.6, 0.9), shade * rng.uniform(0.3, 0.75)));
}

void add_furniture(Surface& paint, const RoomPlan& plan) {
  Rng rng(plan.variant, 0, "room/furniture");
  std::array<double, 3> used{};  // of each wall, from its left end
  std::array<double, 3> length{plan.high.y - plan.low.y, plan.high.y - plan.low.y,
                               plan.high.x - plan.low.x};
  for (std::uint32_t i = 0; i < plan.furniture; ++i) {
    const std::uint32_t wall = rng.below(3);
    constexpr std::array kPieces{&shelf, &cabinet, &sofa, &picture, &door};
    const std::vector<Box> boxes = kPieces[rng.below(kPieces.size())](rng);
    double wide = 0;
    for (const Box& box : boxes) wide = std::max(wide, box.high.x);
    const double gap = rng.uniform(0.05, 0.6);
    if (used[wall] + gap + wide > length[wall] - 0.1) continue;
    add_piece(paint, plan, boxes, wall, used[wall] + gap - 0.5 * length[wall]);
    used[wall] += gap + wide;
  }
}

}  // namespace orrery
