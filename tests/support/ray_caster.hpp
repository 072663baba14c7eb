#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scenes/image.hpp"
#include "scenes/scene.hpp"

namespace orrery {

/// A rectangle of pixels around the image, in which amodal masks are cast.
struct Canvas {
  int width = 0;     ///< pixels
  int height = 0;    ///< pixels
  int offset_x = 0;  ///< the image's left column in the canvas
  int offset_y = 0;  ///< the image's top row in the canvas
};

/// One instance as if nothing else were there; masks of the canvas.
struct CastInstance {
  Image<std::uint8_t> there;  ///< 1 where the ray through the pixel's centre hits it
  Image<std::uint8_t> edge;   ///< 1 where a shift of kSnap pixels would change that
};

/// What rays through the pixel centres hit: a second, unrelated route to every label.
struct CastScene {
  Image<std::uint16_t> id;  ///< position in Scene::objects + 1; 0: a prop, ground or nothing
  Image<double> depth;      ///< along the optical axis, metres; 0: nothing
  Image<double> depth_low;  ///< least and greatest depth within kSnap of the centre
  Image<double> depth_high;
  Image<std::uint8_t> silhouette;  ///< 1 where a shift of kSnap, or a depth tie, decides the id
  Canvas canvas;
  std::vector<CastInstance> instances;  ///< in the order of Scene::objects
};

/// A rasteriser moves vertices to a grid of 1/256 pixel, so an outline may lie this far (pixels)
/// from where it was computed; the margin covers single precision.
constexpr double kSnap = 1.0 / 64;

/// Casts `shot` with Embree, in the camera's frame: one ray through each pixel's centre and a ring
/// of rays kSnap around it. `lods` names the level of detail of each object, then of each prop.
/// Surfaces follow the labels' rules: single-sided back faces, masked texels and what is nearer
/// than the near plane are not there; the ground hides and has id 0.
CastScene cast(const Assets& assets, const Shot& shot, std::span<const std::size_t> lods,
               const Canvas& canvas);

/// Base colour's alpha times the vertices' times the texture's (level 0, bilinear, wrapped).
float alpha_at(const Model& model, const Material& material, float vertex_alpha,
               const glm::vec2& uv);

}  // namespace orrery
