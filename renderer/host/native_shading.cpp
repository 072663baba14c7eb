#include "renderer/host/shading.hpp"

#include <algorithm>
#include <array>

namespace orrery::host {

#ifdef ORRERY_X86_SHADING
namespace avx2 {
Shade shade_view;
}
namespace avx512 {
Shade shade_view;
}

std::vector<Shade*> native_shadings() {
  std::vector<Shade*> run;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    run.push_back(&avx512::shade_view);
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    run.push_back(&avx2::shade_view);
  }
  return run;
}
#else
std::vector<Shade*> native_shadings() { return {}; }
#endif

void shadow_tiles_from(const float* map, float* tiles) {
  constexpr int kSide = shader::kShadowSide / shader::kShadowTile;
  std::array<float, kShadowTiles> least;
  least.fill(1.0F);
  for (std::size_t y = 0; y < shader::kShadowSide; ++y) {
    for (std::size_t x = 0; x < shader::kShadowSide; ++x) {
      float& tile = least[y / shader::kShadowTile * kSide + x / shader::kShadowTile];
      tile = std::min(tile, map[y * shader::kShadowSide + x]);
    }
  }
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      float nearest = 1.0F;
      for (int v = std::max(y - 1, 0); v <= std::min(y + 1, kSide - 1); ++v) {
        for (int u = std::max(x - 1, 0); u <= std::min(x + 1, kSide - 1); ++u) {
          nearest = std::min(nearest, least[static_cast<std::size_t>(v * kSide + u)]);
        }
      }
      tiles[y * kSide + x] = nearest;
    }
  }
}

std::size_t scratch_words(const shader::ViewConstants& view) {
  const std::size_t samples = view.rate == 2
                                  ? (std::size_t{2} * view.width + 1) * (2 * view.height + 1)
                                  : std::size_t{view.width} * view.height;
  const std::size_t pixels = std::size_t{view.width} * view.height;
  const std::size_t cells = std::size_t{(view.width + 1) / 2} * ((view.height + 1) / 2);
  // A list of samples with their colours, where each sample stands on it, the edges, nearness at
  // the pixels, and occlusion before and after the blur.
  return samples * (1 + 4) + samples + 2 * pixels + pixels + 4 * cells + 8 * kPadding;
}

}  // namespace orrery::host
