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

/// How a deck is printed: the sizes and places of what is on all its faces, millimetres.
struct CardPrint {
  double pip = 5.2;            ///< from a pip's middle to its end, of the cards from 2 to 10
  double ace = 11;             ///< the same of an ace's one
  double column = 13.2;        ///< from the middle to the outer columns of pips
  double rows = 54;            ///< from the first row of pips to the last
  double letter = 4.3;         ///< half the height of the index's letter
  double stroke = 0.12;        ///< half the width of its strokes, in units of `letter`
  double small_pip = 2.5;      ///< like `pip`, of the one under the letter
  glm::dvec2 index{5.2, 7.2};  ///< the letter's middle from the corner
  double small_pip_y = 14.8;   ///< of the middle of the pip under it
  glm::u8vec3 red{190, 22, 34};
};

/// Print 0 is as above; each other number has measures of its own, as decks of different makers do.
CardPrint card_print(std::uint32_t number);

/// A card's picture, sRGB, as wide as the card's proportions ask. `rank` is "A", "2" to "10", "J",
/// "Q" or "K"; `suit` "clubs", "diamonds", "hearts" or "spades". Throws Error for others, naming
/// the nearest.
Image<Rgba8> card_face(std::string_view rank, std::string_view suit, const CardPrint& print = {},
                       int height_px = 512);
/// A back whose pattern and colours come from the seed; it looks the same turned by half a turn.
Image<Rgba8> card_back(std::uint64_t seed, int height_px = 512);

}  // namespace orrery
