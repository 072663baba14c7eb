#pragma once

#include <string>
#include <vector>

#include "renderer/gpu/buffer.hpp"
#include "renderer/gpu/image.hpp"
#include "renderer/pipelines.hpp"
#include "renderer/view_setup.hpp"

namespace orrery {

/// Views in flight: the host works on one while the device renders the next ones.
constexpr std::size_t kViewsInFlight = 3;

/// The shadow maps of recent scenes. Views of a scene where nothing moved share its maps, since a
/// map depends on objects and light alone; whether one was kept or made anew shows in no pixel.
class ShadowMaps {
 public:
  /// How many maps there are. Views in flight must not ask for more at a time; one view, with a map
  /// for each light and each gobo, asks for no more.
  static constexpr std::uint32_t kLayers = 2 * shader::kMaxLights;

  explicit ShadowMaps(const gpu::Device& device);

  /// Depths of all layers one after the other, rows from the top.
  const gpu::Buffer& maps() const { return maps_; }
  /// host::shadow_tiles_from() of each layer.
  const std::vector<float>& tiles() const { return tiles_; }
  /// Brings the tiles of the maps that `setup` had drawn up to date; the device must be done.
  void summarise(const ViewSetup& setup);
  /// Says for each request of `setup` which layer holds its map, in the view's lights, and leaves
  /// only the requests whose map must be drawn.
  void assign(ViewSetup& setup);
  /// Draws the maps that `setup` still requests. The view's descriptor set must be bound.
  void record(VkCommandBuffer commands, const Pipelines& pipelines, const ViewSetup& setup) const;

 private:
  struct Entry {
    std::string key;
    std::uint64_t last_use = 0;
  };
  gpu::Image target_;
  gpu::Buffer maps_;
  std::vector<float> tiles_;
  std::vector<Entry> entries_;
  std::uint64_t clock_ = 0;
};

/// Issues `calls`, switching pipeline and culling only when they change. `pipelines` is [masked].
/// `lens`: a rectangle is drawn for each triangle, as shaders/lib/lens_quad.glsl wants it.
void record_calls(VkCommandBuffer commands, VkPipelineLayout layout,
                  const std::array<gpu::Pipeline, 2>& pipelines, std::span<const DrawCall> calls,
                  bool lens = false);

/// Begins rendering into a depth and/or colour target in VK_IMAGE_LAYOUT_GENERAL, cleared, over the
/// rectangle from (0,0) to `extent`.
void begin_rendering(VkCommandBuffer commands, VkExtent2D extent, VkImageView color,
                     VkImageView depth, float clear_depth);

}  // namespace orrery
