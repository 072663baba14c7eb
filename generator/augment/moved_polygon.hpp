#pragma once

#include "generator/augment/geometry.hpp"

namespace orrery {

/// What is left of polygons in the picture that they are moved to, exactly; where something bends,
/// edges are split so that they bend too. `left` becomes the share of their area, in the picture
/// that they come from, that is still there: exactly 1 if nothing is cut off.
std::vector<Polygon> moved(const std::vector<Polygon>& polygons, const Geometry& geometry,
                           double& left);

Polygon corners_of(const Rect& box);
/// The ellipse that fills a box.
Polygon ellipse_in(const Rect& box);
/// Signs do not matter; overlaps count twice.
double area_of(const std::vector<Polygon>& polygons);
/// The smallest rectangle around polygons, at any angle.
OrientedBox rectangle_around(const std::vector<Polygon>& polygons);

}  // namespace orrery
