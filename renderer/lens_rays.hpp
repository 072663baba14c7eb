#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "scenes/camera.hpp"

namespace orrery {

/// A grid of samples over the image plane.
struct SampleGrid {
  int columns = 0;
  int rows = 0;
  double x = 0, y = 0;  ///< of the first sample, pixels
  double step = 1;      ///< pixels from sample to sample
  bool operator==(const SampleGrid&) const = default;
};

/// Floats that the rays of `grid` take: see fill_lens_rays().
std::size_t lens_ray_floats(const SampleGrid& grid);

/// Throws Error if the rays of `grid` are more than the `most_bytes` that a device shows to a
/// shader at once. `what` says what the grid covers, and `instead` which setting asks for less.
void require_bindable(const SampleGrid& grid, std::uint64_t most_bytes, const std::string& what,
                      const std::string& instead);

/// The slope (x/z, y/z) of every sample's ray, rows from the top, kNoRay twice where the lens sees
/// nothing; before them the bounds x0, y0, x1, y1 of the slopes in each of kLensTiles tiles, and of
/// all. An empty tile has x0 > x1. Worked out in double precision.
void fill_lens_rays(const Intrinsics& camera, const SampleGrid& grid, std::span<float> floats);

/// Where the slopes begin.
std::size_t first_lens_slope();

}  // namespace orrery
