#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <string_view>

#include "scenes/image.hpp"
#include "scenes/model.hpp"

namespace orrery {

/// A poker card, metres.
inline constexpr glm::dvec3 kPlayingCardSize{0.0635, 0.0889, 0.0003};
inline constexpr double kPlayingCardCorner = 0.0035;

/// A playing card about the z axis, face up (+z): x is right and y up in the face's picture.
/// `bend` is the sagitta in metres along the long side, above 0: the middle higher than the ends,
/// which touch z = 0; below 0: the other way round, the middle on z = 0. At most 2 cm.
/// uv of the face: (0,0) the top left, (1,1) the bottom right of the card's rectangle, linear along
/// the paper; the back likewise as seen from behind with y up; textures are clamped and at most 512
/// texels a side. Parts and materials: [0] face, [1] back, [2] edge.
Model playing_card(const Image<Rgba8>& face, const Image<Rgba8>& back, double bend);

/// A card's picture, sRGB, as wide as the card's proportions ask. `rank` is "A", "2" to "10", "J",
/// "Q" or "K"; `suit` "clubs", "diamonds", "hearts" or "spades". Throws Error for others, naming
/// the nearest.
Image<Rgba8> card_face(std::string_view rank, std::string_view suit, int height_px = 512);
/// A back whose pattern and colours come from the seed; it looks the same turned by half a turn.
Image<Rgba8> card_back(std::uint64_t seed, int height_px = 512);

}  // namespace orrery
