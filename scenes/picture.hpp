#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "scenes/cache_folder.hpp"
#include "scenes/image.hpp"
#include "scenes/model.hpp"

namespace orrery {

/// A texture of its own, which objects may show instead of their model's.
struct PictureTexture {
  std::string name;    ///< the file, or what read_picture() made
  std::string sha256;  ///< of its pixels' source
  Texture texture;     ///< first_texel is 0
  std::vector<Rgba8> texels;
  double aspect = 1;  ///< of the source: height / width
  double metres = 0;  ///< width of one repeat, where that is known; else 0
};

/// How many texels the pictures of one list may have together, without their mip levels: with these
/// and the copies that lanes keep, pictures stay below some hundred MiB however many there are.
constexpr std::size_t kPictureTexels = std::size_t{1} << 24;

/// The greatest side of each of `count` pictures that keeps to kPictureTexels: a power of two, at
/// most 512.
int picture_side(std::size_t count);

/// A picture whose sides are at most `side` texels. Each of its directions repeats where its edges
/// fit each other, and is mirrored where they do not.
PictureTexture picture_from(const Image<Rgba8>& image, int side);

/// The name of the colours of one variant of a surface material, for read_picture().
std::string surface_picture(const std::string& material, std::uint32_t variant);

/// An image file, or what surface_picture() names. Throws Error.
PictureTexture read_picture(const std::string& name, int side);

/// Masks of wear and dirt, tiles that repeat: red are scratches, green scuffs, blue dirt. Green and
/// blue are ranks: a share s of the tile lies above 1 - s. So do red's, among the scratches.
/// Painted once and then read from `cache`; a mask that cannot be kept costs only time.
std::vector<PictureTexture> wear_masks(
    const std::filesystem::path& cache = cache_folder("textures"));

}  // namespace orrery
