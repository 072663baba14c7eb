#pragma once

#include <functional>
#include <glm/glm.hpp>
#include <string_view>

#include "scenes/image.hpp"

namespace orrery::assets {

/// Colour and alpha at a texture position, (0,0) the top left; sRGB in [0, 1], straight alpha.
using Paint = std::function<glm::dvec4(glm::dvec2 uv)>;

/// Sixteen samples a texel.
Image<Rgba8> painted(int width, int height, const Paint& paint);

/// Smooth noise in [0, 1) and four octaves of it.
double noise(glm::dvec2 p);
double fractal(glm::dvec2 p);

/// Is `p` on a letter of `text`? Letters are 5 × 7 units with gaps of one, the text's top left is
/// (0, 0). Knows A to Z.
bool on_text(std::string_view text, glm::dvec2 p);

/// Inside a five-pointed star of radius 1.
bool in_star(glm::dvec2 p);

glm::dvec4 rgb(double r, double g, double b);
/// Wood with its grain along u.
glm::dvec4 wood(glm::dvec2 uv);

}  // namespace orrery::assets
