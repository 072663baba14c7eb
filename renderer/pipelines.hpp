#pragma once

#include <array>

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

/// Every pipeline of the fast tier, made up front from one thread; few, because software devices
/// compile each at its first use.
struct Pipelines {
  Pipelines(const gpu::Device& device, const RenderSettings& settings, bool detail_maps);

  gpu::SetLayout set_layout;
  gpu::PipelineLayout layout;
  std::array<gpu::Pipeline, 2> visibility;  ///< [masked]
  std::array<gpu::Pipeline, 2> shadow;      ///< [masked]
  std::array<gpu::Pipeline, 2> amodal;      ///< [masked]
  gpu::Pipeline classify;
  gpu::Pipeline count_groups;
  gpu::Pipeline edges;
  gpu::Pipeline occlusion;
  gpu::Pipeline occlusion_blur;
  std::array<gpu::Pipeline, 4> background;  ///< [BackgroundKind]
  std::array<gpu::Pipeline, 4> resolve;     ///< [BackgroundKind]
  /// [plain][lights, or kMaxKnownLights + 1 for any number]
  std::array<std::array<gpu::Pipeline, shader::kMaxKnownLights + 2>, 2> shade;
  /// [plain][BackgroundKind], any number of lights
  std::array<std::array<gpu::Pipeline, 4>, 2> shade_see_through;
};

}  // namespace orrery
