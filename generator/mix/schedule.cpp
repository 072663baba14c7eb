#include "generator/mix/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenes/error.hpp"
#include "scenes/random.hpp"

namespace orrery {
namespace {

/// Whole numbers that add up to `sum` in the proportions of `weights`: largest remainders first.
std::array<std::uint64_t, kMakings> shared_out(const MakingWeights& weights, std::uint64_t sum) {
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(total > 0)) throw Error("mix: all shares are 0, wanted one above 0");
  std::array<std::uint64_t, kMakings> counts{};
  std::vector<std::pair<double, std::size_t>> remainders;
  std::uint64_t given = 0;
  for (std::size_t i = 0; i < kMakings; ++i) {
    const double exact = static_cast<double>(sum) * weights[i] / total;
    counts[i] = static_cast<std::uint64_t>(exact);
    given += counts[i];
    if (weights[i] > 0) remainders.emplace_back(static_cast<double>(counts[i]) - exact, i);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t i = 0; given < sum; ++i, ++given) ++counts[remainders.at(i).second];
  return counts;
}

}  // namespace

Schedule::Pattern Schedule::pattern_of(const MakingWeights& weights, std::uint64_t seed,
                                       std::uint64_t phase) {
  Pattern pattern;
  pattern.in_round = shared_out(weights, kRound);
  // Each way's images spread evenly over the round, so that any stretch of it has about its share.
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < kMakings; ++i) {
    Rng rng(seed, phase, std::string("mix/order/") + EnumNames<Making>::kNames[i]);
    const auto count = static_cast<double>(pattern.in_round[i]);
    for (std::uint64_t k = 0; k < pattern.in_round[i]; ++k) {
      const double jitter = rng.unit();
      order.emplace_back((static_cast<double>(k) + jitter) / count, i);
    }
  }
  std::sort(order.begin(), order.end());
  std::array<std::uint32_t, kMakings> seen{};
  for (const auto& [at, making] : order) {
    pattern.makings.push_back(static_cast<Making>(making));
    pattern.places.push_back(seen[making]++);
  }
  return pattern;
}

Schedule::Schedule(const MixSpec& spec, std::uint64_t seed) {
  const auto add = [&](const MakingWeights& weights, std::uint64_t first) {
    Pattern pattern = pattern_of(weights, seed, patterns_.size());
    pattern.first = first;
    patterns_.push_back(std::move(pattern));
    if (first == 0) return;
    // What the phase before made until here.
    std::array<std::uint64_t, kMakings> before{};
    for (std::size_t i = 0; i < kMakings; ++i) {
      const Pattern& last = patterns_[patterns_.size() - 2];
      const std::uint64_t length = first - last.first;
      const auto rest = static_cast<std::ptrdiff_t>(length % kRound);
      before[i] = last.before[i] + length / kRound * last.in_round[i] +
                  static_cast<std::uint64_t>(std::count(last.makings.begin(),
                                                        last.makings.begin() + rest,
                                                        static_cast<Making>(i)));
    }
    patterns_.back().before = before;
  };
  std::uint64_t first = 0;
  for (const MixPhase& phase : spec.phases) {
    add(phase.weights, first);
    first += phase.images;
  }
  add(spec.weights, first);
}

Schedule::Slot Schedule::at(std::uint64_t index) const {
  const auto after =
      std::upper_bound(patterns_.begin(), patterns_.end(), index,
                       [](std::uint64_t i, const Pattern& pattern) { return i < pattern.first; });
  const Pattern& pattern = *(after - 1);
  const std::uint64_t place = index - pattern.first;
  const auto in_round = static_cast<std::size_t>(place % kRound);
  const Making making = pattern.makings[in_round];
  const auto kind = static_cast<std::size_t>(making);
  return {making, pattern.before[kind] + place / kRound * pattern.in_round[kind] +
                      pattern.places[in_round]};
}

}  // namespace orrery
