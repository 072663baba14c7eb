#include <algorithm>
#include <array>
#include <cassert>
#include <span>
#include <vector>

#include "scenes/sha256.hpp"
#include "scenes/shapes.hpp"
#include "scenes/texture.hpp"

namespace orrery {
namespace {

using Line = std::array<glm::vec2, 2>;

/// Letters and signs of straight strokes, in a square from (-1, -1) at the top left to (1, 1).
const std::vector<std::vector<Line>>& signs() {
  static const std::vector<std::vector<Line>> kSigns{
      {{{{-0.8F, 1}, {0, -1}}}, {{{0, -1}, {0.8F, 1}}}, {{{-0.5F, 0.3F}, {0.5F, 0.3F}}}},  // A
      {{{{-0.6F, -1}, {-0.6F, 1}}},
       {{{-0.6F, -1}, {0.6F, -1}}},
       {{{-0.6F, 0}, {0.4F, 0}}},
       {{{-0.6F, 1}, {0.6F, 1}}}},                                                          // E
      {{{{-0.7F, -1}, {-0.7F, 1}}}, {{{0.7F, -1}, {0.7F, 1}}}, {{{-0.7F, 0}, {0.7F, 0}}}},  // H
      {{{{-0.8F, -0.8F}, {0.8F, 0.8F}}}, {{{-0.8F, 0.8F}, {0.8F, -0.8F}}}},                 // X
      {{{{0, -1}, {0, 1}}}, {{{-0.8F, -1}, {0.8F, -1}}}},                                   // T
      {{{{-0.8F, -0.8F}, {0.8F, -0.8F}}},
       {{{0.8F, -0.8F}, {0.8F, 0.8F}}},
       {{{0.8F, 0.8F}, {-0.8F, 0.8F}}},
       {{{-0.8F, 0.8F}, {-0.8F, -0.8F}}}}};  // a square
  return kSigns;
}

float distance_to(const Line& line, const glm::vec2& p) {
  const glm::vec2 along = line[1] - line[0];
  const float t = glm::clamp(glm::dot(p - line[0], along) / glm::dot(along, along), 0.0F, 1.0F);
  return glm::distance(p, line[0] + t * along);
}

Rgba8 srgb(const glm::vec3& linear) {
  return Rgba8(glm::vec4(glm::pow(linear, glm::vec3(1 / 2.2F)) * 255.0F, 255));
}

}  // namespace

std::uint32_t die_signs() { return static_cast<std::uint32_t>(signs().size()); }

Model signed_die(double side, double rounding, const glm::vec3& body, const glm::vec3& ink,
                 std::uint32_t sign) {
  assert(sign < die_signs());
  constexpr int kSide = 128;
  Image<Rgba8> face(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const glm::vec2 p = ((glm::vec2(x, y) + 0.5F) / (0.5F * kSide) - 1.0F) / 0.5F;
      float away = 9;
      for (const Line& line : signs()[sign]) away = std::min(away, distance_to(line, p));
      const float inked = glm::clamp((0.2F - away) * 16 + 0.5F, 0.0F, 1.0F);
      face.at(x, y) = srgb(glm::mix(body, ink, inked));
    }
  }
  Model model = rounded_box(glm::dvec3(side), rounding);
  model.materials.front().base_color = glm::vec4(1);
  model.materials.front().roughness = 0.3F;
  model.materials.front().base_color_texture =
      add_texture(model, face, {TexelKind::color, Wrap::clamp, Wrap::clamp, kSide});
  model.name = "signed_die";
  Sha256 hash;
  hash.add("orrery shape 1: signed_die " + model.sha256);
  hash.add(std::as_bytes(std::span(face.pixels)));
  model.sha256 = hash.hex();
  return model;
}

}  // namespace orrery
