#include "renderer/lens_rays.hpp"

#include <algorithm>
#include <cassert>

#include "renderer/host/shading.hpp"
#include "scenes/error.hpp"
#include "shaders/shared/types.h"

namespace orrery {
namespace {

constexpr std::size_t kBounds = 4;

void cover(float* box, glm::vec2 slope) {
  box[0] = std::min(box[0], slope.x);
  box[1] = std::min(box[1], slope.y);
  box[2] = std::max(box[2], slope.x);
  box[3] = std::max(box[3], slope.y);
}

}  // namespace

std::size_t first_lens_slope() { return kBounds * (shader::kLensTiles + 1); }

std::size_t lens_ray_floats(const SampleGrid& grid) {
  return first_lens_slope() +
         2 * static_cast<std::size_t>(grid.columns) * static_cast<std::size_t>(grid.rows);
}

void require_bindable(const SampleGrid& grid, std::uint64_t most_bytes, const std::string& what,
                      const std::string& instead) {
  const std::uint64_t bytes = (lens_ray_floats(grid) + host::kPadding) * sizeof(float);
  if (bytes <= most_bytes) return;
  throw Error("camera.lens: the rays through " + what + " of " + std::to_string(grid.columns) +
              " x " + std::to_string(grid.rows) + " take " + std::to_string((bytes >> 20) + 1) +
              " MiB, wanted at most the " + std::to_string(most_bytes >> 20) +
              " MiB that the device shows to a shader at once; " + instead);
}

void fill_lens_rays(const Intrinsics& camera, const SampleGrid& grid, std::span<float> floats) {
  assert(floats.size() >= lens_ray_floats(grid));
  float* boxes = floats.data();
  for (std::size_t i = 0; i <= shader::kLensTiles; ++i) {
    boxes[kBounds * i] = boxes[kBounds * i + 1] = shader::kNoRay;
    boxes[kBounds * i + 2] = boxes[kBounds * i + 3] = -shader::kNoRay;
  }
  const auto tile_side = [](int samples, std::uint32_t tiles) {
    return (samples + static_cast<int>(tiles) - 1) / static_cast<int>(tiles);
  };
  const int tile_width = tile_side(grid.columns, shader::kLensColumns);
  const int tile_height = tile_side(grid.rows, shader::kLensRows);
  float* out = floats.data() + first_lens_slope();
  for (int row = 0; row < grid.rows; ++row) {
    glm::dvec2 before(0.0);
    float* tiles =
        boxes + kBounds * shader::kLensColumns * static_cast<std::size_t>(row / tile_height);
    for (int column = 0; column < grid.columns; ++column, out += 2) {
      const glm::dvec2 pixel(grid.x + column * grid.step, grid.y + row * grid.step);
      const auto slope = slope_at(camera, pixel, before);
      before = slope.value_or(glm::dvec2(0.0));
      const glm::vec2 found(slope.value_or(glm::dvec2(static_cast<double>(shader::kNoRay))));
      out[0] = found.x;
      out[1] = found.y;
      if (!slope) continue;
      cover(tiles + kBounds * static_cast<std::size_t>(column / tile_width), found);
      cover(boxes + kBounds * shader::kLensTiles, found);
    }
  }
}

}  // namespace orrery
