#pragma once

#include <vector>

#include "generator/labelled_image.hpp"

namespace orrery {

/// The part of a polygon inside the image; where it leaves, along the image's border. Fewer than
/// three corners: none is. Source: Sutherland & Hodgman, Reentrant Polygon Clipping, CACM 1974.
Polygon clipped(const Polygon& polygon, int width, int height);

/// A label's outline inside the image: its own polygons, or those of its mask; a box's corners
/// where it has neither. Each has three corners or more. `holes` counts those lost.
std::vector<Polygon> outline_inside(const LabelledImage& image, const Label& label,
                                    std::size_t& holes);

/// One polygon of several that lie apart: bridges go there and back between the nearest corners, so
/// that they enclose nothing and (even-odd) the same pixels are inside. Polygons that may overlap
/// are drawn as pixels first.
Polygon joined(const std::vector<Polygon>& polygons, int width, int height);

}  // namespace orrery
