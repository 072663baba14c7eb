#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <glm/gtc/constants.hpp>
#include <string>
#include <utility>
#include <vector>

#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/playing_card.hpp"
#include "scenes/surface_recipe.hpp"

namespace orrery {
namespace {

using glm::dvec2;

// The card is drawn in millimetres from its top left.
constexpr dvec2 kSize{63.5, 88.9};
using Inside = std::function<bool(const dvec2&)>;

struct Canvas {
  Image<Rgba8> image;
  dvec2 px_per_mm;  ///< the picture is exactly the card: pixels are not quite square

  explicit Canvas(int height_px)
      : image(static_cast<int>(std::lround(height_px * kSize.x / kSize.y)), height_px,
              Rgba8(250, 249, 245, 255)),
        px_per_mm(dvec2(image.width, image.height) / kSize) {}

  /// Colours what is inside of a shape about `center`, in its own units of `unit` mm; it lies
  /// within 1.1 units of its centre. Sixteen samples a pixel.
  void stamp(const dvec2& center, double unit, bool upside_down, const Rgba8& color,
             const Inside& inside) {
    const double reach = 1.1 * unit;
    const double turn = upside_down ? -1 : 1;
    const glm::ivec2 size(image.width, image.height);
    const auto pixel = [&](const dvec2& mm) {
      return glm::clamp(glm::ivec2(glm::floor(mm * px_per_mm)), glm::ivec2(0), size);
    };
    const glm::ivec2 low = pixel(center - reach);
    const glm::ivec2 high = glm::min(pixel(center + reach) + 1, size);
    for (int y = low.y; y < high.y; ++y) {
      for (int x = low.x; x < high.x; ++x) {
        int hits = 0;
        for (int s = 0; s < 16; ++s) {
          const int row = s / 4;
          const dvec2 at = dvec2(x + (s % 4 + 0.5) / 4, y + (row + 0.5) / 4) / px_per_mm;
          if (inside(turn * (at - center) / unit)) ++hits;
        }
        const glm::vec4 mixed =
            glm::mix(glm::vec4(image.at(x, y)), glm::vec4(color), static_cast<float>(hits) / 16.0F);
        image.at(x, y) = Rgba8(mixed + 0.5F);
      }
    }
  }
};

// Suits: within the unit square about the origin, y downwards
// --------------------------------------

bool in_disc(const dvec2& p, const dvec2& center, double radius) {
  return glm::distance(p, center) < radius;
}

bool in_stem(const dvec2& p) {
  return p.y > 0.1 && p.y < 0.95 && std::abs(p.x) < 0.07 + 0.32 * std::pow(std::max(p.y, 0.0), 3);
}

bool in_heart(const dvec2& p) {
  const double x = std::abs(p.x);
  if (in_disc({x, p.y}, {0.42, -0.42}, 0.45)) return true;
  // From the lobes' sides an arc runs to the tip.
  const double t = (p.y + 0.36) / 1.34;
  return t >= 0 && t <= 1 && x < 0.865 * (1 - t) * (1 + 0.42 * t);
}

bool in_spade(const dvec2& p) {
  const dvec2 body(p.x, -(p.y + 0.08) / 0.92);
  return in_heart(body) || in_stem(p);
}

bool in_diamond(const dvec2& p) {
  const double x = std::abs(p.x) / 0.76;
  const double y = std::abs(p.y);
  return std::pow(x, 0.92) + std::pow(y, 0.92) < 1;
}

bool in_club(const dvec2& p) {
  return in_disc(p, {0, -0.50}, 0.42) || in_disc({std::abs(p.x), p.y}, {0.48, 0.16}, 0.42) ||
         (std::abs(p.x) < 0.25 && std::abs(p.y) < 0.25) || in_stem(p);
}

// Letters: strokes in the unit square about the origin, half as wide as high ----------------------

using Stroke = std::vector<dvec2>;

/// An arc of an ellipse; angles in quarter turns, 0 to the right, 1 down.
Stroke arc(const dvec2& center, const dvec2& radius, double from, double to) {
  Stroke stroke;
  for (int k = 0; k <= 16; ++k) {
    const double angle = glm::half_pi<double>() * glm::mix(from, to, k / 16.0);
    stroke.push_back(center + radius * dvec2(std::cos(angle), std::sin(angle)));
  }
  return stroke;
}

std::vector<Stroke> strokes_of(std::string_view rank) {
  switch (rank[0]) {
    case 'A':
      return {{{-0.45, 0.8}, {0, -0.8}, {0.45, 0.8}}, {{-0.28, 0.25}, {0.28, 0.25}}};
    case '2': {
      Stroke bow = arc({0, -0.36}, {0.42, 0.44}, -2, 0.35);
      bow.insert(bow.end(), {{-0.42, 0.8}, {0.45, 0.8}});
      return {bow};
    }
    case '3':
      return {arc({0, -0.42}, {0.38, 0.38}, -1.8, 1), arc({0, 0.38}, {0.44, 0.42}, -1, 1.8)};
    case '4':
      return {{{0.2, 0.8}, {0.2, -0.8}, {-0.45, 0.35}, {0.48, 0.35}}};
    case '5': {
      Stroke bow{{0.38, -0.8}, {-0.34, -0.8}, {-0.38, -0.08}};
      const Stroke belly = arc({-0.02, 0.28}, {0.44, 0.52}, -1.55, 1.7);
      bow.insert(bow.end(), belly.begin(), belly.end());
      return {bow};
    }
    case '6':
      return {arc({0, 0.32}, {0.42, 0.48}, 0, 4), arc({0.22, 0.32}, {0.64, 1.12}, -2, -0.9)};
    case '7':
      return {{{-0.42, -0.8}, {0.44, -0.8}, {-0.1, 0.8}}};
    case '8':
      return {arc({0, -0.42}, {0.36, 0.38}, 0, 4), arc({0, 0.38}, {0.43, 0.42}, 0, 4)};
    case '9':
      return {arc({0, -0.32}, {0.42, 0.48}, 0, 4), arc({-0.22, -0.32}, {0.64, 1.12}, 0, 1.1)};
    case '1':
      return {{{-0.55, -0.5}, {-0.36, -0.8}, {-0.36, 0.8}}, arc({0.25, 0}, {0.32, 0.8}, 0, 4)};
    case 'J': {
      Stroke hook{{0.3, -0.8}, {0.3, 0.38}};
      const Stroke bow = arc({-0.06, 0.38}, {0.36, 0.42}, 0, 2);
      hook.insert(hook.end(), bow.begin(), bow.end());
      return {hook, {{0.02, -0.8}, {0.5, -0.8}}};
    }
    case 'Q':
      return {arc({0, -0.02}, {0.44, 0.78}, 0, 4), {{0.08, 0.4}, {0.5, 0.85}}};
    default:
      return {{{-0.36, -0.8}, {-0.36, 0.8}},
              {{0.44, -0.8}, {-0.36, 0.15}},
              {{-0.1, -0.12}, {0.46, 0.8}}};
  }
}

bool on_strokes(const std::vector<Stroke>& strokes, const dvec2& p, double half_width) {
  for (const Stroke& stroke : strokes) {
    for (std::size_t k = 1; k < stroke.size(); ++k) {
      const dvec2 along = stroke[k] - stroke[k - 1];
      const double t = glm::dot(p - stroke[k - 1], along) / std::max(glm::dot(along, along), 1e-12);
      const dvec2 nearest = stroke[k - 1] + std::clamp(t, 0.0, 1.0) * along;
      if (glm::distance(p, nearest) < half_width) return true;
    }
  }
  return false;
}

// Layout -----------------------------------------------------------------------------------------

const std::vector<std::string>& ranks() {
  static const std::vector<std::string> names{"A", "2", "3",  "4", "5", "6", "7",
                                              "8", "9", "10", "J", "Q", "K"};
  return names;
}

/// Pips of a number card: columns -1, 0, 1; rows from 0, the top, to 1.
std::vector<dvec2> pips_of(int number) {
  std::vector<dvec2> pips;
  const auto pair = [&](double row) { pips.insert(pips.end(), {{-1, row}, {1, row}}); };
  if (number >= 4) {
    pair(0);
    pair(1);
  }
  if (number >= 6 && number <= 8) pair(0.5);
  if (number >= 9) {
    pair(1 / 3.0);
    pair(2 / 3.0);
  }
  if (number == 2 || number == 3) pips.insert(pips.end(), {{0, 0}, {0, 1}});
  if (number == 3 || number == 5 || number == 9) pips.emplace_back(0, 0.5);
  if (number == 7 || number == 8) pips.emplace_back(0, 0.25);
  if (number == 8) pips.emplace_back(0, 0.75);
  if (number == 10) pips.insert(pips.end(), {{0, 1 / 6.0}, {0, 5 / 6.0}});
  return pips;
}

/// A court card: two frames and the letter over its suit, both ways up.
void draw_court(Canvas& canvas, const Inside& suit, const std::vector<Stroke>& letter,
                const Rgba8& ink) {
  const dvec2 middle = 0.5 * kSize;
  const Rgba8 gold(214, 170, 70, 255);
  const auto frame = [](const dvec2& half, double width) {
    return [=](const dvec2& p) {
      const dvec2 q = glm::abs(p) * 45.0 - half;
      return std::max(q.x, q.y) < 0 && std::max(q.x, q.y) > -width;
    };
  };
  canvas.stamp(middle, 45, false, ink, frame({19.5, 33.5}, 0.5));
  canvas.stamp(middle, 45, false, gold, frame({18.5, 32.5}, 1.6));
  canvas.stamp(middle, 45, false, gold, [](const dvec2& p) {  // a slanted band parts the halves
    const dvec2 q = p * 45.0;
    return std::abs(q.x) < 17 && std::abs(q.y + 0.35 * q.x) < 1.2;
  });
  for (const bool down : {false, true}) {
    const double turn = down ? -1 : 1;
    canvas.stamp(middle + turn * dvec2(4.5, -17), 11, down, ink,
                 [&](const dvec2& p) { return on_strokes(letter, p, 0.13); });
    canvas.stamp(middle + turn * dvec2(-11, -25), 5, down, ink, suit);
  }
}

void check_name(std::string_view found, const char* what, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), found) != names.end()) return;
  throw Error("no playing card has the " + std::string(what) + " '" + std::string(found) +
              "'; the nearest is '" + nearest_name(found, names) + "'");
}

}  // namespace

