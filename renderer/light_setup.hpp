#pragma once

#include "renderer/view_setup.hpp"

namespace orrery {

/// Fills the lights, the sky and the ambient terms of `setup.constants`, and asks for the shadow
/// maps.
void fill_lights(const Shot& shot, const Resident& resident, const RenderSettings& settings,
                 ViewSetup& setup);

/// Clip space of the shadow map of light `light`: a function of the scene alone, never of the view,
/// so that views of one scene share the map.
/// `gobo`: of the map of its gobo.
glm::dmat4 shadow_clip_from_world(const Scene& scene, const Resident& resident, std::uint32_t light,
                                  bool gobo = false);

/// The coarsest level whose error stays within half a texel of the shadow map.
std::size_t shadow_lod_of(const ResidentModel& model);

}  // namespace orrery
