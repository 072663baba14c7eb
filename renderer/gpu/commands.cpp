#include "renderer/gpu/commands.hpp"

namespace orrery::gpu {

Commands::Commands(const Device& device) {
  const VkCommandPoolCreateInfo info{.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO,
                                     .flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT,
                                     .queueFamilyIndex = device.queue_family()};
  VkCommandPool pool = VK_NULL_HANDLE;
  check(vkCreateCommandPool(device.get(), &info, nullptr, &pool), "vkCreateCommandPool");
  pool_ = {device.get(), pool};
  const VkCommandBufferAllocateInfo allocate{
      .sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO,
      .commandPool = pool,
      .level = VK_COMMAND_BUFFER_LEVEL_PRIMARY,
      .commandBufferCount = 1};
  check(vkAllocateCommandBuffers(device.get(), &allocate, &commands_), "vkAllocateCommandBuffers");
}

void Commands::begin() const {
  const VkCommandBufferBeginInfo info{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO,
                                      .flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT};
  check(vkBeginCommandBuffer(commands_, &info), "vkBeginCommandBuffer");
}

void Commands::end() const { check(vkEndCommandBuffer(commands_), "vkEndCommandBuffer"); }

Timeline::Timeline(const Device& device) {
  const VkSemaphoreTypeCreateInfo type{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO,
                                       .semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE};
  const VkSemaphoreCreateInfo info{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO,
                                   .pNext = &type};
  VkSemaphore raw = VK_NULL_HANDLE;
  check(vkCreateSemaphore(device.get(), &info, nullptr, &raw), "vkCreateSemaphore");
  semaphore_ = {device.get(), raw};
}

std::uint64_t Timeline::submit(const Device& device, const Commands& commands) {
  const VkCommandBufferSubmitInfo buffer{.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO,
                                         .commandBuffer = commands.get()};
  const VkSemaphoreSubmitInfo signal{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO,
                                     .semaphore = semaphore_.get(),
                                     .value = ++next_,
                                     .stageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT};
  const VkSubmitInfo2 submit{.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO_2,
                             .commandBufferInfoCount = 1,
                             .pCommandBufferInfos = &buffer,
                             .signalSemaphoreInfoCount = 1,
                             .pSignalSemaphoreInfos = &signal};
  check(vkQueueSubmit2(device.queue(), 1, &submit, VK_NULL_HANDLE), "vkQueueSubmit2");
  return next_;
}

void Timeline::wait(const Device& device, std::uint64_t value) const {
  const VkSemaphore semaphore = semaphore_.get();
  const VkSemaphoreWaitInfo info{.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO,
                                 .semaphoreCount = 1,
                                 .pSemaphores = &semaphore,
                                 .pValues = &value};
  check(vkWaitSemaphores(device.get(), &info, UINT64_MAX), "vkWaitSemaphores");
}

void run_once(const Device& device, const std::function<void(VkCommandBuffer)>& record) {
  const Commands commands(device);
  Timeline timeline(device);
  commands.begin();
  record(commands.get());
  commands.end();
  timeline.wait(device, timeline.submit(device, commands));
}

void barrier(VkCommandBuffer commands) {
  const VkMemoryBarrier2 memory{
      .sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER_2,
      .srcStageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT,
      .srcAccessMask = VK_ACCESS_2_MEMORY_WRITE_BIT,
      .dstStageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_2_HOST_BIT,
      .dstAccessMask =
          VK_ACCESS_2_MEMORY_READ_BIT | VK_ACCESS_2_MEMORY_WRITE_BIT | VK_ACCESS_2_HOST_READ_BIT};
  const VkDependencyInfo dependency{.sType = VK_STRUCTURE_TYPE_DEPENDENCY_INFO,
                                    .memoryBarrierCount = 1,
                                    .pMemoryBarriers = &memory};
  vkCmdPipelineBarrier2(commands, &dependency);
}

}  // namespace orrery::gpu