CardPrint card_print(std::uint32_t number) {
  CardPrint print;
  if (number == 0) return print;
  Rng rng(number, 0, "card/print");
  print.pip = rng.uniform(4.6, 8.2);
  print.ace = rng.uniform(8, 15);
  print.column = rng.uniform(11.5, 14.5);
  print.rows = rng.uniform(52, 62);
  print.letter = rng.uniform(3.4, 5);
  print.stroke = rng.uniform(0.06, 0.14);
  print.small_pip = rng.uniform(2, 3.2);
  print.index = {rng.uniform(4.6, 6.2), print.letter + rng.uniform(1.6, 3.6)};
  const double gap = rng.uniform(0.2, 1.2);
  print.small_pip_y = print.index.y + print.letter + gap + print.small_pip;
  print.red = glm::u8vec3(rng.uniform(170, 230), rng.uniform(5, 35), rng.uniform(10, 50));
  return print;
}

Image<Rgba8> card_face(std::string_view rank, std::string_view suit, const CardPrint& print,
                       int height_px) {
  static const std::vector<std::string> kSuits{"clubs", "diamonds", "hearts", "spades"};
  check_name(rank, "rank", ranks());
  check_name(suit, "suit", kSuits);
  const bool red = suit == "diamonds" || suit == "hearts";
  const Rgba8 ink = red ? Rgba8(print.red, 255) : Rgba8(22, 22, 26, 255);
  const Inside shape = suit == "clubs"      ? in_club
                       : suit == "diamonds" ? in_diamond
                       : suit == "hearts"   ? in_heart
                                            : in_spade;
  const std::vector<Stroke> letter = strokes_of(rank);
  Canvas canvas(height_px);
  for (const bool down : {false, true}) {  // the index in two corners
    const auto corner = [&](const dvec2& p) { return down ? kSize - p : p; };
    canvas.stamp(corner(print.index), print.letter, down, ink,
                 [&](const dvec2& p) { return on_strokes(letter, p, print.stroke); });
    canvas.stamp(corner({print.index.x, print.small_pip_y}), print.small_pip, down, ink, shape);
  }
  const int number =
      static_cast<int>(std::find(ranks().begin(), ranks().end(), rank) - ranks().begin()) + 1;
  if (number == 1) canvas.stamp(0.5 * kSize, print.ace, false, ink, shape);
  if (number > 10) draw_court(canvas, shape, letter, ink);
  if (number > 1 && number <= 10) {
    for (const dvec2& pip : pips_of(number)) {
      const dvec2 from_middle(print.column * pip.x, print.rows * (pip.y - 0.5));
      canvas.stamp(0.5 * kSize + from_middle, print.pip, pip.y > 0.5, ink, shape);
    }
  }
  return std::move(canvas.image);
}

