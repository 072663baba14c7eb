#pragma once

#include "renderer/gpu/device.hpp"
#include "renderer/gpu/handle.hpp"

namespace orrery::gpu {

/// A two-dimensional render target or texture array, always in VK_IMAGE_LAYOUT_GENERAL once made.
/// Members die bottom-up.
class Image {
 public:
  Image() = default;
  /// `aspect` follows from the format. Waits for the layout transition.
  Image(const Device& device, VkFormat format, std::uint32_t width, std::uint32_t height,
        VkImageUsageFlags usage, std::uint32_t layers = 1);

  VkImage get() const { return image_.get(); }
  /// All layers, as an array view when `layers` is above 1 was asked for.
  VkImageView view() const { return view_.get(); }
  /// One layer, to render into.
  VkImageView layer(std::uint32_t index) const { return layer_views_[index].get(); }
  VkExtent2D extent() const { return extent_; }

 private:
  VkExtent2D extent_{};
  Handle<VkDeviceMemory, vkFreeMemory> memory_;
  Handle<VkImage, vkDestroyImage> image_;
  Handle<VkImageView, vkDestroyImageView> view_;
  std::vector<Handle<VkImageView, vkDestroyImageView>> layer_views_;
};

bool has_depth(VkFormat format);

}  // namespace orrery::gpu
