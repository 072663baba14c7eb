#include "renderer/gpu/buffer.hpp"

#include <algorithm>
#include <cstring>

#include "renderer/gpu/commands.hpp"

namespace orrery::gpu {

Buffer::Buffer(const Device& device, VkDeviceSize bytes, Memory memory)
    : size_(std::max<VkDeviceSize>(bytes, 16)) {
  const VkBufferCreateInfo info{
      .sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO,
      .size = size_,
      .usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT |
               VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT |
               VK_BUFFER_USAGE_INDIRECT_BUFFER_BIT | VK_BUFFER_USAGE_INDEX_BUFFER_BIT};
  VkBuffer raw = VK_NULL_HANDLE;
  check(vkCreateBuffer(device.get(), &info, nullptr, &raw), "vkCreateBuffer");
  buffer_ = {device.get(), raw};

  VkMemoryRequirements needs{};
  vkGetBufferMemoryRequirements(device.get(), raw, &needs);
  constexpr VkMemoryPropertyFlags kHost =
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  const std::uint32_t type =
      memory == Memory::device
          ? device.memory_type(needs.memoryTypeBits, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0)
      : memory == Memory::upload
          ? device.memory_type(needs.memoryTypeBits, kHost, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT)
          : device.memory_type(needs.memoryTypeBits, kHost, VK_MEMORY_PROPERTY_HOST_CACHED_BIT);
  const VkMemoryAllocateInfo allocate{.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO,
                                      .allocationSize = needs.size,
                                      .memoryTypeIndex = type};
  VkDeviceMemory raw_memory = VK_NULL_HANDLE;
  check(vkAllocateMemory(device.get(), &allocate, nullptr, &raw_memory), "vkAllocateMemory");
  memory_ = {device.get(), raw_memory};
  check(vkBindBufferMemory(device.get(), raw, raw_memory, 0), "vkBindBufferMemory");
  if (device.host_visible(type)) {
    check(vkMapMemory(device.get(), raw_memory, 0, VK_WHOLE_SIZE, 0, &mapped_), "vkMapMemory");
  }
}

Buffer buffer_from_bytes(const Device& device, std::span<const std::byte> bytes) {
  const Buffer staging(device, bytes.size(), Memory::upload);
  if (!bytes.empty()) std::memcpy(staging.mapped<std::byte>(), bytes.data(), bytes.size());
  Buffer buffer(device, bytes.size(), Memory::device);
  run_once(device, [&](VkCommandBuffer commands) {
    const VkBufferCopy copy{.size = staging.size()};
    vkCmdCopyBuffer(commands, staging.get(), buffer.get(), 1, &copy);
  });
  return buffer;
}

}  // namespace orrery::gpu
