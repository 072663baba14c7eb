#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenes/image.hpp"

namespace orrery {

/// One square tile of a surface material that repeats without a seam in both directions; rows
/// from the top. Maps as glTF wants them.
struct SurfaceMaps {
  Image<Rgba8> color;   ///< sRGB
  Image<Rgba8> normal;  ///< tangent space: x right in the image, y up, z out
  Image<Rgba8> orm;     ///< occlusion (r), roughness (g), metallic (b)
  double metres = 1;    ///< side of the tile in the world
};

/// The kinds there are, in alphabetical order.
std::vector<std::string> surface_names();

/// A surface of the kind `name`; colours, scale and pattern come from the seed. A pure function.
/// `side` is that of the maps in texels, a power of two of at least 16. Throws Error for a name
/// that is none, and says which is nearest.
SurfaceMaps surface_maps(const std::string& name, std::uint64_t seed, int side = 512);

}  // namespace orrery
