#pragma once

#include <optional>

#include "generator/compose/compose.hpp"

namespace orrery {

/// Something cut out of a picture. Without a label it is a distractor.
struct CutThing {
  Image<Rgba8> color;   ///< cropped; alpha is the thing's alone
  glm::ivec2 origin{};  ///< of the crop in its picture
  std::optional<Label> label{};
};

/// A thing turned and scaled, in colours of 0 to 255 with straight alpha of 0 to 1. Colours also
/// stand some pixels outside the alpha, so that edges can be made soft.
struct Layer {
  Image<glm::vec4> color;
  Image<std::uint8_t> mask;  ///< where alpha is at least a half: what labels say
  Box extent;                ///< of the mask
  std::uint64_t area = 0;    ///< of the mask
  glm::dmat2 turn{1.0};      ///< layer = turn · source + shift, of points of the thing's picture
  glm::dvec2 shift{0.0};
};

/// The part of `picture` that one label's mask or outline shows, or all of it. Nothing if there is
/// nothing to see.
std::optional<CutThing> cut_out(const LabelledPixels& picture, const Label* label);

/// How large the extent of a thing is when turned so (radians, from x towards y) at its own scale.
glm::dvec2 turned_size(const CutThing& thing, double angle, bool mirror);

/// `margin`: pixels around the thing for blur and soft edges.
Layer layer_of(const CutThing& thing, double scale, double angle, bool mirror, int margin);

/// The picture's colour around a point of it, alpha-weighted and multiplied by alpha, between
/// four pixels; nothing beyond the border.
glm::vec4 sampled(const Image<Rgba8>& color, const glm::dvec2& at);

}  // namespace orrery
