#include "renderer/pipelines.hpp"

#include "shaders/spirv.hpp"

namespace orrery {
namespace {

gpu::SetLayout make_set_layout(const gpu::Device& device) {
  std::array<VkDescriptorSetLayoutBinding, BIND_COUNT> bindings{};
  for (std::uint32_t i = 0; i < BIND_COUNT; ++i) {
    bindings[i] = {.binding = i,
                   .descriptorType = descriptor_type(i),
                   .descriptorCount = 1,
                   .stageFlags = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT |
                                 VK_SHADER_STAGE_COMPUTE_BIT};
  }
  const VkDescriptorSetLayoutCreateInfo info{
      .sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
      .bindingCount = BIND_COUNT,
      .pBindings = bindings.data()};
  VkDescriptorSetLayout raw = VK_NULL_HANDLE;
  gpu::check(vkCreateDescriptorSetLayout(device.get(), &info, nullptr, &raw),
             "vkCreateDescriptorSetLayout");
  return {device.get(), raw};
}

}  // namespace

VkDescriptorType descriptor_type(std::uint32_t binding) {
  // Uniform buffers, because software devices read them once for all invocations.
  if (binding == BIND_VIEW) return VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER;
  return binding < BIND_COUNT_BUFFERS ? VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
                                      : VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER;
}

Pipelines::Pipelines(const gpu::Device& device, const RenderSettings& settings, bool detail_maps)
    : set_layout(make_set_layout(device)),
      layout(gpu::make_layout(device, sizeof(DrawPush), set_layout.get())) {
  for (const bool masked : {false, true}) {
    const gpu::Spirv vertex = masked ? spirv::visibility_masked_vert : spirv::visibility_vert;
    visibility[masked] = gpu::raster_pipeline(
        device, layout.get(),
        {.vertex = vertex,
         .fragment = masked ? spirv::visibility_masked_frag : spirv::visibility_frag,
         .colors = {kVisibilityFormat},
         .depth = kDepthFormat});
    shadow[masked] =
        gpu::raster_pipeline(device, layout.get(),
                             {.vertex = vertex,
                              .fragment = masked ? spirv::shadow_masked_frag : gpu::Spirv{},
                              .colors = {},
                              .depth = kDepthFormat,
                              .reversed_z = false});
    amodal[masked] =
        gpu::raster_pipeline(device, layout.get(),
                             {.vertex = vertex,
                              .fragment = masked ? spirv::amodal_masked_frag : spirv::amodal_frag,
                              .colors = {kVisibilityFormat},
                              .logic_or = true});
  }
  const auto compute = [&](gpu::Spirv shader, std::span<const std::uint32_t> constants = {}) {
    return gpu::compute_pipeline(device, layout.get(), shader, constants);
  };
  classify = compute(spirv::classify_comp, std::array{std::uint32_t{settings.antialias}});
  count_groups = compute(spirv::count_groups_comp);
  edges = compute(spirv::edges_comp);
  occlusion = compute(spirv::occlusion_comp);
  occlusion_blur = compute(spirv::occlusion_blur_comp);
  const auto shading = [&](bool plain, bool see_through, std::uint32_t background_kind,
                           std::uint32_t lights) {
    const std::uint32_t maps = plain ? 0 : detail_maps ? 2 : 1;
    const std::array<std::uint32_t, 7> constants{
        maps,        settings.shadows, settings.ambient_occlusion,
        see_through, settings.normal,  background_kind,
        lights};
    return compute(spirv::shade_comp, constants);
  };
  for (const bool plain : {false, true}) {
    for (std::uint32_t lights = 0; lights < shade[plain].size(); ++lights) {
      shade[plain][lights] = shading(plain, false, 0, lights);
    }
    for (std::uint32_t kind = 0; kind < 4; ++kind) {
      shade_see_through[plain][kind] = shading(plain, true, kind, shader::kMaxKnownLights + 1);
    }
  }
  for (std::uint32_t kind = 0; kind < 4; ++kind) {
    background[kind] = compute(spirv::background_comp, std::array{kind});
    resolve[kind] = compute(spirv::resolve_comp, std::array{kind});
  }
}

}  // namespace orrery
