#pragma once

#include <algorithm>
#include <vector>

#include "renderer/frame.hpp"
#include "scenes/random.hpp"

namespace orrery::testing {

/// A frame drawn on the CPU: random ellipses over a canvas larger than the image, later ones in
/// front, and sometimes the ground over all of them. Owns what the Frame points to.
struct RandomFrame {
  Shot shot;
  Model model;
  Image<std::uint16_t> id;
  std::vector<std::uint32_t> bits;
  Frame frame;

  RandomFrame(std::uint64_t seed, int width, int height, std::uint32_t objects, double largest) {
    Rng rng(seed, 0, "frame");
    const int left = static_cast<int>(rng.below(9));
    const int top = static_cast<int>(rng.below(9));
    const int canvas_width = width + left + static_cast<int>(rng.below(9));
    const int canvas_height = height + top + static_cast<int>(rng.below(9));
    const auto plane = static_cast<std::size_t>(canvas_width * canvas_height);
    id = Image<std::uint16_t>(width, height);
    bits.assign(plane * ((objects + 31) / 32), 0);
    model.bounds = {glm::vec3(-0.1F), glm::vec3(0.1F)};
    shot.view.intrinsics = intrinsics_from_fov(width, height, 1.0);
    for (std::uint32_t i = 0; i <= objects; ++i) {
      const bool ground = i == objects;
      // Braces: their order of evaluation is the same for every compiler.
      const glm::dvec2 center{rng.uniform(-left, canvas_width - left),
                              rng.uniform(-top, canvas_height - top)};
      const glm::dvec2 radius{rng.uniform(0.2, largest), rng.uniform(0.2, largest)};
      if (ground && rng.unit() < 0.5) break;
      for (int y = 0; y < canvas_height; ++y) {
        for (int x = 0; x < canvas_width; ++x) {
          const glm::dvec2 at = (glm::dvec2(x - left, y - top) + 0.5 - center) / radius;
          if (at.x * at.x + at.y * at.y > 1) continue;
          const int ix = x - left;
          const int iy = y - top;
          if (ix >= 0 && iy >= 0 && ix < width && iy < height) {
            id.at(ix, iy) = static_cast<std::uint16_t>(ground ? 0 : i + 1);
          }
          if (ground) continue;
          bits[plane * (i / 32) + static_cast<std::size_t>(y * canvas_width + x)] |= 1U << (i % 32);
        }
      }
      if (ground) break;
      Object object;
      object.class_id = i % 3;
      object.world_from_object.translation = {0.1 * i, 0, 2};
      shot.scene.objects.push_back(object);
    }
    frame.shot = &shot;
    frame.id = id;
    frame.amodal = {canvas_width, canvas_height, left, top, bits};
  }
  RandomFrame(const RandomFrame&) = delete;

  bool amodal_at(std::uint32_t object, int x, int y) const {
    const auto plane =
        static_cast<std::size_t>(frame.amodal.width) * static_cast<std::size_t>(frame.amodal.height);
    const std::size_t at = plane * (object / 32) +
                           static_cast<std::size_t>((y + frame.amodal.offset_y) *
                                                        frame.amodal.width +
                                                    x + frame.amodal.offset_x);
    return (bits[at] >> (object % 32) & 1U) != 0;
  }
};

}  // namespace orrery::testing
