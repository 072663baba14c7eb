#pragma once

#include "renderer/gpu/device.hpp"
#include "renderer/gpu/handle.hpp"

namespace orrery::gpu {

/// A two-dimensional render target, always in VK_IMAGE_LAYOUT_GENERAL once made.
/// Members die bottom-up.
class Image {
 public:
  Image() = default;
  /// `aspect` follows from the format. Waits for the layout transition.
  Image(const Device& device, VkFormat format, std::uint32_t width, std::uint32_t height,
        VkImageUsageFlags usage);

  VkImage get() const { return image_.get(); }
  VkImageView view() const { return view_.get(); }
  VkExtent2D extent() const { return extent_; }

 private:
  VkExtent2D extent_{};
  Handle<VkDeviceMemory, vkFreeMemory> memory_;
  Handle<VkImage, vkDestroyImage> image_;
  Handle<VkImageView, vkDestroyImageView> view_;
};

bool has_depth(VkFormat format);

}  // namespace orrery::gpu
