#pragma once

#include <cstdint>
#include <deque>
#include <glm/glm.hpp>
#include <span>
#include <string>
#include <vector>

#include "scenes/image.hpp"
#include "scenes/model.hpp"
#include "scenes/shape_parts.hpp"

namespace orrery {

/// A shape while it is made: one surface for each material. References to surfaces stay valid.
class ShapeDraft {
 public:
  /// `color` is sRGB in [0, 1].
  Surface& part(const glm::vec3& color, float roughness, float metallic = 0);
  /// With a picture on it, clamped at its borders unless `wrap` says otherwise.
  Surface& printed(const Image<Rgba8>& picture, float roughness, Wrap wrap = Wrap::clamp);
  /// The material of the part that was added last.
  Material& material() { return model_.materials.back(); }

  /// Ready to render; variants of one name differ.
  Model finished(const std::string& name, std::uint64_t variant);
  Model finished(const std::string& name, const std::string& parameters);

 private:
  Model model_;
  std::deque<Surface> parts_;
};

/// Vertices so far: what is added later can be moved by move_from.
std::uint32_t vertices_of(const Surface& surface);
/// Turns, then shifts all vertices from `first` on.
void move_from(Surface& surface, std::uint32_t first, const glm::dmat3& turn,
               const glm::dvec3& shift);

/// Lays a material of this tile (metres) over all vertices from `first` on at its true scale, along
/// the coordinate axes.
void lay_uv_from(Surface& surface, std::uint32_t first, double tile);

/// Turns by `angle` (radians) about the coordinate axis 0, 1 or 2.
glm::dmat3 turn_about(int axis, double angle);

/// An outline for add_turned through points of (radius, height), bottom first; corners of more than
/// 35 degrees are hard.
std::vector<OutlinePoint> outline_through(std::span<const glm::dvec2> points);

/// The outline through such points turned about the z axis.
void add_profile(Surface& surface, const std::vector<glm::dvec2>& points,
                 std::uint32_t segments = 48);

/// A tube along a path with a radius at each point, its ends closed by half balls.
void add_tube(Surface& surface, std::span<const glm::dvec3> path, std::span<const double> radii,
              std::uint32_t segments = 16);
void add_tube(Surface& surface, std::span<const glm::dvec3> path, double radius,
              std::uint32_t segments = 16);
/// A tube whose path ends where it began.
void add_ring(Surface& surface, std::span<const glm::dvec3> path, double radius,
              std::uint32_t segments = 12);

/// A prism over a polygon that every point can be seen in from the middle of its bounding box, from
/// z = `low` to `high`. The top goes to `top`, uv over the bounding box and v down; sides and
/// bottom to `rest`, which may be the same.
void add_prism(Surface& top, Surface& rest, std::span<const glm::dvec2> polygon, double low,
               double high);

/// A circle, a regular polygon, or a rectangle with round corners, counter-clockwise about 0.
std::vector<glm::dvec2> regular_polygon(int corners, double radius, double first_angle);
std::vector<glm::dvec2> rounded_rectangle(const glm::dvec2& size, double radius, int steps = 5);

}  // namespace orrery
