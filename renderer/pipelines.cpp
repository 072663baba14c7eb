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

Pipelines::Pipelines(const gpu::Device& device, const RenderSettings& settings, bool detail_maps,
                     bool device_shades)
    : set_layout(make_set_layout(device)),
      layout(gpu::make_layout(device, sizeof(DrawPush), set_layout.get())),
      settings_(settings),
      detail_maps_(detail_maps),
      device_shades_(device_shades) {
  for (const bool masked : {false, true}) {
    const gpu::Spirv vertex = masked ? spirv::visibility_masked_vert : spirv::visibility_vert;
    shadow[masked] =
        gpu::raster_pipeline(device, layout.get(),
                             {.vertex = vertex,
                              .fragment = masked ? spirv::shadow_masked_frag : gpu::Spirv{},
                              .colors = {},
                              .depth = kDepthFormat,
                              .reversed_z = false});
  }
  prepare_raster(device, false);
  if (!device_shades_) return;
  const auto compute = [&](gpu::Spirv shader, std::span<const std::uint32_t> constants = {}) {
    return gpu::compute_pipeline(device, layout.get(), shader, constants);
  };
  classify = compute(spirv::classify_comp, std::array{std::uint32_t{settings.antialias}});
  count_groups = compute(spirv::count_groups_comp);
  edges = compute(spirv::edges_comp);
  occlusion_blur = compute(spirv::occlusion_blur_comp);
}

void Pipelines::prepare_raster(const gpu::Device& device, bool lens) {
  for (const bool masked : {false, true}) {
    const gpu::Spirv vertex = masked ? spirv::visibility_masked_vert : spirv::visibility_vert;
    const gpu::Spirv visible =
        lens     ? masked ? spirv::lens_visibility_masked_frag : spirv::lens_visibility_frag
        : masked ? spirv::visibility_masked_frag
                 : spirv::visibility_frag;
    const gpu::Spirv alone = lens
                                 ? masked ? spirv::lens_amodal_masked_frag : spirv::lens_amodal_frag
                             : masked ? spirv::amodal_masked_frag
                                      : spirv::amodal_frag;
    visibility_[lens][masked] =
        gpu::raster_pipeline(device, layout.get(),
                             {.vertex = lens ? spirv::lens_visibility_vert : vertex,
                              .fragment = visible,
                              .colors = {kVisibilityFormat},
                              .depth = kDepthFormat});
    amodal_[lens][masked] = gpu::raster_pipeline(device, layout.get(),
                                                 {.vertex = lens ? spirv::lens_amodal_vert : vertex,
                                                  .fragment = alone,
                                                  .colors = {kVisibilityFormat},
                                                  .logic_or = true});
  }
}

Pipelines::ShadeKey Pipelines::shade_key(bool plain, const Features& features) {
  // Only what is seen through shows its background, and it is rare: one variant for all lights.
  if (features.see_through) {
    return {plain,        1, features.background, shader::kMaxKnownLights + 1, features.finish,
            features.lens};
  }
  return {plain, 0, 0, features.lights, features.finish, features.lens};
}

bool Pipelines::prepare(const gpu::Device& device, const Features& features) {
  if (!seen_.insert(features).second) return false;
  if (features.lens && !visibility_[1][0].get()) prepare_raster(device, true);
  if (!device_shades_) return true;
  for (const bool plain : {false, true}) {
    const ShadeKey key = shade_key(plain, features);
    if (shade_.contains(key)) continue;
    const std::uint32_t maps = plain ? 0 : detail_maps_ ? 2 : 1;
    const std::array<std::uint32_t, 9> constants{maps,
                                                 settings_.shadows,
                                                 settings_.ambient_occlusion,
                                                 key[1],
                                                 settings_.normal,
                                                 key[2],
                                                 key[3],
                                                 key[5],
                                                 key[4]};
    shade_[key] = gpu::compute_pipeline(device, layout.get(), spirv::shade_comp, constants);
  }
  const std::uint32_t kind = features.background;
  const std::uint32_t lens = features.lens;
  if (!resolve_[lens][kind].get()) {
    const std::array<std::uint32_t, 2> constants{kind, lens};
    resolve_[lens][kind] =
        gpu::compute_pipeline(device, layout.get(), spirv::resolve_comp, constants);
    background_[lens][kind] =
        gpu::compute_pipeline(device, layout.get(), spirv::background_comp, constants);
  }
  if (!occlusion_[lens].get()) {
    const std::array<std::uint32_t, 1> constants{lens};
    occlusion_[lens] =
        gpu::compute_pipeline(device, layout.get(), spirv::occlusion_comp, constants);
  }
  return true;
}

const gpu::Pipeline& Pipelines::shade(bool plain, const Features& features) const {
  return shade_.at(shade_key(plain, features));
}

const gpu::Pipeline& Pipelines::resolve(const Features& features) const {
  return resolve_[features.lens][features.background];
}

const gpu::Pipeline& Pipelines::background(const Features& features) const {
  return background_[features.lens][features.background];
}

const gpu::Pipeline& Pipelines::occlusion(const Features& features) const {
  return occlusion_[features.lens];
}

const std::array<gpu::Pipeline, 2>& Pipelines::visibility(const Features& features) const {
  return visibility_[features.lens];
}

const std::array<gpu::Pipeline, 2>& Pipelines::amodal(const Features& features) const {
  return amodal_[features.lens];
}

}  // namespace orrery
