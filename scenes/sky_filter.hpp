#pragma once

#include <array>
#include <glm/glm.hpp>

#include "scenes/sky.hpp"

namespace orrery {

/// Unit direction of the equirectangular position (u, v), both in [0, 1]; see Sky.
glm::dvec3 sky_direction(double u, double v);

/// Area average over solid angle, exact for any ratio of sizes: the sum of radiance over the
/// sphere stays what it was.
Image<glm::vec3> resampled_sky(const Image<glm::vec3>& radiance, int width, int height);

/// Mean over the sphere.
glm::dvec3 mean_radiance(const Image<glm::vec3>& radiance);

/// Sky::irradiance of a radiance image.
std::array<glm::vec3, 9> irradiance_of(const Image<glm::vec3>& radiance);

/// Sky::specular of a radiance image. A quadrature over every texel of a source fine enough for
/// the lobe, not a sample of it: no noise and no fireflies.
std::array<Image<glm::vec3>, Sky::kSpecularLevels> specular_of(const Image<glm::vec3>& radiance);

}  // namespace orrery
