#include <numeric>
#include <string_view>
#include <utility>

#include "scenes/turntable.hpp"

namespace orrery {
namespace {

/// Element `position` of a permutation of {0, …, count-1} that depends on `rng` alone.
std::uint32_t permuted(Rng rng, std::uint32_t count, std::uint32_t position) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = count; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  return order[position];
}

/// A mixed-radix walk. After `add` of factors with n1, n2, … values, the tuple of values is a
/// bijection of index mod (n1·n2·…), and each factor takes all its values once in every aligned run
/// of as many indices.
class Walk {
 public:
  explicit Walk(const Streams& streams) : streams_(streams), index_(streams.index) {}

  /// `owner` is what the factor is varied with.
  std::uint32_t add(const std::string& factor, std::string_view owner, std::uint32_t count) {
    const std::uint64_t common = std::gcd(period_, std::uint64_t{count});
    const std::uint64_t lap = period_ / common * count;
    std::uint32_t value = 0;
    if (common == count) {
      // The earlier tuples repeat every `period_`: any values will do there, shifted by one in
      // each repeat. Random ones keep the factor independent of the others in short runs.
      const std::uint64_t within = index_ % period_;
      const std::uint32_t drawn = permuted(stream(within / count, factor, owner), count,
                                           static_cast<std::uint32_t>(within % count));
      value = static_cast<std::uint32_t>((drawn + index_ / period_) % count);
    } else {
      // Remainders of different lengths meet in every combination that their common divisor allows
      // (Chinese remainder theorem) within one lap; the shift opens the others in turn.
      const std::uint64_t shift = index_ / lap % common;
      value = permuted(stream(0, factor, owner), count,
                       static_cast<std::uint32_t>((index_ + shift) % count));
    }
    period_ *= count;
    return value;
  }

 private:
  Rng stream(std::uint64_t block, const std::string& factor, std::string_view owner) const {
    return Streams{streams_.seed, block, streams_.varied}.of(factor, owner);
  }

  const Streams& streams_;
  std::uint64_t index_;
  std::uint64_t period_ = 1;
};

}  // namespace

TurntableStep turntable_step(const TurntableSpec& spec, std::uint32_t models,
                             const Streams& streams) {
  Walk walk(streams);
  TurntableStep step;
  step.azimuth = walk.add("walk/azimuth", "camera", spec.azimuths);
  step.elevation =
      walk.add("walk/elevation", "camera", static_cast<std::uint32_t>(spec.elevations.size()));
  step.side =
      walk.add("walk/side", "placement", static_cast<std::uint32_t>(spec.rest_sides.size()));
  step.model = walk.add("walk/model", "objects", models);
  // Light is not part of the combinations: shuffled anew in each round of rigs.
  const Streams round{streams.seed, streams.index / spec.rigs, streams.varied};
  step.rig = permuted(round.of("walk/rig", "lights"), spec.rigs,
                      static_cast<std::uint32_t>(streams.index % spec.rigs));
  return step;
}

}  // namespace orrery
