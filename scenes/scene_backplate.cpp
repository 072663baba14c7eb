#include "scenes/scene_backplate.hpp"

#include <algorithm>

#include "scenes/scene_light.hpp"

namespace orrery {

const BoundPlate* drawn_backplate(const BoundScene& bound, const Streams& streams) {
  if (bound.plates.empty() || streams.of("backplate/share").unit() >= bound.spec.backplate.share) {
    return nullptr;
  }
  Rng choice = streams.of("backplate/photo");
  return &bound.plates[choice.below(static_cast<std::uint32_t>(bound.plates.size()))];
}

void stand_on_photo(Scene& scene, const BoundPlate& plate, const Sky& sky) {
  const double brightness = std::max(luminance_of(plate.ground), 1e-3);
  const glm::dvec3 cast = glm::sqrt(glm::max(plate.ground, glm::dvec3(1e-4)) / brightness);
  const glm::dvec3 tint = cast / luminance_of(cast);
  scene.sky_tint = glm::vec3(tint);
  for (Light& light : scene.lights) light.color *= glm::vec3(tint);
  scene.background.kind = BackgroundKind::photo;
  scene.background.photo = plate.photo;
  scene.ground.kind = GroundKind::plane;
  scene.ground.shadow_only = true;
  scene.ground.color =
      glm::vec3(glm::clamp(kGroundAlbedo * plate.ground / (brightness * tint), 0.0, 0.9));
  // A white thing may come out white, but a dark photo's is no lamp.
  const double white = std::clamp(brightness / kGroundAlbedo, 0.06, 1.1);
  scene.exposure =
      static_cast<float>(white / std::max(luminance_of(flat_radiance(scene, sky)), 1e-3));
}

}  // namespace orrery
