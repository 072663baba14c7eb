#pragma once

#include <functional>

#include "renderer/gpu/device.hpp"
#include "renderer/gpu/handle.hpp"

namespace orrery::gpu {

/// One command buffer with the pool it comes from.
class Commands {
 public:
  explicit Commands(const Device& device);
  VkCommandBuffer get() const { return commands_; }
  /// Forgets what was recorded and starts anew.
  void begin() const;
  void end() const;

 private:
  VkCommandBuffer commands_ = VK_NULL_HANDLE;  // dies with its pool
  Handle<VkCommandPool, vkDestroyCommandPool> pool_;
};

/// Counts finished submits of one queue.
class Timeline {
 public:
  explicit Timeline(const Device& device);
  /// Submits `commands`; returns the value to wait for.
  std::uint64_t submit(const Device& device, const Commands& commands);
  /// Blocks until the submit that returned `value` is done.
  void wait(const Device& device, std::uint64_t value) const;

 private:
  std::uint64_t next_ = 0;
  Handle<VkSemaphore, vkDestroySemaphore> semaphore_;
};

/// Records with `record`, submits, and waits: for set-up, never for frames.
void run_once(const Device& device, const std::function<void(VkCommandBuffer)>& record);

/// Everything written before is visible to everything after. Lavapipe drains at every barrier,
/// whatever its scope, so one kind serves; frames count how many they use.
void barrier(VkCommandBuffer commands);

}  // namespace orrery::gpu
