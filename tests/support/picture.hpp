#pragma once

#include <cstdint>
#include <vector>

#include "renderer/renderer.hpp"

namespace orrery {

/// A Frame that outlives its callback.
struct Picture {
  Image<Rgba8> color;
  Image<std::uint16_t> id;
  Image<float> depth;
  Image<std::uint32_t> normal;
  AmodalBits amodal;  ///< its span is not set
  std::vector<std::uint32_t> amodal_bits;

  explicit Picture(const Frame& frame);

  /// The frame again; valid as long as this and `shot` are.
  Frame frame(const Shot& shot) const;
  /// Whether instance `id` has a surface at a pixel of the image or, beyond it, of the canvas.
  /// Only where amodal bits were delivered.
  bool amodal_at(std::uint32_t id, int x, int y) const;
};

/// Renders with the first device.
std::vector<Picture> pictures(const Assets& assets, const std::vector<Shot>& shots,
                              const RenderSettings& settings);
Picture picture(const Assets& assets, const Shot& shot, const RenderSettings& settings);

/// Labels and plain shading: no antialiasing, shadow or occlusion.
RenderSettings plain_settings();

/// For RenderSettings::native_shading: the compute passes shade, on software devices too.
constexpr std::size_t kDeviceShades = 1000;

/// Radiance times exposure that the renderer turned into this colour. The tone curve is the
/// identity below 0.8 (shaders/lib/tone.glsl); brighter colours come back too dark.
glm::dvec3 radiance_of(const Rgba8& color);

}  // namespace orrery
