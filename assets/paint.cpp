#include "assets/paint.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <glm/gtc/constants.hpp>

namespace orrery::assets {
namespace {

double lattice(int x, int y) {
  std::uint32_t h =
      static_cast<std::uint32_t>(x) * 0x8DA6B343U ^ static_cast<std::uint32_t>(y) * 0xD8163841U;
  h = (h ^ (h >> 15)) * 0x2C1B3C6DU;
  h = (h ^ (h >> 12)) * 0x297A2D39U;
  return static_cast<double>(h ^ (h >> 15)) * 0x1p-32;
}

/// Rows of five bits from the top, the leftmost highest.
using Glyph = std::array<std::uint8_t, 7>;
constexpr std::array<Glyph, 26> kLetters{
    {{14, 17, 17, 31, 17, 17, 17}, {30, 17, 17, 30, 17, 17, 30}, {14, 17, 16, 16, 16, 17, 14},
     {30, 17, 17, 17, 17, 17, 30}, {31, 16, 16, 30, 16, 16, 31}, {31, 16, 16, 30, 16, 16, 16},
     {14, 17, 16, 23, 17, 17, 15}, {17, 17, 17, 31, 17, 17, 17}, {14, 4, 4, 4, 4, 4, 14},
     {7, 2, 2, 2, 2, 18, 12},      {17, 18, 20, 24, 20, 18, 17}, {16, 16, 16, 16, 16, 16, 31},
     {17, 27, 21, 21, 17, 17, 17}, {17, 25, 21, 19, 17, 17, 17}, {14, 17, 17, 17, 17, 17, 14},
     {30, 17, 17, 30, 16, 16, 16}, {14, 17, 17, 17, 21, 18, 13}, {30, 17, 17, 30, 20, 18, 17},
     {15, 16, 16, 14, 1, 1, 30},   {31, 4, 4, 4, 4, 4, 4},       {17, 17, 17, 17, 17, 17, 14},
     {17, 17, 17, 17, 17, 10, 4},  {17, 17, 17, 21, 21, 27, 17}, {17, 17, 10, 4, 10, 17, 17},
     {17, 17, 10, 4, 4, 4, 4},     {31, 1, 2, 4, 8, 16, 31}}};

}  // namespace

Image<Rgba8> painted(int width, int height, const Paint& paint) {
  Image<Rgba8> image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      glm::dvec4 sum(0);
      for (int s = 0; s < 16; ++s) {
        const int row = s / 4;
        const glm::dvec2 at(x + (s % 4 + 0.5) / 4, y + (row + 0.5) / 4);
        sum += paint(at / glm::dvec2(width, height));
      }
      image.at(x, y) = Rgba8(glm::round(glm::clamp(sum / 16.0, 0.0, 1.0) * 255.0));
    }
  }
  return image;
}

double noise(glm::dvec2 p) {
  const glm::dvec2 cell = glm::floor(p);
  const glm::dvec2 f = p - cell;
  const glm::dvec2 t = f * f * (3.0 - 2.0 * f);
  const int x = static_cast<int>(cell.x);
  const int y = static_cast<int>(cell.y);
  return glm::mix(glm::mix(lattice(x, y), lattice(x + 1, y), t.x),
                  glm::mix(lattice(x, y + 1), lattice(x + 1, y + 1), t.x), t.y);
}

double fractal(glm::dvec2 p) {
  double sum = 0;
  double amplitude = 0.5;
  for (int octave = 0; octave < 4; ++octave, p = 2.03 * p + 17.0, amplitude *= 0.5) {
    sum += amplitude * noise(p);
  }
  return sum / 0.9375;
}

bool on_text(std::string_view text, glm::dvec2 p) {
  if (p.x < 0 || p.y < 0 || p.y >= 7) return false;
  const std::size_t k = static_cast<std::size_t>(p.x / 6);
  const int column = static_cast<int>(p.x) % 6;
  if (k >= text.size() || column == 5 || text[k] < 'A' || text[k] > 'Z') return false;
  const Glyph& glyph = kLetters[static_cast<std::size_t>(text[k] - 'A')];
  return (glyph[static_cast<std::size_t>(p.y)] >> (4 - column) & 1) != 0;
}

bool in_star(glm::dvec2 p) {
  constexpr double kFifth = glm::two_pi<double>() / 5;
  const double a = std::atan2(p.x, -p.y) + glm::two_pi<double>();
  const double off = std::abs(std::fmod(a + 0.5 * kFifth, kFifth) - 0.5 * kFifth);
  const double r = glm::length(p);
  // The edge from the tip (radius 1, angle 0) to the notch (radius 0.4, half a fifth).
  const glm::dvec2 q(r * std::cos(off), r * std::sin(off));
  const glm::dvec2 notch = 0.4 * glm::dvec2(std::cos(0.5 * kFifth), std::sin(0.5 * kFifth));
  const glm::dvec2 edge = notch - glm::dvec2(1, 0);
  return edge.x * q.y - edge.y * (q.x - 1) > 0;
}

glm::dvec4 rgb(double r, double g, double b) { return {r, g, b, 1}; }

glm::dvec4 wood(glm::dvec2 uv) {
  const double warp = fractal({uv.x * 1.5, uv.y * 5});
  const double ring = 0.5 + 0.5 * std::sin(60 * (uv.y + 0.12 * warp));
  const double fibre = fractal({uv.x * 6, uv.y * 90});
  const double shade = 0.82 + 0.12 * ring + 0.12 * (fibre - 0.5);
  return {0.93 * shade, 0.78 * shade, 0.58 * shade, 1};
}

}  // namespace orrery::assets
