#pragma once

#include <vulkan/vulkan.h>

#include <string>
#include <utility>

#include "scenes/error.hpp"

namespace orrery::gpu {

/// "the device is lost (VkResult -4)".
inline std::string words_of(VkResult result) {
  const std::string number = "VkResult " + std::to_string(static_cast<int>(result));
  switch (result) {
    case VK_ERROR_DEVICE_LOST:
      return "the device is lost (" + number + ")";
    case VK_ERROR_OUT_OF_HOST_MEMORY:
      return "out of memory (" + number + ")";
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
      return "out of device memory (" + number + ")";
    default:
      return number;
  }
}

/// Throws Error (Exit::unavailable) when `result` is a failure; `what` was being done.
inline void check(VkResult result, const char* what) {
  if (result < 0) {
    throw Error(
        std::string("Vulkan: ") + what + " failed: " + words_of(result) + ", wanted VK_SUCCESS",
        Exit::unavailable);
  }
}

/// Sole owner of one device-level Vulkan object. Moves by swapping.
template <class T, auto Destroy>
class Handle {
 public:
  Handle() = default;
  Handle(VkDevice device, T raw) : device_(device), raw_(raw) {}
  Handle(Handle&& other) noexcept { swap(other); }
  Handle& operator=(Handle&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Handle() {
    if (raw_) Destroy(device_, raw_, nullptr);
  }
  T get() const { return raw_; }

 private:
  void swap(Handle& other) noexcept {
    std::swap(device_, other.device_);
    std::swap(raw_, other.raw_);
  }
  VkDevice device_ = VK_NULL_HANDLE;
  T raw_ = VK_NULL_HANDLE;
};

}  // namespace orrery::gpu
