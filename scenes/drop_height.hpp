#pragma once

#include <glm/glm.hpp>
#include <vector>

#include "scenes/collision_shape.hpp"

namespace orrery {

/// Highest and lowest surface of a thing over the cells of a grid, its origin in the middle of cell
/// (0, 0); as if it were a cell wider all around, so that what clears it by this clears it truly.
struct Relief {
  int x = 0;  ///< cell of the first column
  int y = 0;  ///< cell of the first row
  int width = 0;
  int height = 0;
  std::vector<double> low;   ///< metres; +infinity where nothing is
  std::vector<double> high;  ///< metres; -infinity where nothing is
  double lowest = 0;         ///< exact, metres
  double reach = 0;          ///< furthest corner from the origin in the plane, metres
};

/// How high what lies on the ground reaches, in the cells of a grid about the origin. Things start
/// from where they first touch when they are lowered onto it: they need not fall far.
class DropHeight {
 public:
  /// Covers what is less than `reach` from the origin along x and y; `ground` metres high at first.
  DropHeight(double reach, double ground);

  /// Of a thing with this rotation and scale; its translation is ignored.
  Relief relief_of(const CollisionShape& shape, const Pose& pose) const;
  /// The least height (of the origin) at which the thing clears everything, to about a cell.
  double over(const Relief& relief, const glm::dvec2& at) const;
  /// Where the lowest point touches the ground, whatever else there is.
  double on_ground(const Relief& relief) const { return ground_ - relief.lowest; }
  /// Puts it there.
  void add(const Relief& relief, const glm::dvec3& at);

 private:
  int cell_of(double metres) const;
  /// Calls take(index of a cell, index of the relief's cell over it) for a thing at `at`.
  template <class Take>
  void for_each_cell(const Relief& relief, const glm::dvec2& at, const Take& take) const;

  double cell_ = 0;    ///< metres
  int cells_ = 0;      ///< from the middle to the side
  double ground_ = 0;  ///< metres
  std::vector<double> high_;
};

}  // namespace orrery
