#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "scenes/random.hpp"

namespace orrery {

/// The random streams of one sample, one for each factor: "camera/fov", "lights/0/strength".
/// Factors whose first part is among `varied` are drawn anew, everything else stays as it was.
struct Streams {
  std::uint64_t seed = 0;
  std::uint64_t index = 0;
  std::span<const std::string> varied;

  Rng of(const std::string& factor) const {
    const std::string first = factor.substr(0, factor.find('/'));
    for (const std::string& name : varied) {
      if (name == first) return {seed, index, factor + "~"};
    }
    return {seed, index, factor};
  }
};

}  // namespace orrery
