#include "scenes/shapes.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <glm/gtc/constants.hpp>
#include <vector>

#include "scenes/sha256.hpp"
#include "scenes/shape_parts.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

constexpr std::uint32_t kAround = 64;  ///< segments of what is round
using Outline = std::vector<OutlinePoint>;

/// One untextured light material, as of painted wood or plastic.
Model plain() {
  Model model;
  Material material;
  material.base_color = glm::vec4(0.8F, 0.8F, 0.8F, 1.0F);
  material.roughness = 0.5F;
  model.materials.push_back(material);
  return model;
}

Model turned(const std::string& name, const std::string& parameters, const Outline& outline) {
  Surface surface;
  add_turned(surface, outline, kAround);
  return finished_shape(plain(), name, parameters, {surface});
}

/// An arc about `center` from one angle to another; angle 0 points outwards, a quarter turn up.
/// `side` -1: its normals point to the centre.
void add_arc(Outline& outline, const glm::dvec2& center, double radius, double from, double to,
             int steps, double side = 1) {
  for (int k = 0; k <= steps; ++k) {
    const double angle = glm::mix(from, to, static_cast<double>(k) / steps);
    const glm::dvec2 way(std::cos(angle), std::sin(angle));
    outline.push_back({center + radius * way, side * way});
  }
}

void add_line(Outline& outline, const glm::dvec2& from, const glm::dvec2& to) {
  const glm::dvec2 along = glm::normalize(to - from);
  outline.push_back({from, {along.y, -along.x}});
  outline.push_back({to, {along.y, -along.x}});
}

/// The tray's outline swept round a rounded rectangle: `at.x` is the distance inwards from it.
void add_swept(Surface& surface, const Outline& outline, const glm::dvec2& half, double corner) {
  constexpr std::uint32_t kSteps = 6;  // per corner
  constexpr std::uint32_t kPoints = 4 * (kSteps + 1);
  double height = 0;
  for (const OutlinePoint& point : outline) height = std::max(height, point.at.y);
  const auto first = static_cast<std::uint32_t>(surface.positions.size());
  for (const auto& [at, normal] : outline) {
    const double radius = std::max(corner - at.x, 0.0);
    for (std::uint32_t i = 0; i <= kPoints; ++i) {
      const std::uint32_t on_ring = i % kPoints;
      const std::uint32_t quarter = on_ring / (kSteps + 1);
      const double angle =
          glm::half_pi<double>() * (quarter + static_cast<double>(on_ring % (kSteps + 1)) / kSteps);
      const glm::dvec2 way(std::cos(angle), std::sin(angle));
      const glm::dvec2 center((quarter == 0 || quarter == 3 ? 1 : -1) * (half.x - corner),
                              (quarter < 2 ? 1 : -1) * (half.y - corner));
      const glm::dvec2 p = center + radius * way;
      const bool level = normal.x == 0;
      const glm::dvec2 uv = level ? glm::dvec2(0.5 + 0.5 * p.x / half.x, 0.5 - 0.5 * p.y / half.y)
                                  : glm::dvec2(static_cast<double>(i) / kPoints, 1 - at.y / height);
      add_vertex(surface, glm::dvec3(p, at.y), glm::dvec3(normal.x * way, normal.y), uv);
    }
  }
  const auto rows = static_cast<std::uint32_t>(outline.size());
  for (std::uint32_t row = 0; row + 1 < rows; ++row) {
    for (std::uint32_t i = 0; i < kPoints; ++i) {
      const std::uint32_t a = first + row * (kPoints + 1) + i;
      add_quad(surface, a, a + 1, a + kPoints + 2, a + kPoints + 1);
    }
  }
  for (const std::uint32_t row : {0U, rows - 1}) {  // the rectangles left open in the middle
    const std::uint32_t a = first + row * (kPoints + 1);
    const std::uint32_t step = kSteps + 1;
    add_quad(surface, a, a + step, a + 2 * step, a + 3 * step);
  }
}

/// In z = 0 about the origin, facing +z; a unit of uv is `metres`.
Surface rectangle(double width, double depth, double metres) {
  Surface surface;
  const auto corner = [&](double x, double y) {
    return add_vertex(surface, {(x - 0.5) * width, (0.5 - y) * depth, 0}, {0, 0, 1},
                      {x * width / metres, y * depth / metres});
  };
  const std::uint32_t a = corner(0, 1);
  const std::uint32_t b = corner(1, 1);
  const std::uint32_t c = corner(1, 0);
  const std::uint32_t d = corner(0, 0);
  add_quad(surface, a, b, c, d);
  return surface;
}

}  // namespace

Model rounded_box(const glm::dvec3& size, double radius) {
  Surface surface;
  add_rounded_box(surface, glm::dvec3(0), size, radius);
  return finished_shape(plain(), "rounded_box", exact_text({size.x, size.y, size.z, radius}),
                        {surface});
}

