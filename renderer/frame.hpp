#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <span>

#include "scenes/image.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// For every pixel of a canvas that may be larger than the image: which instances have a surface
/// there, whatever hides it. Instance id i (1-based) is bit (i-1) % 32 of plane (i-1) / 32.
struct AmodalBits {
  int width = 0;  ///< canvas, pixels
  int height = 0;
  int offset_x = 0;  ///< the image's left column in the canvas
  int offset_y = 0;  ///< the image's top row in the canvas
  /// Planes one after the other, rows from the top. Empty: every amodal mask equals its visible
  /// mask, because nothing overlaps and nothing leaves the image.
  std::span<const std::uint32_t> bits;
};

/// What the renderer made of one shot: plain pixels, no Vulkan. The spans live until the callback
/// that received the Frame returns. Empty views were not asked for.
struct Frame {
  const Shot* shot = nullptr;
  ImageView<Rgba8> color;       ///< sRGB, straight alpha (255 unless the background is transparent)
  ImageView<std::uint16_t> id;  ///< 0 background, else position in Scene::objects + 1
  ImageView<float> depth;       ///< z along the optical axis, metres; 0 where nothing is
  ImageView<std::uint32_t>
      normal;  ///< camera frame, octahedral (packed_normal); 0 where nothing is
  AmodalBits amodal;
  /// Which prop is seen: position in Scene::props + 1; the ground is one more than the props; 0
  /// where an object or the background is.
  ImageView<std::uint16_t> prop{};
};

}  // namespace orrery
