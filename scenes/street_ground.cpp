#include <algorithm>
#include <array>
#include <glm/gtc/constants.hpp>
#include <utility>

#include "scenes/painting.hpp"
#include "scenes/random.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/street.hpp"
#include "scenes/surface_material.hpp"

namespace orrery {
namespace {

using glm::dvec2;

constexpr double kRoad = 6.5;      ///< across, metres; its right edge is x = 0
constexpr double kRhythm = 6;      ///< of the markings along y
constexpr double kKerb = 0.15;     ///< across
constexpr double kPavement = 2.4;  ///< across, of each side

/// Six metres of road, its markings painted over the asphalt.
Image<Rgba8> road_picture(const SurfaceMaps& asphalt, Rng& rng) {
  Painting on(512, 512, {kRoad, kRhythm}, glm::vec3(0));
  const glm::vec3 paint(0.86F, 0.86F, 0.83F);
  const bool dashed = rng.below(3) != 0;
  const double middle = 0.5 * kRoad;
  on.rectangle({middle - 0.06, 0}, {middle + 0.06, dashed ? 3.0 : kRhythm}, paint);
  if (rng.below(2) == 0) {
    on.rectangle({0.2, 0}, {0.32, kRhythm}, paint);
    on.rectangle({kRoad - 0.32, 0}, {kRoad - 0.2, kRhythm}, paint);
  }
  Image<Rgba8> picture = on.image();
  const int side = asphalt.color.width;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      // Four by four tiles of asphalt; worn paint lets it through.
      const glm::vec3 ground(asphalt.color.at((x * 2) % side, (y * 2) % side));
      const glm::vec3 over(picture.at(x, y));
      const float cover = over.g / (255.0F * 0.86F) * (0.7F + 0.25F * ground.g / 128.0F);
      picture.at(x, y) =
          Rgba8(glm::vec4(glm::mix(ground, glm::max(over, ground), std::min(cover, 0.95F)), 255));
    }
  }
  return picture;
}

}  // namespace

Model street_ground(double width, double depth, std::uint64_t variant) {
  Rng rng(variant, 0, "street/ground");
  const SurfaceMaps asphalt = surface_maps("asphalt", variant, 256);
  const SurfaceMaps paving = surface_maps("paving", variant, 256);
  const SurfaceMaps grass = surface_maps("grass", variant, 256);
  const double half = 0.5 * width;
  const double y = 0.5 * depth;
  ShapeDraft draft;
  const auto strip = [&](Surface& surface, double from, double to, const dvec2& tile) {
    from = std::clamp(from, -half, half);
    to = std::clamp(to, -half, half);
    if (to <= from) return;
    std::array<std::uint32_t, 4> corners{};
    std::size_t k = 0;
    for (const auto& [x, at] :
         {std::pair(from, -y), std::pair(to, -y), std::pair(to, y), std::pair(from, y)}) {
      corners[k++] = add_vertex(surface, {x, at, 0}, {0, 0, 1}, {x / tile.x, -at / tile.y});
    }
    add_quad(surface, corners[0], corners[1], corners[2], corners[3]);
  };
  strip(draft.printed(road_picture(asphalt, rng), 0.88F, Wrap::repeat), -kRoad, 0,
        {kRoad, kRhythm});
  Surface& kerb = draft.part(glm::vec3(0.6F, 0.59F, 0.57F), 0.85F);
  Surface& walk = draft.printed(paving.color, 0.88F, Wrap::repeat);
  Surface& lawn = draft.printed(grass.color, 0.95F, Wrap::repeat);
  const double left = -kRoad - kKerb;
  strip(kerb, 0, kKerb, dvec2(1));
  strip(kerb, left, -kRoad, dvec2(1));
  strip(walk, kKerb, kKerb + kPavement, dvec2(paving.metres));
  strip(walk, left - kPavement, left, dvec2(paving.metres));
  strip(lawn, kKerb + kPavement, half, dvec2(grass.metres));
  strip(lawn, -half, left - kPavement, dvec2(grass.metres));
  for (const double side : {1.0, -1.0}) {
    if (variant % 3 == 0) break;
    const double from = side > 0 ? kKerb + kPavement + 6.5 : left - kPavement - 3;
    for (double at = -8; at < std::min(y, 45.0) - 8;) {
      // Fronts to the road: +x of a house runs along y, or against it.
      const glm::dmat3 turn = turn_about(2, side * -glm::half_pi<double>());
      constexpr double kWidest = 19;
      at += add_house(draft, rng, turn, {from, at + 0.5 * kWidest, 0}) < 12 ? kWidest - 5 : kWidest;
    }
  }
  return draft.finished("street_ground", exact_text({width, depth}) + std::to_string(variant));
}

}  // namespace orrery
