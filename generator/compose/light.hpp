#pragma once

#include "generator/compose/layer.hpp"

namespace orrery {

/// Brings mean and contrast of a layer's colours towards those of the picture around the place
/// `at` (of the layer's corner): `strength` 1 is all the way, within bounds. No colour of the layer
/// turns its hue by more than `max_hue_shift` degrees, and none is cut off at white.
void match_light(Layer& layer, const Image<Rgba8>& picture, const glm::ivec2& at, double strength,
                 double max_hue_shift);

/// Luma of Rec. 601, in the unit of `c`.
inline float luminance(const glm::vec3& c) { return 0.299F * c.r + 0.587F * c.g + 0.114F * c.b; }

/// Degrees, [0, 360); meaningless for greys.
double hue_of(const glm::vec3& color);

}  // namespace orrery
