#pragma once

#include "scenes/scene.hpp"

namespace orrery {

// Models made in memory: metres, z up, one unit or so in size, with normals, tangents, texture
// coordinates and one level of detail unless said otherwise. One opaque untextured white material;
// tests change it through Model::materials.

/// A sphere about the origin, of `segments` around the z axis and half as many from pole to pole.
Model sphere(float radius, std::uint32_t segments);
/// The same with coarser levels of detail, each of half the segments of the one before.
Model sphere_with_lods(float radius, std::uint32_t segments, std::uint32_t levels);
/// A rectangle in the x-z plane about the origin, facing -y: seen from there, x is right and the
/// texture upright.
Model card(float width, float height);
/// A cube about the origin.
Model cube(float side);
/// A torus about the z axis: `ring` from the axis to the tube's middle.
Model torus(float ring, float tube, std::uint32_t segments);
/// An open cup standing on z = 0, with an inside and a rim.
Model cup(float radius, float height, std::uint32_t segments);

/// Appends the mip chain of `image` (linear colour, straight alpha, sides powers of two) and
/// returns its index in Model::textures. `color`: stored as 255·sqrt(linear), else as 255·value.
std::int32_t add_texture(Model& model, const Image<glm::vec4>& image, Wrap wrap, bool color);

/// Squares of two colours, `cells` a side.
Image<glm::vec4> checker(int side, int cells, const glm::vec4& even, const glm::vec4& odd);

/// The same radiance from everywhere.
Sky uniform_sky(const glm::vec3& radiance);

/// A camera at the origin with square pixels that looks along the world's y axis: image right is
/// world x, image down is world -z.
View view_along_y(int width, int height, double focal_px);

/// Model `model` at `position`, unturned.
Object object_at(std::uint32_t model, const glm::dvec3& position);

/// Objects under a uniform sky (Assets::skies[0]) before black, nothing else.
Shot shot_of(const View& view, std::vector<Object> objects);

}  // namespace orrery
