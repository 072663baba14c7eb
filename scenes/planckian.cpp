#include "scenes/planckian.hpp"

#include <algorithm>

namespace orrery {

glm::dvec3 planckian_color(double kelvin) {
  const double t = 1000.0 / std::clamp(kelvin, 1667.0, 25000.0);
  const double x = t > 0.25
                       ? ((-0.2661239 * t - 0.2343589) * t + 0.8776956) * t + 0.179910
                       : ((-3.0258469 * t + 2.1070379) * t + 0.2226347) * t + 0.240390;
  const double y = t > 1000.0 / 2222.0
                       ? ((-1.1063814 * x - 1.34811020) * x + 2.18555832) * x - 0.20219683
                   : t > 0.25
                       ? ((-0.9549476 * x - 1.37418593) * x + 2.09137015) * x - 0.16748867
                       : ((3.0817580 * x - 5.87338670) * x + 3.75112997) * x - 0.37001483;
  const glm::dvec3 xyz(x / y, 1.0, (1 - x - y) / y);
  // XYZ to linear sRGB, IEC 61966-2-1; glm's matrices are columns first.
  const glm::dmat3 rgb_from_xyz(3.2404542, -0.9692660, 0.0556434, -1.5371385, 1.8760108, -0.2040259,
                                -0.4985314, 0.0415560, 1.0572252);
  const glm::dvec3 rgb = glm::max(rgb_from_xyz * xyz, 0.0);
  return rgb / glm::dot(rgb, glm::dvec3(0.2126, 0.7152, 0.0722));
}

}  // namespace orrery
