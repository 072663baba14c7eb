#include "renderer/shadow_maps.hpp"

#include <algorithm>

#include "renderer/gpu/commands.hpp"
#include "renderer/host/shading.hpp"

namespace orrery {
namespace {

constexpr VkDeviceSize kLayerBytes =
    VkDeviceSize{shader::kShadowSide} * shader::kShadowSide * sizeof(float);

}  // namespace

ShadowMaps::ShadowMaps(const gpu::Device& device)
    : target_(device, kDepthFormat, shader::kShadowSide, shader::kShadowSide,
              VK_IMAGE_USAGE_DEPTH_STENCIL_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT),
      maps_(device, kLayerBytes * kLayers, gpu::Memory::device),
      tiles_(kLayers * host::kShadowTiles),
      entries_(kLayers) {}

void ShadowMaps::summarise(const ViewSetup& setup) {
  for (const ShadowRequest& request : setup.shadows) {
    const std::size_t layer = layer_of(setup.constants, request);
    host::shadow_tiles_from(maps_.mapped<float>() + layer * (kLayerBytes / sizeof(float)),
                            tiles_.data() + layer * host::kShadowTiles);
  }
}

void ShadowMaps::assign(ViewSetup& setup) {
  ++clock_;
  std::vector<ShadowRequest> missing;
  for (ShadowRequest& request : setup.shadows) {
    auto entry = std::find_if(entries_.begin(), entries_.end(),
                              [&](const Entry& e) { return e.key == request.key; });
    const bool found = entry != entries_.end();
    if (!found) {
      // The views in flight ask for at most kLayers, so what one of them uses is not the oldest.
      entry =
          std::min_element(entries_.begin(), entries_.end(),
                           [](const Entry& a, const Entry& b) { return a.last_use < b.last_use; });
      entry->key = request.key;
    }
    entry->last_use = clock_;
    layer_of(setup.constants, request) = static_cast<std::uint32_t>(entry - entries_.begin());
    if (!found) missing.push_back(std::move(request));
  }
  setup.shadows = std::move(missing);
}

void ShadowMaps::record(VkCommandBuffer commands, const Pipelines& pipelines,
                        const ViewSetup& setup) const {
  for (const ShadowRequest& request : setup.shadows) {
    const std::uint32_t layer = layer_of(setup.constants, request);
    begin_rendering(commands, target_.extent(), VK_NULL_HANDLE, target_.view(), 1.0F);
    record_calls(commands, pipelines.layout.get(), pipelines.shadow, request.calls);
    vkCmdEndRendering(commands);
    gpu::barrier(commands);
    // Shaders read a buffer: on software devices that costs half of what an image does.
    const VkBufferImageCopy copy{
        .bufferOffset = layer * kLayerBytes,
        .imageSubresource = {.aspectMask = VK_IMAGE_ASPECT_DEPTH_BIT, .layerCount = 1},
        .imageExtent = {shader::kShadowSide, shader::kShadowSide, 1}};
    vkCmdCopyImageToBuffer(commands, target_.get(), VK_IMAGE_LAYOUT_GENERAL, maps_.get(), 1, &copy);
    gpu::barrier(commands);
  }
}

void record_calls(VkCommandBuffer commands, VkPipelineLayout layout,
                  const std::array<gpu::Pipeline, 2>& pipelines, std::span<const DrawCall> calls,
                  bool lens) {
  int bound = -1;
  int culled = -1;
  for (const DrawCall& call : calls) {
    if (bound != static_cast<int>(call.masked)) {
      bound = call.masked;
      vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_GRAPHICS, pipelines[call.masked].get());
    }
    const bool cull = call.cull && !lens;  // rectangles have no back
    if (culled != static_cast<int>(cull)) {
      culled = cull;
      vkCmdSetCullMode(commands, cull ? VK_CULL_MODE_BACK_BIT : VK_CULL_MODE_NONE);
    }
    const DrawPush push{call.draw, call.amodal_bit % 32};
    vkCmdPushConstants(commands, layout, VK_SHADER_STAGE_ALL, 0, sizeof push, &push);
    if (lens) {
      vkCmdDraw(commands, call.indices * 2, 1, 0, 0);
      continue;
    }
    vkCmdDrawIndexed(commands, call.indices, 1, call.first_index,
                     static_cast<std::int32_t>(call.first_vertex), 0);
  }
}

void begin_rendering(VkCommandBuffer commands, VkExtent2D extent, VkImageView color,
                     VkImageView depth, float clear_depth) {
  const VkRenderingAttachmentInfo color_info{.sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO,
                                             .imageView = color,
                                             .imageLayout = VK_IMAGE_LAYOUT_GENERAL,
                                             .loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR,
                                             .storeOp = VK_ATTACHMENT_STORE_OP_STORE};
  const VkRenderingAttachmentInfo depth_info{
      .sType = VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO,
      .imageView = depth,
      .imageLayout = VK_IMAGE_LAYOUT_GENERAL,
      .loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR,
      .storeOp = VK_ATTACHMENT_STORE_OP_STORE,
      .clearValue = {.depthStencil = {.depth = clear_depth}}};
  const VkRenderingInfo info{.sType = VK_STRUCTURE_TYPE_RENDERING_INFO,
                             .renderArea = {.extent = extent},
                             .layerCount = 1,
                             .colorAttachmentCount = color ? 1U : 0U,
                             .pColorAttachments = &color_info,
                             .pDepthAttachment = depth ? &depth_info : nullptr};
  vkCmdBeginRendering(commands, &info);
  const VkViewport viewport{.width = static_cast<float>(extent.width),
                            .height = static_cast<float>(extent.height),
                            .maxDepth = 1.0F};
  const VkRect2D scissor{.extent = extent};
  vkCmdSetViewport(commands, 0, 1, &viewport);
  vkCmdSetScissor(commands, 0, 1, &scissor);
}

}  // namespace orrery
