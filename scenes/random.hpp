#pragma once

#include <array>
#include <cstdint>
#include <glm/glm.hpp>
#include <glm/gtc/quaternion.hpp>
#include <string_view>

namespace orrery {

/// Random numbers of one factor of one sample: a counter-based generator addressed by
/// (seed, index, path of the factor, draw). Two factors never share a stream, so changing the
/// range of one moves nothing else; there is no global generator.
/// Source: Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011 (Philox4x32-10).
class Rng {
 public:
  /// `factor` is a path such as "camera/azimuth". Seed 0 is a seed like any other.
  Rng(std::uint64_t seed, std::uint64_t index, std::string_view factor);

  /// 32 uniform bits; every call is one draw.
  std::uint32_t bits();
  /// Uniform in [0, 1).
  double unit();
  /// Uniform in [low, high).
  double uniform(double low, double high);
  /// Uniform in {0, …, count-1}; `count` must be above 0.
  std::uint32_t below(std::uint32_t count);
  /// Normal with mean 0 and standard deviation 1.
  double normal();
  /// Uniform on the unit sphere.
  glm::dvec3 direction();
  /// Uniform over all rotations. Source: Shoemake, Uniform Random Rotations, Graphics Gems III.
  glm::dquat rotation();

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;
};

/// Ten rounds of Philox4x32 on one counter; exposed for the known-answer test.
std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::array<std::uint32_t, 2> key);

}  // namespace orrery
