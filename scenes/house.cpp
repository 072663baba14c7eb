#include <array>

#include "scenes/painting.hpp"
#include "scenes/shape_draft.hpp"
#include "scenes/street.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {

using glm::dvec2;
using glm::dvec3;

double add_house(ShapeDraft& draft, Rng& rng, const glm::dmat3& turn, const glm::dvec3& shift) {
  const int floors = 2 + static_cast<int>(rng.below(3));
  const int bays = 4 + static_cast<int>(rng.below(4));
  const dvec3 size(2.6 * bays, 8, 3.0 * floors);
  const glm::vec3 wall = drawn_color(rng, {{0.85F, 0.8F, 0.7F},
                                           {0.62F, 0.36F, 0.28F},
                                           {0.72F, 0.72F, 0.7F},
                                           {0.88F, 0.72F, 0.5F},
                                           {0.66F, 0.72F, 0.76F}});
  const glm::vec3 frame(0.92F, 0.91F, 0.88F);
  Painting front(512, 256, {size.x, size.z}, wall);
  front.rectangle({0, size.z - 0.6}, {size.x, size.z}, wall * 0.6F);
  for (double y = 0.12; y < size.z; y += 0.24) {
    front.rectangle({0, y}, {size.x, y + 0.02}, wall * 0.93F);
  }
  const auto door = static_cast<int>(rng.below(static_cast<std::uint32_t>(bays)));
  for (int floor = 0; floor < floors; ++floor) {
    for (int bay = 0; bay < bays; ++bay) {
      const dvec2 at(2.6 * bay + 0.75, 3.0 * floor + 0.7);
      const bool ground = floor == floors - 1;
      if (ground && bay == door) {
        front.rectangle(at, {at.x + 1.1, size.z}, color_of_hue(rng.unit(), 0.5, 0.3));
        continue;
      }
      front.rectangle(at - 0.07, at + dvec2(1.17, 1.52), frame);
      const float pane = uniform(rng, 0.08, 0.35);
      for (const double x : {0.0, 0.57}) {
        front.rectangle(at + dvec2(x, 0), at + dvec2(x + 0.53, 1.45),
                        {pane, 1.05F * pane, 1.15F * pane});
      }
    }
  }
  Surface& walls = draft.printed(front.image(), 0.8F);
  add_rounded_box(walls, {0, 0.5 * size.y, 0.5 * size.z}, size, 0);
  Surface& roof = draft.part(drawn_color(rng, {{0.5F, 0.26F, 0.2F}, {0.28F, 0.28F, 0.3F}}), 0.85F);
  const double up = rng.uniform(1.5, 3.5);
  const std::array<dvec2, 3> gable{{{-0.55 * size.y, 0}, {0.55 * size.y, 0}, {0, up}}};
  add_prism(roof, roof, gable, -0.52 * size.x, 0.52 * size.x);
  // From (across, up, along) to (y, z, x).
  move_from(roof, 0, glm::dmat3(dvec3(0, 1, 0), dvec3(0, 0, 1), dvec3(1, 0, 0)),
            {0, 0.5 * size.y, size.z});
  move_from(walls, 0, turn, shift);
  move_from(roof, 0, turn, shift);
  return size.x;
}

Model house(std::uint64_t variant) {
  Rng rng(variant, 0, "street/house");
  ShapeDraft draft;
  add_house(draft, rng, glm::dmat3(1.0), dvec3(0));
  return draft.finished("house", variant);
}

}  // namespace orrery
