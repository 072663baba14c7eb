#pragma once

#include <array>
#include <compare>
#include <map>
#include <set>

#include "renderer/gpu/pipeline.hpp"
#include "renderer/renderer.hpp"
#include "shaders/shared/types.h"

namespace orrery {

/// What every draw is told.
struct DrawPush {
  std::uint32_t draw = 0;
  std::uint32_t amodal_bit = 0;
};

constexpr VkFormat kVisibilityFormat = VK_FORMAT_R32_UINT;
constexpr VkFormat kDepthFormat = VK_FORMAT_D32_SFLOAT;

/// What kind of descriptor a binding of shaders/shared/types.h is.
VkDescriptorType descriptor_type(std::uint32_t binding);

/// What a view asks of the shading passes; equal features use equal pipelines.
struct Features {
  std::uint32_t background = 0;  ///< BackgroundKind
  std::uint32_t lights = 0;      ///< at most kMaxKnownLights + 1, which stands for any number
  bool see_through = false;
  bool masked = false;   ///< some texels may not be there
  bool amodal = false;   ///< the amodal pass is needed
  bool shadows = false;  ///< shadow maps are needed
  bool finish = false;   ///< some object has a finish of its own
  bool lens = false;     ///< rays are bent
  // clang-tidy 14 takes the comparison's own 0 for a pointer. NOLINTNEXTLINE(modernize-use-nullptr)
  auto operator<=>(const Features&) const = default;
};

/// The pipelines of the fast tier; few, because software devices compile each at its first use.
class Pipelines {
 public:
  /// `device_shades`: the compute pipelines are wanted.
  Pipelines(const gpu::Device& device, const RenderSettings& settings, bool detail_maps,
            bool device_shades);

  /// Makes what `features` need. True if they were not asked for before, so that the device may
  /// compile when it first draws them.
  bool prepare(const gpu::Device& device, const Features& features);

  /// `plain`: for draws with neither textures nor vertex colours. Both must have been prepared.
  const gpu::Pipeline& shade(bool plain, const Features& features) const;
  const gpu::Pipeline& resolve(const Features& features) const;
  const gpu::Pipeline& background(const Features& features) const;
  const gpu::Pipeline& occlusion(const Features& features) const;
  /// [masked] each.
  const std::array<gpu::Pipeline, 2>& visibility(const Features& features) const;
  const std::array<gpu::Pipeline, 2>& amodal(const Features& features) const;

  gpu::SetLayout set_layout;
  gpu::PipelineLayout layout;
  std::array<gpu::Pipeline, 2> shadow;  ///< [masked]
  gpu::Pipeline classify;
  gpu::Pipeline count_groups;
  gpu::Pipeline edges;
  gpu::Pipeline occlusion_blur;

 private:
  // plain, see-through, background, lights, finish, lens
  using ShadeKey = std::array<std::uint32_t, 6>;
  static ShadeKey shade_key(bool plain, const Features& features);
  void prepare_raster(const gpu::Device& device, bool lens);

  RenderSettings settings_;
  bool detail_maps_;
  bool device_shades_;
  std::set<Features> seen_;
  std::map<ShadeKey, gpu::Pipeline> shade_;
  std::array<std::array<gpu::Pipeline, 4>, 2> background_;  // [lens][BackgroundKind]
  std::array<std::array<gpu::Pipeline, 4>, 2> resolve_;     // [lens][BackgroundKind]
  std::array<gpu::Pipeline, 2> occlusion_;                  // [lens]
  std::array<std::array<gpu::Pipeline, 2>, 2> visibility_;  // [lens][masked]
  std::array<std::array<gpu::Pipeline, 2>, 2> amodal_;      // [lens][masked]
};

}  // namespace orrery
