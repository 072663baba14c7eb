#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>

#include "scenes/image.hpp"

namespace orrery {

/// A picture's hash as it is, and those of its other seven flips and quarter turns. With the rows
/// of pixels as y: 1 mirrored left to right, 2 top to bottom, 3 both, and 4 + i the transpose of i.
using PerceptualHashes = std::array<std::uint64_t, 8>;

/// A hash that changes little when a picture is scaled, compressed again or made brighter. Luma
/// (0.299 R + 0.587 G + 0.114 B, alpha ignored) is averaged over the areas of a 32 × 32 grid
/// whatever the picture's shape; of its orthonormal DCT-II, the 8 × 8 lowest frequencies (with the
/// constant) are compared with their median (the mean of the middle two): greater is 1. The first
/// row and column is the most significant bit, row by row. In plain double arithmetic, so equal
/// everywhere. Nothing if the grid's standard deviation is below 1 of 255: such pictures have no
/// structure to compare. Source: Zauner, Implementation and Benchmarking of Perceptual Image Hash
/// Functions, 2010.
std::optional<PerceptualHashes> perceptual_hashes(const ImageView<Rgba8>& pixels);

/// Bits in which a hash differs from the nearest of the eight, so a mirrored or turned copy is
/// near.
inline int hash_distance(std::uint64_t hash, const PerceptualHashes& others) {
  int least = 64;
  for (const std::uint64_t other : others) {
    const int bits = std::popcount(hash ^ other);
    if (bits < least) least = bits;
  }
  return least;
}

}  // namespace orrery
