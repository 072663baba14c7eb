#include "renderer/gpu/image.hpp"

#include "renderer/gpu/commands.hpp"

namespace orrery::gpu {
namespace {

VkImageView make_view(const Device& device, VkImage image, VkFormat format) {
  const VkImageAspectFlags aspect =
      has_depth(format) ? VK_IMAGE_ASPECT_DEPTH_BIT : VK_IMAGE_ASPECT_COLOR_BIT;
  const VkImageViewCreateInfo info{
      .sType = VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO,
      .image = image,
      .viewType = VK_IMAGE_VIEW_TYPE_2D,
      .format = format,
      .subresourceRange = {.aspectMask = aspect, .levelCount = 1, .layerCount = 1}};
  VkImageView view = VK_NULL_HANDLE;
  check(vkCreateImageView(device.get(), &info, nullptr, &view), "vkCreateImageView");
  return view;
}

void make_general(const Device& device, VkImage image, VkFormat format) {
  const VkImageAspectFlags aspect =
      has_depth(format) ? VK_IMAGE_ASPECT_DEPTH_BIT : VK_IMAGE_ASPECT_COLOR_BIT;
  run_once(device, [&](VkCommandBuffer commands) {
    const VkImageMemoryBarrier2 image_barrier{
        .sType = VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER_2,
        .srcStageMask = VK_PIPELINE_STAGE_2_NONE,
        .dstStageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT,
        .dstAccessMask = VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT,
        .oldLayout = VK_IMAGE_LAYOUT_UNDEFINED,
        .newLayout = VK_IMAGE_LAYOUT_GENERAL,
        .srcQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED,
        .image = image,
        .subresourceRange = {.aspectMask = aspect, .levelCount = 1, .layerCount = 1}};
    const VkDependencyInfo dependency{.sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO,
                                      .imageMemoryBarrierCount = 1,
                                      .pImageMemoryBarriers = &image_barrier};
    vkCmdPipelineBarrier2(commands, &dependency);
  });
}

}  // namespace

bool has_depth(VkFormat format) {
  return format == VK_FORMAT_D32_SFLOAT || format == VK_FORMAT_D16_UNORM;
}

Image::Image(const Device& device, VkFormat format, std::uint32_t width, std::uint32_t height,
             VkImageUsageFlags usage)
    : extent_{width, height} {
  const VkImageCreateInfo info{.sType = VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO,
                               .imageType = VK_IMAGE_TYPE_2D,
                               .format = format,
                               .extent = {width, height, 1},
                               .mipLevels = 1,
                               .arrayLayers = 1,
                               .samples = VK_SAMPLE_COUNT_1_BIT,
                               .tiling = VK_IMAGE_TILING_OPTIMAL,
                               .usage = usage,
                               .initialLayout = VK_IMAGE_LAYOUT_UNDEFINED};
  VkImage raw = VK_NULL_HANDLE;
  check(vkCreateImage(device.get(), &info, nullptr, &raw), "vkCreateImage");
  image_ = {device.get(), raw};
  VkMemoryRequirements needs{};
  vkGetImageMemoryRequirements(device.get(), raw, &needs);
  const VkMemoryAllocateInfo allocate{
      .sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
      .allocationSize = needs.size,
      .memoryTypeIndex =
          device.memory_type(needs.memoryTypeBits, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0)};
  VkDeviceMemory raw_memory = VK_NULL_HANDLE;
  check(vkAllocateMemory(device.get(), &allocate, nullptr, &raw_memory), "vkAllocateMemory");
  memory_ = {device.get(), raw_memory};
  check(vkBindImageMemory(device.get(), raw, raw_memory, 0), "vkBindImageMemory");

  view_ = {device.get(), make_view(device, raw, format)};
  make_general(device, raw, format);
}

}  // namespace orrery::gpu
