#include "renderer/gpu/pipeline.hpp"

#include <numeric>

namespace orrery::gpu {
namespace {

using Module = Handle<VkShaderModule, vkDestroyShaderModule>;

Module module_from(const Device& device, Spirv words) {
  const VkShaderModuleCreateInfo info{.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO,
                                      .codeSize = words.size_bytes(),
                                      .pCode = words.data()};
  VkShaderModule raw = VK_NULL_HANDLE;
  check(vkCreateShaderModule(device.get(), &info, nullptr, &raw), "vkCreateShaderModule");
  return {device.get(), raw};
}

VkPipelineShaderStageCreateInfo stage(VkShaderStageFlagBits bit, const Module& shader,
                                      const VkSpecializationInfo* constants = nullptr) {
  return {.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
          .stage = bit,
          .module = shader.get(),
          .pName = "main",
          .pSpecializationInfo = constants};
}

}  // namespace

PipelineLayout make_layout(const Device& device, std::uint32_t push_bytes,
                           VkDescriptorSetLayout set) {
  const VkPushConstantRange push{.stageFlags = VK_SHADER_STAGE_ALL, .size = push_bytes};
  const VkPipelineLayoutCreateInfo info{.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO,
                                        .setLayoutCount = set ? 1U : 0U,
                                        .pSetLayouts = &set,
                                        .pushConstantRangeCount = 1,
                                        .pPushConstantRanges = &push};
  VkPipelineLayout raw = VK_NULL_HANDLE;
  check(vkCreatePipelineLayout(device.get(), &info, nullptr, &raw), "vkCreatePipelineLayout");
  return {device.get(), raw};
}

Pipeline compute_pipeline(const Device& device, VkPipelineLayout layout, Spirv shader,
                          std::span<const std::uint32_t> constants) {
  std::vector<VkSpecializationMapEntry> entries;
  for (std::uint32_t i = 0; i < constants.size(); ++i) {
    entries.push_back({.constantID = i, .offset = i * 4, .size = 4});
  }
  const VkSpecializationInfo special{.mapEntryCount = static_cast<std::uint32_t>(entries.size()),
                                     .pMapEntries = entries.data(),
                                     .dataSize = constants.size_bytes(),
                                     .pData = constants.data()};
  const Module module = module_from(device, shader);
  const VkComputePipelineCreateInfo info{
      .sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
      .stage = stage(VK_SHADER_STAGE_COMPUTE_BIT, module, &special),
      .layout = layout};
  VkPipeline raw = VK_NULL_HANDLE;
  check(vkCreateComputePipelines(device.get(), VK_NULL_HANDLE, 1, &info, nullptr, &raw),
        "vkCreateComputePipelines");
  return {device.get(), raw};
}

Pipeline raster_pipeline(const Device& device, VkPipelineLayout layout, const RasterState& state) {
  const Module vertex = module_from(device, state.vertex);
  std::vector<VkPipelineShaderStageCreateInfo> stages{stage(VK_SHADER_STAGE_VERTEX_BIT, vertex)};
  Module fragment;
  if (!state.fragment.empty()) {
    fragment = module_from(device, state.fragment);
    stages.push_back(stage(VK_SHADER_STAGE_FRAGMENT_BIT, fragment));
  }
  const VkPipelineVertexInputStateCreateInfo input{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO};
  const VkPipelineInputAssemblyStateCreateInfo assembly{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO,
      .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_LIST};
  const VkPipelineViewportStateCreateInfo viewport{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO,
      .viewportCount = 1,
      .scissorCount = 1};
  const VkPipelineRasterizationStateCreateInfo raster{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO,
      .polygonMode = VK_POLYGON_MODE_FILL,
      .frontFace = VK_FRONT_FACE_COUNTER_CLOCKWISE,
      .lineWidth = 1.0F};
  const VkPipelineMultisampleStateCreateInfo samples{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO,
      .rasterizationSamples = VK_SAMPLE_COUNT_1_BIT};
  const bool has_depth = state.depth != VK_FORMAT_UNDEFINED;
  const VkPipelineDepthStencilStateCreateInfo depth{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO,
      .depthTestEnable = has_depth,
      .depthWriteEnable = has_depth,
      .depthCompareOp = state.reversed_z ? VK_COMPARE_OP_GREATER : VK_COMPARE_OP_LESS};
  constexpr VkColorComponentFlags kAll = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT |
                                         VK_COLOR_COMPONENT_B_BIT | VK_COLOR_COMPONENT_A_BIT;
  const std::vector<VkPipelineColorBlendAttachmentState> attachments(
      state.colors.size(), VkPipelineColorBlendAttachmentState{.colorWriteMask = kAll});
  const VkPipelineColorBlendStateCreateInfo blend{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO,
      .logicOpEnable = state.logic_or,
      .logicOp = VK_LOGIC_OP_OR,
      .attachmentCount = static_cast<std::uint32_t>(attachments.size()),
      .pAttachments = attachments.data()};
  constexpr VkDynamicState kDynamic[] = {VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR,
                                         VK_DYNAMIC_STATE_CULL_MODE};
  const VkPipelineDynamicStateCreateInfo dynamic{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO,
      .dynamicStateCount = 3,
      .pDynamicStates = kDynamic};
  const VkPipelineRenderingCreateInfo rendering{
      .sType = VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO,
      .colorAttachmentCount = static_cast<std::uint32_t>(state.colors.size()),
      .pColorAttachmentFormats = state.colors.data(),
      .depthAttachmentFormat = state.depth};
  const VkGraphicsPipelineCreateInfo info{.sType = VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO,
                                          .pNext = &rendering,
                                          .stageCount = static_cast<std::uint32_t>(stages.size()),
                                          .pStages = stages.data(),
                                          .pVertexInputState = &input,
                                          .pInputAssemblyState = &assembly,
                                          .pViewportState = &viewport,
                                          .pRasterizationState = &raster,
                                          .pMultisampleState = &samples,
                                          .pDepthStencilState = &depth,
                                          .pColorBlendState = &blend,
                                          .pDynamicState = &dynamic,
                                          .layout = layout};
  VkPipeline raw = VK_NULL_HANDLE;
  check(vkCreateGraphicsPipelines(device.get(), VK_NULL_HANDLE, 1, &info, nullptr, &raw),
        "vkCreateGraphicsPipelines");
  return {device.get(), raw};
}

}  // namespace orrery::gpu
