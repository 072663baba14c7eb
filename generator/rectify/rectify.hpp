#pragma once

#include <array>
#include <glm/glm.hpp>
#include <string>

#include "generator/labelled_image.hpp"
#include "scenes/image.hpp"

namespace orrery {

/// Corners of a flat thing with four straight sides in a photo: pixels from its top-left corner,
/// clockwise.
using Quad = std::array<glm::dvec2, 4>;

/// The flat thing in the middle of `around`, told from what is outside of it by its colours
/// (GrabCut, Rother et al. 2004). Sides are fitted to where they are straight, so that corners are
/// found where they would be if they were not rounded. The first corner is the one nearest to the
/// photo's top left. Throws Error that begins with `where` if what is there has not four sides.
Quad find_quad(const Image<Rgba8>& photo, const Rect& around, const std::string& where);

/// The thing seen straight on, `width` × `height` texels. The sides that are longer in the photo
/// become the texture's longer ones, so it must not be seen from too low down; of the two ways to
/// turn it this is the one nearer to how the photo has it.
Image<Rgba8> seen_straight(const Image<Rgba8>& photo, const Quad& quad, int width, int height);

/// The same paper under even light: what its white (or lightest) parts say of the light, a plane
/// across the texture for each channel, is divided out, and white becomes (245, 245, 245).
Image<Rgba8> evenly_lit(const Image<Rgba8>& texture);

}  // namespace orrery
