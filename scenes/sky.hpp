#pragma once

#include <array>
#include <filesystem>
#include <glm/glm.hpp>
#include <string>
#include <vector>

#include "scenes/image.hpp"

namespace orrery {

/// Distant light from all directions, prepared for image-based lighting. World frame, z up.
/// Directions map to equirectangular images so: u = 0.5 + atan2(y, x) / 2π, v = acos(z) / π
/// (row 0 is the zenith); yaw is applied by the renderer.
struct Sky {
  std::string name;
  std::string sha256;  ///< of the source file, or of the procedural sky's parameters
  Image<glm::vec3> radiance;  ///< linear RGB, as seen in the background

  /// Irradiance divided by π (so: the radiance of a white diffuse surface) in nine
  /// spherical-harmonic coefficients, order Y00, Y1-1(y), Y10(z), Y11(x), Y2-2(xy), Y2-1(yz),
  /// Y20(3z²-1), Y21(xz), Y22(x²-y²), cosine lobe and basis constants folded in, so that the value
  /// for normal n is c0 + c1·y + c2·z + c3·x + c4·xy + c5·yz + c6·(3z²-1) + c7·xz + c8·(x²-y²).
  /// Source: Ramamoorthi and Hanrahan, An Efficient Representation for Irradiance Environment
  /// Maps, SIGGRAPH 2001.
  std::array<glm::vec3, 9> irradiance{};

  /// Radiance prefiltered with the GGX lobe, equirectangular kSpecularWidth × kSpecularWidth/2,
  /// one image per roughness level: level k is for perceptual roughness k / (kSpecularLevels-1).
  /// Level 0 is the plain radiance resampled. Source: Karis, Real Shading in Unreal Engine 4, 2013.
  static constexpr int kSpecularWidth = 128;
  static constexpr int kSpecularLevels = 6;
  std::array<Image<glm::vec3>, kSpecularLevels> specular;
};

/// The sky of a Radiance (.hdr) equirectangular file. Throws Error.
Sky sky_from_file(const std::filesystem::path& file);

/// Procedural skies that need no file: "studio" (soft boxes in a grey room), "overcast", "clear"
/// (blue sky, warm horizon; no sun disc, since the sun is a Light), "sunset", "indoor" (a room with
/// a window and lamps). Throws Error for other names, naming the nearest.
Sky procedural_sky(const std::string& name);
std::vector<std::string> procedural_sky_names();

}  // namespace orrery
