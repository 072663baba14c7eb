#pragma once

#include <memory>
#include <vector>

#include "renderer/gpu/buffer.hpp"
#include "renderer/gpu/commands.hpp"
#include "renderer/gpu/image.hpp"
#include "renderer/host/shading.hpp"
#include "renderer/lens_buffer.hpp"
#include "renderer/pipelines.hpp"
#include "renderer/shadow_maps.hpp"
#include "renderer/view_setup.hpp"

namespace orrery {

/// What native shading notes down in passing: one for all slots of a ring. Grows, never shrinks.
struct NativeScratch {
  std::unique_ptr<std::uint32_t[]> words;
  std::size_t count = 0;
};

/// One slot of the ring: everything that one view in flight writes to, and its commands. Grows with
/// the largest image so far, never shrinks.
class Targets {
 public:
  Targets(const gpu::Device& device, const Pipelines& pipelines);

  /// Makes room for `setup`, and copies its constants to where the device reads them.
  void prepare(const gpu::Device& device, const ViewSetup& setup, const Resident& resident,
               const ShadowMaps& shadow_maps, VkSampler sampler, bool native);
  /// Records every pass of the view, from clears to host-visible planes; `native`: only up to the
  /// visibility record, which is left where the host can read it.
  void record(const Pipelines& pipelines, const Resident& resident, const ViewSetup& setup,
              const RenderSettings& settings, const ShadowMaps& shadow_maps, bool native) const;
  /// What native code has to do once the device is done. Valid as long as all arguments.
  host::ShadingJob shading_job(const ViewSetup& setup, const Resident& resident,
                               const ShadowMaps& shadow_maps, const RenderSettings& settings,
                               NativeScratch& scratch) const;
  /// The finished planes; valid until the next prepare().
  Frame frame(const Shot& shot, const ViewSetup& setup, const RenderSettings& settings);

  gpu::Commands commands;

 private:
  void resize(const gpu::Device& device, const ViewSetup& setup, bool native);
  void bind(const gpu::Device& device, const Resident& resident, const ShadowMaps& shadow_maps,
            VkSampler sampler) const;
  void record_clears(VkCommandBuffer c, const Pipelines& pipelines, const ViewSetup& setup,
                     const RenderSettings& settings) const;
  void record_visibility(VkCommandBuffer c, const Pipelines& pipelines,
                         const ViewSetup& setup) const;
  void record_readback(VkCommandBuffer c, const ViewSetup& setup) const;
  void record_shading(VkCommandBuffer c, const Pipelines& pipelines, const ViewSetup& setup) const;
  void record_amodal(VkCommandBuffer c, const Pipelines& pipelines, const ViewSetup& setup) const;

  gpu::Handle<VkDescriptorPool, vkDestroyDescriptorPool> pool_;
  VkDescriptorSet set_ = VK_NULL_HANDLE;
  std::uint32_t width_ = 0, height_ = 0, rate_ = 0;
  gpu::Image visibility_;
  gpu::Image opaque_visibility_;
  gpu::Image depth_;         // of the lattice
  gpu::Image opaque_depth_;  // of the lattice, without what is seen through
  gpu::Image amodal_;
  gpu::Buffer view_, draws_, materials_, finishes_;
  gpu::Buffer visibility_out_, opaque_visibility_out_, nearness_out_;  // lattices, for native code
  gpu::Buffer work_, samples_, occlusion_, lattice_color_;
  std::vector<std::uint16_t> prop_;  // pixels; only where props are asked for
  gpu::Buffer color_, id_, depth_out_, normal_, amodal_out_;
  LensBuffer lens_rays_;    // of the lattice
  LensBuffer canvas_rays_;  // of the amodal canvas
};

}  // namespace orrery
