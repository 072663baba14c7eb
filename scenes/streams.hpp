#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "scenes/random.hpp"

namespace orrery {

/// The random streams of one sample, one for each factor: "camera/fov", "lights/0/strength".
/// Factors whose first part is among `varied` are drawn anew, everything else stays as it was;
/// some paths say what they belong to apart.
struct Streams {
  std::uint64_t seed = 0;
  std::uint64_t index = 0;
  std::span<const std::string> varied;

  Rng of(const std::string& factor) const { return of(factor, factor.substr(0, factor.find('/'))); }

  /// The stream of a path that belongs to what is varied as `owner`.
  Rng of(const std::string& factor, std::string_view owner) const {
    for (const std::string& name : varied) {
      if (name == owner) return {seed, index, factor + "~"};
    }
    return {seed, index, factor};
  }
};

}  // namespace orrery
