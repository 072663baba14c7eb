#pragma once

#include <cstdint>
#include <vector>

#include "generator/mix/mix_spec.hpp"

namespace orrery {

/// Which image of a dataset is made how. The shares are kept as exactly as whole numbers allow in
/// every run of kRound images, not only on average, and image i is known without those before it.
class Schedule {
 public:
  /// Images until the pattern repeats; shares are kept to a thousandth.
  static constexpr std::uint64_t kRound = 1000;

  /// Throws Error if a phase, or what follows the last, has no weight above 0.
  Schedule(const MixSpec& spec, std::uint64_t seed);

  struct Slot {
    Making making = Making::rendered;
    std::uint64_t nth = 0;  ///< how many before it are made the same way
  };
  Slot at(std::uint64_t index) const;

 private:
  /// One round of a phase.
  struct Pattern {
    std::uint64_t first = 0;                        ///< index at which the phase starts
    std::array<std::uint64_t, kMakings> before{};   ///< made until then
    std::array<std::uint64_t, kMakings> in_round{};
    std::vector<Making> makings;        ///< by place in the round
    std::vector<std::uint32_t> places;  ///< how many before it in the round are made the same way
  };
  static Pattern pattern_of(const MakingWeights& weights, std::uint64_t seed, std::uint64_t phase);

  std::vector<Pattern> patterns_;
};

}  // namespace orrery
