#include "scenes/tile_noise.hpp"

#include <cassert>
#include <cmath>
#include <glm/gtc/constants.hpp>

namespace orrery {
namespace {

/// The part after the point. Coordinates lie above -16; cutting off is quicker than floor.
float wrapped(float x) {
  const float raised = x + 16.0F;
  return raised - static_cast<float>(static_cast<int>(raised));
}

/// A coordinate on a ring of `count` lattice points: the two around it and the part between.
struct OnRing {
  int low, high;
  float part;

  OnRing(float unit, int count) {
    const float x = wrapped(unit) * static_cast<float>(count);
    low = static_cast<int>(x);
    part = x - static_cast<float>(low);
    if (low >= count) low = 0;
    high = low + 1 == count ? 0 : low + 1;
  }
};

float fade(float t) { return t * t * t * (t * (t * 6.0F - 15.0F) + 10.0F); }

std::size_t at(int x, int y, int columns) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
         static_cast<std::size_t>(x);
}

}  // namespace

TileNoise::TileNoise(int columns, int rows, Rng& rng) : columns_(columns), rows_(rows) {
  assert(columns > 0 && rows > 0);
  shift_ = glm::vec2{rng.unit(), rng.unit()};  // braces: drawn from left to right
  gradients_.reserve(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
  for (int k = 0; k < columns * rows; ++k) {
    // √2 brings the extremes, in the middle of a cell, to ±1.
    const float angle = glm::two_pi<float>() * static_cast<float>(rng.unit());
    gradients_.push_back(glm::root_two<float>() * glm::vec2(std::cos(angle), std::sin(angle)));
  }
}

float TileNoise::operator()(glm::vec2 uv) const {
  const OnRing x(uv.x + shift_.x, columns_);
  const OnRing y(uv.y + shift_.y, rows_);
  const auto corner = [&](int cx, int cy, float dx, float dy) {
    const glm::vec2 g = gradients_[at(cx, cy, columns_)];
    return g.x * dx + g.y * dy;
  };
  const float t = fade(x.part);
  const float low =
      glm::mix(corner(x.low, y.low, x.part, y.part), corner(x.high, y.low, x.part - 1, y.part), t);
  const float high = glm::mix(corner(x.low, y.high, x.part, y.part - 1),
                              corner(x.high, y.high, x.part - 1, y.part - 1), t);
  return glm::mix(low, high, fade(y.part));
}

TileFractal::TileFractal(int columns, int rows, int octaves, Rng& rng, float gain) {
  float amplitude = 1;
  float power = 0;
  for (int k = 0; k < octaves; ++k, amplitude *= gain) {
    octaves_.emplace_back(columns << k, rows << k, rng);
    amplitudes_.push_back(amplitude);
    power += amplitude * amplitude;
  }
  for (float& a : amplitudes_) a /= std::sqrt(power);
}

float TileFractal::operator()(glm::vec2 uv) const {
  float sum = 0;
  for (std::size_t k = 0; k < octaves_.size(); ++k) sum += amplitudes_[k] * octaves_[k](uv);
  return sum;
}

TileCells::TileCells(int columns, int rows, float jitter, Rng& rng)
    : columns_(columns), rows_(rows), salt_(rng.bits()) {
  assert(columns >= 3 && rows >= 3);
  for (int k = 0; k < columns * rows; ++k) {
    const glm::vec2 anywhere{rng.unit(), rng.unit()};
    points_.push_back(glm::mix(glm::vec2(0.5F), anywhere, jitter));
  }
}

CellHit TileCells::operator()(glm::vec2 uv) const {
  const OnRing x(uv.x, columns_);
  const OnRing y(uv.y, rows_);
  float nearest = 1e9F;
  float next = 1e9F;
  CellHit hit;
  for (int j = -1; j <= 1; ++j) {
    const int row = j < 0 ? (y.low == 0 ? rows_ - 1 : y.low - 1) : (j == 0 ? y.low : y.high);
    for (int i = -1; i <= 1; ++i) {
      const int column =
          i < 0 ? (x.low == 0 ? columns_ - 1 : x.low - 1) : (i == 0 ? x.low : x.high);
      const std::size_t k = at(column, row, columns_);
      const glm::vec2 away = glm::vec2(x.part - static_cast<float>(i) - points_[k].x,
                                       y.part - static_cast<float>(j) - points_[k].y);
      const float squared = away.x * away.x + away.y * away.y;
      if (squared < nearest) {
        next = nearest;
        nearest = squared;
        hit.away = away;
        hit.cell = static_cast<std::uint32_t>(k);
      } else if (squared < next) {
        next = squared;
      }
    }
  }
  hit.nearest = std::sqrt(nearest);
  hit.next = std::sqrt(next);
  hit.cell = hit.cell * 0x9E3779B9U + salt_;
  return hit;
}

float scattered(std::uint32_t thing, std::uint32_t draw) {
  std::uint32_t h = thing * 0x8DA6B343U ^ (draw + 1) * 0xD8163841U;
  h = (h ^ (h >> 15)) * 0x2C1B3C6DU;
  h = (h ^ (h >> 12)) * 0x297A2D39U;
  return static_cast<float>((h ^ (h >> 15)) >> 8) * 0x1p-24F;
}

}  // namespace orrery
