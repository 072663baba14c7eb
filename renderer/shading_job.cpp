#include <memory>

#include "renderer/targets.hpp"

namespace orrery {

host::ShadingJob Targets::shading_job(const ViewSetup& setup, const Resident& resident,
                                      const ShadowMaps& shadow_maps, const RenderSettings& settings,
                                      NativeScratch& scratch) const {
  const std::size_t words = host::scratch_words(setup.constants);
  if (scratch.count < words) {
    scratch = {std::make_unique_for_overwrite<std::uint32_t[]>(words), words};
  }
  return {.view = &setup.constants,
          .draws = setup.draws.data(),
          .materials = setup.materials.data(),
          .finishes = setup.finishes.empty() ? nullptr : setup.finishes.data(),
          .vertices = resident.vertices.mapped<std::uint32_t>(),
          .triangles = resident.triangles.mapped<std::uint32_t>(),
          .texels = resident.host_texels.data(),
          .sky_quads = resident.sky_quads.mapped<std::uint32_t>(),
          .shadow_maps = shadow_maps.maps().mapped<float>(),
          .shadow_tiles = shadow_maps.tiles().data(),
          .visibility = visibility_out_.mapped<std::uint32_t>(),
          .opaque_visibility =
              setup.see_through ? opaque_visibility_out_.mapped<std::uint32_t>() : nullptr,
          .nearness = nearness_out_.mapped<float>(),
          .lens_slopes =
              setup.features.lens ? lens_rays_.get().mapped<float>() + first_lens_slope() : nullptr,
          .antialias = rate_ == 2,
          .shadows = settings.shadows,
          .occlusion = setup.constants.occlusion_radius > 0,
          .maps = resident.detail_maps ? 2U : 1U,
          .background_srgb = setup.background_srgb,
          .scratch = scratch.words.get(),
          .color = color_.mapped<std::uint32_t>(),
          .id = id_.mapped<std::uint16_t>(),
          .depth = depth_out_.mapped<float>(),
          .normal = settings.normal ? normal_.mapped<std::uint32_t>() : nullptr};
}

}  // namespace orrery
