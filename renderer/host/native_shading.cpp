#include "renderer/host/shading.hpp"

namespace orrery::host {

#ifdef ORRERY_AVX2_SHADING
Shade shade_avx2;

Shade* native_shading() {
  const bool runs = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return runs ? &shade_avx2 : nullptr;
}
#else
Shade* native_shading() { return nullptr; }
#endif

std::size_t scratch_words(const shader::ViewConstants& view) {
  const std::size_t samples = view.rate == 2
                                  ? (std::size_t{2} * view.width + 1) * (2 * view.height + 1)
                                  : std::size_t{view.width} * view.height;
  const std::size_t pixels = std::size_t{view.width} * view.height;
  const std::size_t cells = std::size_t{(view.width + 1) / 2} * ((view.height + 1) / 2);
  // A list of samples with their colours, where each sample stands on it, the edges, nearness at the
  // pixels, and occlusion before and after the blur.
  return samples * (1 + 4) + samples + 2 * pixels + pixels + 4 * cells + 8 * kPadding;
}

}  // namespace orrery::host
