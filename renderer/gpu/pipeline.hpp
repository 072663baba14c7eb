#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "renderer/gpu/device.hpp"
#include "renderer/gpu/handle.hpp"

namespace orrery::gpu {

using Pipeline = Handle<VkPipeline, vkDestroyPipeline>;
using PipelineLayout = Handle<VkPipelineLayout, vkDestroyPipelineLayout>;
using SetLayout = Handle<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using Sampler = Handle<VkSampler, vkDestroySampler>;

/// SPIR-V words, as embedded in the binary.
using Spirv = std::span<const std::uint32_t>;

/// A pipeline layout with `push_bytes` of push constants for all stages and, if `set` is given, one
/// descriptor set.
PipelineLayout make_layout(const Device& device, std::uint32_t push_bytes,
                           VkDescriptorSetLayout set = VK_NULL_HANDLE);

/// `constants` are the specialisation constants 0, 1, 2 …
Pipeline compute_pipeline(const Device& device, VkPipelineLayout layout, Spirv shader,
                          std::span<const std::uint32_t> constants = {});

/// What a raster pass needs to say; vertices are fetched by the shader, so there is no vertex
/// input.
struct RasterState {
  Spirv vertex;
  Spirv fragment;  ///< empty: depth only
  std::vector<VkFormat> colors;
  VkFormat depth = VK_FORMAT_UNDEFINED;
  bool reversed_z = true;  ///< nearer is greater
  bool logic_or = false;   ///< colours are or-ed into the target
};
/// Culling is dynamic; front faces are counter-clockwise as seen in the image.
Pipeline raster_pipeline(const Device& device, VkPipelineLayout layout, const RasterState& state);

}  // namespace orrery::gpu
