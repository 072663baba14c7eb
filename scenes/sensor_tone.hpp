#pragma once

#include <cstdint>
#include <vector>

#include "scenes/image.hpp"
#include "scenes/sensor_plane.hpp"

namespace orrery {

/// Linear light of an image in sRGB (IEC 61966-2-1). Pixels of alpha 0 take the colour of the
/// nearest other pixel in their row, or of the nearest row, so that what comes after may mix
/// neighbours without asking for alpha.
void linearize(const ImageView<Rgba8>& color, const Rgb& image);

/// sRGB of linear light, exactly rounded and clipped; alpha stays as it is.
void encode(const Rgb& image, Image<Rgba8>& color);

/// Sharpens luma as cameras do, on encoded values: adds `amount` of what a [1 2 1]/4 blur along
/// both axes takes away. `luma` is working memory.
void sharpen(double amount, Image<Rgba8>& color, std::vector<float>& luma);

}  // namespace orrery
