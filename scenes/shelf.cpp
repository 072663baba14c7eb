#include <array>
#include <cassert>

#include "scenes/goods.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/surface_material.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {

Model shelf(const glm::dvec3& size_of_bay, int boards, std::uint64_t variant) {
  assert(boards >= 1 && size_of_bay.z > 0.1);
  Rng rng(variant, 0, "goods/shelf");
  const double width = size_of_bay.x;
  const double depth = size_of_bay.y;
  const double gap = size_of_bay.z;
  ShapeDraft draft;
  double tile = 1;
  Surface* wood = nullptr;
  const bool metal = variant % 3 == 1;
  if (variant % 3 == 0) {
    const SurfaceMaps maps = surface_maps("wood", variant, 256);
    tile = maps.metres;
    wood = &draft.printed(maps.color, uniform(rng, 0.35, 0.6), Wrap::repeat);
  } else {
    const float light = uniform(rng, 0.75, 0.92);
    wood = &draft.part(metal ? glm::vec3(0.62F * light) : glm::vec3(light), 0.4F, 0.0F);
  }
  const auto box = [&](const glm::dvec3& middle, const glm::dvec3& size) {
    const std::uint32_t first = vertices_of(*wood);
    add_rounded_box(*wood, middle, size, 0.0015);
    lay_uv_from(*wood, first, tile);
  };
  const double side = metal ? 0.003 : 0.018;
  const double step = gap + kShelfBoard;
  const double height = kShelfFoot + boards * step + kShelfBoard;
  for (const double x : {-1.0, 1.0}) {
    box({x * 0.5 * (width + side), 0, 0.5 * height}, {side, depth, height});
  }
  for (int board = 0; board <= boards; ++board) {
    const double top = kShelfFoot + board * step;
    box({0, 0, top - 0.5 * kShelfBoard}, {width, depth, kShelfBoard});
    if (board == boards) break;
    if (metal) {  // a price rail along the front edge
      box({0, -0.5 * depth - 0.003, top - 0.012}, {width, 0.006, 0.03});
    }
  }
  box({0, 0.5 * depth + 0.004, 0.5 * height}, {width + 2 * side, 0.008, height});
  return draft.finished("shelf", exact_text({width, depth, gap, static_cast<double>(boards)}) +
                                     std::to_string(variant));
}

}  // namespace orrery
