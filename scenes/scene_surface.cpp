#include "scenes/scene_surface.hpp"

#include "scenes/factor_value.hpp"

namespace orrery {
namespace {

/// A flat material whose colours are a picture at its drawn size.
Prop pictured(const BoundScene& bound, const Assets& assets, const Streams& streams) {
  const SurfaceSpec& spec = bound.spec.surface;
  Prop table;
  table.model = bound.plain_surface.value();
  Rng choice = streams.of("surface/image");
  LookPicture picture;
  picture.picture =
      bound.surface_images[choice.below(static_cast<std::uint32_t>(bound.surface_images.size()))];
  const double u = choice.unit();
  picture.begin = glm::vec2(glm::dvec2(u, choice.unit()));
  const double size = value_of(spec.image_size, streams, "surface/image_size");
  const double aspect = assets.pictures[picture.picture].aspect;
  picture.repeats = glm::vec2(glm::dvec2(1 / size, 1 / (size * aspect)));
  table.look.picture = picture;
  table.look.roughness =
      static_cast<float>(value_of(spec.image_roughness, streams, "surface/image_roughness"));
  return table;
}

}  // namespace

void place_surface(Scene& scene, const BoundScene& bound, const Assets& assets,
                   const Streams& streams) {
  const SurfaceSpec& spec = bound.spec.surface;
  if (bound.surfaces.empty() && bound.surface_images.empty()) return;
  Prop table;
  const bool picture =
      bound.surfaces.empty() ||
      (!bound.surface_images.empty() && streams.of("surface/kind").unit() < spec.image_share);
  if (picture) {
    table = pictured(bound, assets, streams);
  } else {
    Rng choice = streams.of("surface/material");
    table.model = bound.surfaces[choice.below(static_cast<std::uint32_t>(bound.surfaces.size()))];
  }
  table.look.tint = glm::vec3(glm::dvec3(value_of(spec.tint, streams, "surface/tint")));
  table.stuff = Stuff::surface;
  table.casts_shadow = false;  // nothing is below it
  scene.props.push_back(table);
}

}  // namespace orrery
