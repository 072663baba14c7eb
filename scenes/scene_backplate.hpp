#pragma once

#include "scenes/scene_sampler.hpp"
#include "scenes/streams.hpp"

namespace orrery {

/// The photo that lies behind this sample, if one does.
const BoundPlate* drawn_backplate(const BoundScene& bound, const Streams& streams);

/// Puts a photo behind the scene and a plane under it that shows only the shadows that it catches,
/// and fits the light to the photo: its ground is taken to reflect kGroundAlbedo, whence the
/// exposure; its cast, by half, is taken to be the light's. `sky` is the scene's. Wrong where the
/// ground is very light or dark, or coloured through and through.
void stand_on_photo(Scene& scene, const BoundPlate& plate, const Sky& sky);
constexpr double kGroundAlbedo = 0.4;

}  // namespace orrery
