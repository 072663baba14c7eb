#include "scenes/model.hpp"

#include <algorithm>
#include <cmath>

namespace orrery {
namespace {

glm::vec2 octahedral(const glm::vec3& unit) {
  const glm::vec2 p = glm::vec2(unit) / (std::abs(unit.x) + std::abs(unit.y) + std::abs(unit.z));
  if (unit.z >= 0) return p;
  return {(1.0F - std::abs(p.y)) * (p.x >= 0 ? 1.0F : -1.0F),
          (1.0F - std::abs(p.x)) * (p.y >= 0 ? 1.0F : -1.0F)};
}

std::uint32_t snorm(float x, float scale) {
  return static_cast<std::uint32_t>(
      static_cast<std::int32_t>(std::lround(std::clamp(x, -1.0F, 1.0F) * scale)));
}

}  // namespace

std::uint32_t packed_normal(const glm::vec3& unit) {
  const glm::vec2 p = octahedral(unit);
  return (snorm(p.x, 32767) & 0xFFFFU) | (snorm(p.y, 32767) << 16);
}

glm::vec3 unpacked_normal(std::uint32_t packed) {
  const auto lane = [](std::uint32_t bits) {
    return std::max(-1.0F, static_cast<float>(static_cast<std::int16_t>(bits)) / 32767.0F);
  };
  const glm::vec2 p(lane(packed & 0xFFFFU), lane(packed >> 16));
  glm::vec3 n(p, 1.0F - std::abs(p.x) - std::abs(p.y));
  const float fold = std::max(-n.z, 0.0F);
  n.x += n.x >= 0 ? -fold : fold;
  n.y += n.y >= 0 ? -fold : fold;
  return glm::normalize(n);
}

std::uint32_t packed_tangent(const glm::vec3& unit, float sign) {
  const glm::vec2 p = octahedral(unit);
  return (snorm(p.x, 32767) & 0xFFFFU) | ((snorm(p.y, 16383) & 0x7FFFU) << 16) |
         (sign < 0 ? 0x80000000U : 0U);
}

}  // namespace orrery
