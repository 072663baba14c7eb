#include "renderer/labels/seen_surface.hpp"

#include <cmath>

namespace orrery {
namespace {

bool is_inside(const SeenSurface& seen, const glm::ivec2& p) {
  return p.x >= 0 && p.y >= 0 && p.x < seen.depth.width && p.y < seen.depth.height;
}

/// 1 / depth of the surface at a pixel's centre; nothing where another or none is seen.
std::optional<double> nearness_at(const SeenSurface& seen, const glm::ivec2& p,
                                  std::uint16_t wanted) {
  if (!is_inside(seen, p)) return std::nullopt;
  if (!seen.id.pixels.empty() && seen.id.at(p.x, p.y) != wanted) return std::nullopt;
  const float depth = seen.depth.at(p.x, p.y);
  if (!(depth > 0)) return std::nullopt;
  return 1.0 / static_cast<double>(depth);
}

/// Change of 1 / depth over a pixel along `step`: the smaller of those to both sides, because the
/// other may be the step to a surface behind.
double slope(const SeenSurface& seen, const glm::ivec2& p, const glm::ivec2& step, double here,
             std::uint16_t id) {
  const auto after = nearness_at(seen, p + step, id);
  const auto before = nearness_at(seen, p - step, id);
  if (!after && !before) return 0;
  if (!after) return here - *before;
  if (!before) return *after - here;
  const double ahead = *after - here;
  const double behind = here - *before;
  return std::abs(ahead) < std::abs(behind) ? ahead : behind;
}

}  // namespace

std::optional<glm::ivec2> pixel_at(const SeenSurface& seen, const glm::dvec2& place) {
  const glm::dvec2 size(seen.depth.width, seen.depth.height);
  const bool inside = place.x >= 0 && place.y >= 0 && place.x < size.x && place.y < size.y;
  if (!inside) return std::nullopt;
  return glm::ivec2(glm::floor(place));
}

std::optional<double> depth_carried_to(const SeenSurface& seen, const glm::ivec2& pixel,
                                       const glm::dvec2& place) {
  if (!is_inside(seen, pixel)) return std::nullopt;
  const std::uint16_t id = seen.id.pixels.empty() ? std::uint16_t{0} : seen.id.at(pixel.x, pixel.y);
  const auto here = nearness_at(seen, pixel, id);
  if (!here) return std::nullopt;
  const glm::dvec2 away = place - (glm::dvec2(pixel) + 0.5);
  const double there = *here + away.x * slope(seen, pixel, {1, 0}, *here, id) +
                       away.y * slope(seen, pixel, {0, 1}, *here, id);
  if (there <= 0) return std::nullopt;
  return 1.0 / there;
}

}  // namespace orrery