Model cylinder(double radius, double height) {
  assert(radius > 0 && height > 0);
  Outline outline;
  add_line(outline, {0, 0}, {radius, 0});
  add_line(outline, {radius, 0}, {radius, height});
  add_line(outline, {radius, height}, {0, height});
  return turned("cylinder", exact_text({radius, height}), outline);
}

Model cone(double radius, double height) {
  assert(radius > 0 && height > 0);
  Outline outline;
  add_line(outline, {0, 0}, {radius, 0});
  add_line(outline, {radius, 0}, {0, height});
  return turned("cone", exact_text({radius, height}), outline);
}

Model ball(double radius) {
  assert(radius > 0);
  Outline outline;
  add_arc(outline, {0, 0}, radius, -glm::half_pi<double>(), glm::half_pi<double>(), kAround / 2);
  outline.front().at.x = outline.back().at.x = 0;  // the poles are points
  return turned("ball", exact_text({radius}), outline);
}

Model torus(double ring, double tube) {
  assert(tube > 0 && tube < ring);
  Outline outline;
  add_arc(outline, {ring, 0}, tube, -glm::pi<double>(), glm::pi<double>(), kAround / 2);
  outline.back() = outline.front();
  return turned("torus", exact_text({ring, tube}), outline);
}

Model tray(const glm::dvec3& outer, double wall) {
  const double narrow = std::min(outer.x, outer.y);
  const double corner = std::max(1.5 * wall, 0.06 * narrow);
  assert(wall > 0 && 2.2 * corner < narrow && outer.z > 2 * wall);
  const double rim = 0.5 * wall;
  Outline outline{{{corner, 0}, {0, -1}}, {{0, 0}, {0, -1}}, {{0, 0}, {1, 0}}};
  for (int k = 0; k <= 8; ++k) {
    const double angle = glm::pi<double>() * k / 8;
    const glm::dvec2 way(std::cos(angle), std::sin(angle));
    outline.push_back({{rim - rim * way.x, outer.z - rim + rim * way.y}, way});
  }
  outline.push_back({{wall, wall}, {-1, 0}});
  outline.push_back({{wall, wall}, {0, 1}});
  outline.push_back({{corner, wall}, {0, 1}});
  Surface surface;
  add_swept(surface, outline, 0.5 * glm::dvec2(outer), corner);
  return finished_shape(plain(), "tray", exact_text({outer.x, outer.y, outer.z, wall}), {surface});
}

Model bowl(double radius, double height, double wall) {
  assert(wall > 0 && 3 * wall < radius && 3 * wall < height);
  // Outside and inside are quarters of ellipses between the foot and the rim.
  const double foot = 0.4 * radius;
  const double rim = 0.5 * wall;
  constexpr int kSteps = 24;
  Outline outline;
  add_line(outline, {0, 0}, {foot, 0});
  const auto add_side = [&](const glm::dvec2& low, const glm::dvec2& reach, double side) {
    for (int k = 0; k <= kSteps; ++k) {
      const double t = glm::half_pi<double>() * (side > 0 ? k : kSteps - k) / kSteps;
      const glm::dvec2 normal =
          glm::normalize(glm::dvec2(std::sin(t) * reach.y, -std::cos(t) * reach.x));
      outline.push_back(
          {low + glm::dvec2(reach.x * std::sin(t), reach.y * (1 - std::cos(t))), side * normal});
    }
  };
  add_side({foot, 0}, {radius - foot, height - rim}, 1);
  add_arc(outline, {radius - rim, height - rim}, rim, 0, glm::pi<double>(), 8);
  add_side({foot, wall}, {radius - wall - foot, height - rim - wall}, -1);
  add_line(outline, {foot, wall}, {0, wall});
  return turned("bowl", exact_text({radius, height, wall}), outline);
}

Model flat_surface(double width, double depth) {
  assert(width > 0 && depth > 0);
  Model model = plain();
  model.materials.front().roughness = 1;
  return finished_shape(std::move(model), "flat_surface", exact_text({width, depth}),
                        {rectangle(width, depth, 1)});
}

Model surface_patch(const SurfaceMaps& maps, double width, double depth) {
  assert(width > 0 && depth > 0 && maps.metres > 0);
  Model model;
  Material material;
  material.metallic = 1;  // both are multiplied by the map
  material.roughness = 1;
  const int side = maps.color.width;
  material.base_color_texture =
      add_texture(model, maps.color, {TexelKind::color, Wrap::repeat, Wrap::repeat, side});
  material.normal_texture =
      add_texture(model, maps.normal, {TexelKind::normal, Wrap::repeat, Wrap::repeat, side});
  material.orm_texture =
      add_texture(model, maps.orm, {TexelKind::data, Wrap::repeat, Wrap::repeat, side});
  model.materials.push_back(material);
  Sha256 pixels;
  for (const Image<Rgba8>* image : {&maps.color, &maps.normal, &maps.orm}) {
    pixels.add(std::as_bytes(std::span(image->pixels)));
  }
  return finished_shape(std::move(model), "surface_patch",
                        exact_text({width, depth, maps.metres}) + pixels.hex(),
                        {rectangle(width, depth, maps.metres)});
}

}  // namespace orrery
