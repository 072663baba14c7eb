#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "scenes/sensor_plane.hpp"

namespace orrery {

/// What one read-out adds to light. Its draws are a pure function of (key, pixel, channel).
struct Readout {
  double full_well = 0;   ///< electrons at 1; 0: no shot noise
  double read_noise = 0;  ///< standard deviation, fraction of white
  std::array<std::uint32_t, 2> key{};
};

/// Shot and read noise. Counts of eight electrons and more are normal with the Poisson's skewness
/// (first order of Cornish and Fisher); smaller ones are exactly Poisson.
/// Margins are left behind. Of `rows` any row may be overwritten; `words` is working memory.
void add_noise(const Readout& readout, std::uint32_t channel, const Plane& plane,
               std::vector<std::uint32_t>& words, const Plane& rows);

/// Standard normals, |z| < 5.4, from 32 bits each.
/// Source: Giles, Approximating the erfinv function, GPU Computing Gems Jade, 2011 (single
/// precision).
void normals_from_bits(const std::uint32_t* bits, float* normal, int count);

}  // namespace orrery
