#pragma once

#include <array>
#include <glm/glm.hpp>
#include <optional>
#include <variant>
#include <vector>

#include "generator/labelled_image.hpp"
#include "scenes/random.hpp"

namespace orrery {

// Points are in pixels from a picture's top-left corner: the centre of its first pixel is (½,½).

/// A smooth bend: a cubic B-spline of moves drawn at the corners of square cells.
struct Elastic {
  double cell = 1;  ///< pixels
  int columns = 0;  ///< of moves; the first lies a cell before the picture's corner
  int rows = 0;
  std::vector<glm::dvec2> moves;  ///< pixels, each shorter than a quarter of a cell: never folds

  glm::dvec2 in_from_out(const glm::dvec2& out) const;
  glm::dvec2 out_from_in(const glm::dvec2& in) const;
};

/// `amplitude` and `cell` in pixels; amplitude at most 0.2 cells.
Elastic draw_elastic(int width, int height, double amplitude, double cell, Rng& rng);

/// Columns and rows of even widths in `out` that have other widths in `in`; beyond the picture
/// nothing is stretched.
struct GridBend {
  std::vector<double> x;  ///< where the columns' edges lie in `in`, from 0 to the width
  std::vector<double> y;

  glm::dvec2 in_from_out(const glm::dvec2& out) const;
  glm::dvec2 out_from_in(const glm::dvec2& in) const;
};

GridBend draw_grid_bend(int width, int height, int cells, double strength, Rng& rng);

/// Where the pixels of one picture (`in`) go in another (`out`), as one map: however many
/// operations it is made of.
class Geometry {
 public:
  Geometry(int width, int height)
      : in_width_(width), in_height_(height), width_(width), height_(height) {}

  /// Goes on with a projective map into a picture of that size.
  void add(const glm::dmat3& out_from_in, int width, int height);
  void add(Elastic bend);
  void add(GridBend bend);

  int in_width() const { return in_width_; }
  int in_height() const { return in_height_; }
  int width() const { return width_; }
  int height() const { return height_; }
  bool is_identity() const;
  /// All in one matrix, if nothing bends.
  std::optional<glm::dmat3> out_from_in() const;

  glm::dvec2 in_from_out(const glm::dvec2& out) const;
  /// Nothing for points that a projective map has at or behind its horizon.
  std::optional<glm::dvec2> out_from_in(const glm::dvec2& in) const;
  /// Change of in_from_out at a point: columns are what a step along x and along y in `out` is.
  glm::dmat2 slope(const glm::dvec2& out) const;
  /// How many pixels apart in_from_out may be computed so that what is straight between is less
  /// than 0.01 pixels off; 1 where it has kinks.
  int map_step() const;
  /// The picture is mirrored.
  bool mirrors() const;

 private:
  using Stage = std::variant<glm::dmat3, Elastic, GridBend>;
  std::vector<Stage> stages_;         ///< from in to out
  std::vector<glm::dmat3> inverses_;  ///< of the stages that are matrices, else unused
  int in_width_, in_height_;
  int width_, height_;
};

/// Half-open edges stay edges along the axes: flips, quarter turns, crops, stretches.
bool keeps_axes(const glm::dmat3& matrix);
/// The point, if it is in front of the horizon.
std::optional<glm::dvec2> project(const glm::dmat3& matrix, const glm::dvec2& point);
/// How far, in radians, a map turns lines along the axes away from the axes, at most, at the
/// middle and the corners of `out`.
double turn_of(const Geometry& geometry);

// Matrices, out_from_in.
glm::dmat3 moved(double x, double y);
glm::dmat3 stretched(double x, double y);
/// About the middle of a picture.
glm::dmat3 about_middle(const glm::dmat3& matrix, int width, int height);
/// Clockwise as seen; radians.
glm::dmat3 turned(double angle);
/// Takes the corners of a picture, clockwise from the top left, to four points that are convex in
/// that order. Source: Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, 2.2.3.
glm::dmat3 to_corners(int width, int height, const std::array<glm::dvec2, 4>& corners);

}  // namespace orrery
