#pragma once

#include <vulkan/vulkan.h>

#include <memory>
#include <string>
#include <vector>

#include "renderer/gpu/devices.hpp"

namespace orrery::gpu {

/// One VkInstance with one device and one queue: a lane of its own. (Devices of one instance share
/// a lock in software Vulkan, so lanes never share an instance.)
class Device {
 public:
  /// `index` counts in the order of devices(). Throws Error (Exit::unavailable).
  Device(std::size_t index, bool validate);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  VkDevice get() const { return device_; }
  VkQueue queue() const { return queue_; }
  std::uint32_t queue_family() const { return queue_family_; }
  const DeviceInfo& info() const { return info_; }
  /// Bytes that one storage buffer may show to a shader.
  std::uint64_t max_storage_bytes() const { return max_storage_bytes_; }
  /// Index of a memory type that `type_bits` allows and that has `wanted`, preferring `preferred`.
  std::uint32_t memory_type(std::uint32_t type_bits, VkMemoryPropertyFlags wanted,
                            VkMemoryPropertyFlags preferred) const;
  /// Whether the host can map memory of this type.
  bool host_visible(std::uint32_t type) const;
  const std::vector<std::string>& validation_messages() const { return messages_; }

 private:
  VkInstance instance_ = VK_NULL_HANDLE;
  VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
  VkPhysicalDevice physical_ = VK_NULL_HANDLE;
  VkDevice device_ = VK_NULL_HANDLE;
  VkQueue queue_ = VK_NULL_HANDLE;
  std::uint32_t queue_family_ = 0;
  VkPhysicalDeviceMemoryProperties memory_{};
  DeviceInfo info_;
  std::uint64_t max_storage_bytes_ = 0;
  std::vector<std::string> messages_;
};

}  // namespace orrery::gpu
