#pragma once

#include <cstddef>
#include <span>

#include "renderer/gpu/device.hpp"
#include "renderer/gpu/handle.hpp"

namespace orrery::gpu {

/// Where a buffer lives and who touches it.
enum class Memory {
  device,    ///< the device alone
  upload,    ///< written by the host, read by the device
  readback,  ///< written by the device, read by the host through its cache
};

/// Storage on the device. What the host can map stays mapped for life. Members die bottom-up, the
/// buffer before its memory.
class Buffer {
 public:
  Buffer() = default;
  /// Usable as storage, indirect, index and transfer source or target.
  /// Sizes of 0 are rounded up so that every buffer can be bound.
  Buffer(const Device& device, VkDeviceSize bytes, Memory memory);

  VkBuffer get() const { return buffer_.get(); }
  VkDeviceSize size() const { return size_; }
  /// The mapped bytes; null for Memory::device unless the device's memory is host-visible.
  template <class T>
  T* mapped() const {
    return static_cast<T*>(mapped_);
  }

 private:
  VkDeviceSize size_ = 0;
  void* mapped_ = nullptr;
  Handle<VkDeviceMemory, vkFreeMemory> memory_;
  Handle<VkBuffer, vkDestroyBuffer> buffer_;
};

/// A device buffer holding a copy of `bytes`; waits for the copy.
Buffer buffer_from_bytes(const Device& device, std::span<const std::byte> bytes);

}  // namespace orrery::gpu
