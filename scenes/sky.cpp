#include "scenes/sky.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenes/error.hpp"
#include "scenes/sha256.hpp"
#include "scenes/sky_filter.hpp"

namespace orrery {
namespace {

/// Radiance kept for the background: more would be resident for pixels that few images show.
constexpr int kResidentWidth = 1024;

double luminance(const glm::dvec3& rgb) {
  return glm::dot(rgb, glm::dvec3(0.2126, 0.7152, 0.0722));
}

void require_finite(const std::string& name, const Image<glm::vec3>& radiance) {
  for (std::size_t i = 0; i < radiance.pixels.size(); ++i) {
    const glm::vec3& c = radiance.pixels[i];
    if (std::isfinite(c.r + c.g + c.b) && std::min({c.r, c.g, c.b}) >= 0) continue;
    const std::size_t width = static_cast<std::size_t>(radiance.width);
    throw Error(name + ": pixel (" + std::to_string(i % width) + ", " + std::to_string(i / width) +
                ") is negative or not finite, wanted radiance");
  }
}

}  // namespace

glm::vec3 diffuse_of(const std::array<glm::vec3, 9>& irradiance, const glm::dvec3& n) {
  const std::array<glm::vec3, 9>& c = irradiance;
  const glm::vec3 m(n);
  const glm::vec3 sum = c[0] + c[1] * m.y + c[2] * m.z + c[3] * m.x + c[4] * (m.x * m.y) +
                        c[5] * (m.y * m.z) + c[6] * (3 * m.z * m.z - 1) + c[7] * (m.x * m.z) +
                        c[8] * (m.x * m.x - m.y * m.y);
  return glm::max(sum, glm::vec3(0));
}

Sky sky_from_radiance(const std::string& name, const std::string& sha256,
                      Image<glm::vec3> radiance) {
  if (radiance.width < 4 || radiance.width != 2 * radiance.height) {
    throw Error(name + ": is " + std::to_string(radiance.width) + "x" +
                std::to_string(radiance.height) +
                " pixels, wanted an equirectangular image twice as wide as high");
  }
  require_finite(name, radiance);
  const double brightness = luminance(mean_radiance(radiance));
  if (brightness <= 0) throw Error(name + ": is black, wanted a sky with some light");
  Sky sky;
  sky.name = name;
  sky.sha256 = sha256;
  sky.radiance = radiance.width > kResidentWidth
                     ? resampled_sky(radiance, kResidentWidth, kResidentWidth / 2)
                     : std::move(radiance);
  for (glm::vec3& c : sky.radiance.pixels) c *= static_cast<float>(1 / brightness);
  sky.irradiance = irradiance_of(sky.radiance);
  Image<glm::vec3> clamped = sky.radiance;
  for (glm::vec3& c : clamped.pixels) {
    const float bright = static_cast<float>(luminance(glm::dvec3(c)));
    if (bright > Sky::kSpecularCeiling) c *= Sky::kSpecularCeiling / bright;
  }
  sky.specular = specular_of(clamped);
  return sky;
}

Sky sky_from_file(const std::filesystem::path& file) {
  Sky sky = sky_from_radiance(file.string(), sha256_of_file(file), read_radiance(file));
  sky.name = file.stem().string();
  return sky;
}

}  // namespace orrery
