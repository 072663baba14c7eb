#pragma once

#include <functional>
#include <span>

#include "renderer/frame.hpp"
#include "renderer/renderer.hpp"

namespace orrery {

/// What the camera saw a moment later (Shot::next_view).
struct SecondView {
  Image<Rgba8> color;  ///< sRGB, before the sensor
  Image<float> depth;  ///< metres along the optical axis; 0: nothing
};

/// Renders every shot, and hands each frame over in order, as Renderer::render does, together with
/// its second view; null for shots without one.
void render_with_second_views(
    Renderer& renderer, std::span<const Shot> shots,
    const std::function<void(std::size_t, const Frame&, const SecondView*)>& take);

}  // namespace orrery
