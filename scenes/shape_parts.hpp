#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <initializer_list>
#include <string>
#include <vector>

#include "scenes/model.hpp"
#include "scenes/surface.hpp"

namespace orrery {

/// A new vertex; returns its index. Its tangent comes later, its colour is white.
std::uint32_t add_vertex(Surface& surface, const glm::dvec3& position, const glm::dvec3& normal,
                         const glm::dvec2& uv);

/// Counter-clockwise about the normals of its corners; none if it has no area.
void add_triangle(Surface& surface, std::uint32_t a, std::uint32_t b, std::uint32_t c);
/// The corners in order, either way round.
void add_quad(Surface& surface, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d);

/// A point of an outline: a corner is two points with one place and two normals.
struct OutlinePoint {
  glm::dvec2 at;      ///< (distance, height): from the z axis, or into a rounded rectangle
  glm::dvec2 normal;  ///< unit, (away from the middle, up)
};

/// The outline of (radius, height) turned about the z axis. u runs once round counter-clockwise, v
/// from the outline's end (0) to its start (1).
void add_turned(Surface& surface, const std::vector<OutlinePoint>& outline, std::uint32_t segments);

/// The coordinates of grid lines over [-half, half] that gather where an edge of radius `radius`
/// bends, `flat` equal steps between the bends.
std::vector<double> bent_grid(double half, double radius, int flat);

/// The place and normal on a box with rounded edges that belong to a point of the sharp box; `axis`
/// and `sign` say on which face it lies. The same point from two faces gives the same bits.
struct OnBox {
  glm::dvec3 position, normal;
};
OnBox on_rounded_box(const glm::dvec3& sharp, const glm::dvec3& half, double radius, int axis,
                     double sign);

/// The coordinate axes that point right and up on a box's face, seen from outside.
struct FaceAxes {
  glm::dvec3 right, up, out;
};
FaceAxes face_axes(int axis, double sign);

/// Appends a box with rounded edges about `center`, each face with the whole texture.
void add_rounded_box(Surface& surface, const glm::dvec3& center, const glm::dvec3& size,
                     double radius);

/// The model of these parts, ready to render; `model` brings materials (one a part, in order) and
/// textures. `parameters` tells it from others of its name.
Model finished_shape(Model model, const std::string& name, const std::string& parameters,
                     std::vector<Surface> parts);

/// Numbers of a shape as text that loses no bit.
std::string exact_text(std::initializer_list<double> numbers);

}  // namespace orrery