Image<Rgba8> card_back(std::uint64_t seed, int height_px) {
  Rng rng(seed, 0, "card/back");
  const glm::vec3 ink = color_of_hue(rng.unit(), rng.uniform(0.5, 0.95), rng.uniform(0.3, 0.75));
  const Rgba8 dark(glm::vec4(ink * 255.0F, 255));
  const int style = static_cast<int>(rng.below(4));
  const double pitch = rng.uniform(2.5, 5);
  const double turn = rng.uniform(0.15, 0.3);
  Canvas canvas(height_px);
  // Every pattern is even about the middle, where p is 0: half a turn leaves it as it is.
  canvas.stamp(0.5 * kSize, 45, false, dark, [=](const dvec2& unit) {
    const dvec2 p = unit * 45.0;
    const dvec2 q = glm::abs(p) - (0.5 * kSize - 3.5);
    const double in = -std::max(q.x, q.y);
    if (in < 0) return false;
    if (in < 0.8) return true;
    if (in < 1.6) return false;
    const dvec2 wave = p * (glm::two_pi<double>() / pitch);
    switch (style) {
      case 0:
        return std::cos(wave.x + wave.y) * std::cos(wave.x - wave.y) < 0.12;
      case 1:
        return std::max(std::cos(0.7 * (wave.x + wave.y)), std::cos(0.7 * (wave.x - wave.y))) <
               0.85;
      case 2:
        return std::cos(glm::length(wave)) + 0.8 * std::cos(wave.x) * std::cos(wave.y) < 0.3;
      default:
        return std::cos(wave.x) + std::cos(wave.y) + 2 * turn * std::cos(2 * (wave.x + wave.y)) <
               0.55;
    }
  });
  return std::move(canvas.image);
}

}  // namespace orrery
