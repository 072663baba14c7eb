#pragma once

#include <cstdint>
#include <string>

#include "scenes/image.hpp"
#include "scenes/model.hpp"

namespace orrery {

/// What texels mean, which decides how they are filtered and stored.
enum class TexelKind : std::uint8_t {
  color,   ///< sRGB in the file: filtered on linear light weighted by alpha, stored 255·sqrt
  data,    ///< as they are
  normal,  ///< unit vectors: renormalised at every level
};

/// How a texture is stored: the sides are the nearest power of two that loses little, at most
/// `max_side`.
struct TextureForm {
  TexelKind kind = TexelKind::color;
  Wrap wrap_u = Wrap::repeat;
  Wrap wrap_v = Wrap::repeat;
  int max_side = 2048;
};

/// Appends `image` with all its mip levels to the model's texels; returns its texture index.
std::int32_t add_texture(Model& model, const Image<Rgba8>& image, const TextureForm& form);

/// `image` at another size, values filtered as they are (for maps that are merged into one).
Image<Rgba8> resized(const Image<Rgba8>& image, int width, int height);

}  // namespace orrery
