#pragma once

#include <glm/glm.hpp>

namespace orrery {

/// Linear sRGB of a black body at `kelvin` (1667 to 25000), scaled to luminance 1; what lies
/// outside the sRGB triangle is clipped to its edge.
/// Source: Kim et al., US patent 7024034 B2 (cubic fits to the Planckian locus).
glm::dvec3 planckian_color(double kelvin);

}  // namespace orrery
