#include <algorithm>
#include <cassert>
#include <cmath>

#include "scenes/random.hpp"
#include "scenes/shape_parts.hpp"
#include "scenes/shapes.hpp"
#include "scenes/surface_recipe.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

constexpr int kSheetRows = 16;

/// Lines of a written page, some shorter, between white margins, under a headline and round a block
/// that stands for a picture.
Image<Rgba8> written_page(std::uint64_t seed) {
  Rng rng(seed, 0, "paper/print");
  Image<Rgba8> page(256, 384, Rgba8(242, 241, 236, 255));
  const auto bar = [&](int x0, int y0, int x1, int y1, const glm::vec3& color) {
    for (int y = std::max(y0, 0); y < std::min(y1, page.height); ++y) {
      for (int x = std::max(x0, 0); x < std::min(x1, page.width); ++x) {
        page.at(x, y) = Rgba8(glm::vec4(glm::clamp(color, 0.0F, 1.0F) * 255.0F, 255));
      }
    }
  };
  const glm::vec3 ink(uniform(rng, 0.08, 0.3));
  const int picture = 60 + static_cast<int>(rng.below(200));
  const bool pictured = rng.below(2) == 0;
  if (rng.below(2) == 0) {  // a headline
    for (int x = 28, end = 120 + static_cast<int>(rng.below(100)); x < end; x += 8) {
      if (rng.below(6) == 0) continue;
      bar(x, 27 + 4 * static_cast<int>(rng.below(2)), x + 2, 38, ink);
      bar(x, 27 + 5 * static_cast<int>(rng.below(3)), x + 6, 29, ink);
    }
  }
  for (int y = 52; y < 350; y += 9) {
    if (pictured && y > picture - 6 && y < picture + 86) continue;
    const int end = rng.below(6) == 0 ? 70 + static_cast<int>(rng.below(120)) : 228;
    for (int x = 28; x < end;) {
      const int word = 4 + static_cast<int>(rng.below(18));
      for (int k = x; k < std::min(x + word, end); k += 2) {
        bar(k, y + static_cast<int>(rng.below(2)), k + 1, y + 4, ink);
      }
      x += word + 4;
    }
  }
  if (pictured) {
    bar(28, picture, 228, picture + 80,
        color_of_hue(rng.unit(), rng.uniform(0.1, 0.7), rng.uniform(0.3, 0.9)));
  }
  return page;
}

}  // namespace

Model paper(const glm::dvec3& size, double rise, std::uint64_t seed) {
  assert(size.x > 0 && size.y > 0 && size.z > 0 && rise >= 0 && rise < 0.2 * size.y);
  // A parabola is an arc as flat as this, and its normals are exact.
  const auto middle = [&](double t) {
    return glm::dvec2((t - 0.5) * size.y, 4 * rise * t * (1 - t));
  };
  const auto normal = [&](double t) {
    return glm::normalize(glm::dvec3(0, -4 * rise * (1 - 2 * t) / size.y, 1));
  };
  const auto at = [&](double x, double t, double side) {
    const glm::dvec2 m = middle(t);
    return glm::dvec3(x * size.x, m.x, m.y + 0.5 * size.z) + 0.5 * side * size.z * normal(t);
  };
  Surface front;
  Surface rest;
  for (const double side : {1.0, -1.0}) {
    Surface& sheet = side > 0 ? front : rest;
    for (int row = 0; row <= kSheetRows; ++row) {
      const double t = static_cast<double>(row) / kSheetRows;
      const std::uint32_t left = add_vertex(sheet, at(-0.5, t, side), side * normal(t), {0, 1 - t});
      const std::uint32_t right = add_vertex(sheet, at(0.5, t, side), side * normal(t), {1, 1 - t});
      if (row > 0) add_quad(sheet, left - 2, right - 2, right, left);
    }
  }
  for (const double x : {-0.5, 0.5}) {  // the long edges, then the ends
    std::uint32_t last = 0;
    for (int row = 0; row <= kSheetRows; ++row) {
      const double t = static_cast<double>(row) / kSheetRows;
      const glm::dvec3 out(x < 0 ? -1 : 1, 0, 0);
      const std::uint32_t low = add_vertex(rest, at(x, t, -1), out, {0, 0});
      const std::uint32_t high = add_vertex(rest, at(x, t, 1), out, {0, 0});
      if (row > 0) add_quad(rest, last, low, high, last + 1);
      last = low;
    }
  }
  for (const double t : {0.0, 1.0}) {
    const glm::dvec3 out(0, t < 0.5 ? -1 : 1, 0);
    const std::uint32_t a = add_vertex(rest, at(-0.5, t, -1), out, {0, 0});
    const std::uint32_t b = add_vertex(rest, at(0.5, t, -1), out, {0, 0});
    const std::uint32_t c = add_vertex(rest, at(0.5, t, 1), out, {0, 0});
    const std::uint32_t d = add_vertex(rest, at(-0.5, t, 1), out, {0, 0});
    add_quad(rest, a, b, c, d);
  }
  Model model;
  Material sheet;
  sheet.roughness = 0.8F;
  sheet.base_color_texture =
      add_texture(model, written_page(seed), {TexelKind::color, Wrap::clamp, Wrap::clamp, 512});
  model.materials.push_back(sheet);
  sheet.base_color_texture = -1;
  sheet.base_color = glm::vec4(0.85F, 0.85F, 0.83F, 1);
  model.materials.push_back(sheet);
  return finished_shape(std::move(model), "paper",
                        exact_text({size.x, size.y, size.z, rise}) + std::to_string(seed),
                        {front, rest});
}

}  // namespace orrery
