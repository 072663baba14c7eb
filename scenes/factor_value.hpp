#pragma once

#include <cmath>
#include <glm/glm.hpp>
#include <string>

#include "scenes/distribution.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// The value of one factor of one sample.
inline double value_of(const Distribution& d, const Streams& streams, const std::string& factor) {
  Rng rng = streams.of(factor);
  return drawn(d, rng);
}

/// Unit vector towards a point of the dome, z up.
inline glm::dvec3 from_above(double elevation_degrees, double azimuth_degrees) {
  const double e = glm::radians(elevation_degrees);
  const double a = glm::radians(azimuth_degrees);
  return {std::cos(e) * std::cos(a), std::cos(e) * std::sin(a), std::sin(e)};
}

}  // namespace orrery
