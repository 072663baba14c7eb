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
///
/// Every sky is scaled to a mean luminance of 1 over the sphere (sun included): a white diffuse
/// ball in it averages 1, so intensity 0.5 and exposure 0 stops suit every sky alike.
struct Sky {
  std::string name;
  std::string sha256;         ///< of the source file, or of the procedural sky's name and revision
  Image<glm::vec3> radiance;  ///< linear RGB, as seen in the background; at most 1024 × 512

  /// Irradiance divided by π (so: the radiance of a white diffuse surface) in nine
  /// spherical-harmonic coefficients, order Y00, Y1-1(y), Y10(z), Y11(x), Y2-2(xy), Y2-1(yz),
  /// Y20(3z²-1), Y21(xz), Y22(x²-y²), cosine lobe and basis constants folded in, so that the value
  /// for normal n is c0 + c1·y + c2·z + c3·x + c4·xy + c5·yz + c6·(3z²-1) + c7·xz + c8·(x²-y²).
  /// Made from the whole radiance, a sun included; opposite a strong sun the value may fall
  /// slightly below 0.
  /// Source: Ramamoorthi and Hanrahan, An Efficient Representation for Irradiance Environment
  /// Maps, SIGGRAPH 2001.
  std::array<glm::vec3, 9> irradiance{};

  /// Radiance prefiltered with the GGX lobe, equirectangular kSpecularWidth × kSpecularWidth/2,
  /// one image per roughness level: level k is for perceptual roughness k / (kSpecularLevels-1).
  /// Level 0 is the plain radiance resampled. Its source is clamped to a luminance of
  /// kSpecularCeiling, so that a sun of a few texels makes a highlight and not a speck of fire.
  /// Source: Karis, Real Shading in Unreal Engine 4, 2013.
  static constexpr int kSpecularWidth = 128;
  static constexpr int kSpecularLevels = 6;
  static constexpr float kSpecularCeiling = 200.0F;
  std::array<Image<glm::vec3>, kSpecularLevels> specular;
};

/// What a white diffuse surface of normal `n` (unit, the sky's frame) shows under such
/// coefficients.
glm::vec3 diffuse_of(const std::array<glm::vec3, 9>& irradiance, const glm::dvec3& n);

/// A sky from linear equirectangular radiance of any brightness, twice as wide as high. Throws
/// Error for other shapes, for values that are not finite and for darkness; `name` says where.
Sky sky_from_radiance(const std::string& name, const std::string& sha256,
                      Image<glm::vec3> radiance);

/// The sky of a Radiance (.hdr) equirectangular file. Throws Error.
Sky sky_from_file(const std::filesystem::path& file);

/// Procedural skies that need no file: "studio" (soft boxes in a grey room), "overcast", "clear"
/// (blue sky, warm horizon; no sun disc, since the sun is a Light), "sunset", "indoor" (a room with
/// a window and lamps). Throws Error for other names, naming the nearest.
Sky procedural_sky(const std::string& name);
std::vector<std::string> procedural_sky_names();
/// Sky::sha256 of that procedural sky, without making it.
std::string procedural_sky_sha256(const std::string& name);

}  // namespace orrery
