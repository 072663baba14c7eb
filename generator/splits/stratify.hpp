#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orrery {

/// What is dealt out as a whole.
struct Bundle {
  /// How much of each label it has, above 0, by label.
  std::vector<std::pair<std::uint32_t, double>> amounts{};
  std::string name{};                 ///< unique; what ties are drawn by
  std::optional<std::size_t> part{};  ///< where it must go
};

/// What the parts shall get.
struct DealRules {
  std::vector<double> shares{};  ///< of each part, above 0; they add up to 1
  std::size_t labels = 0;        ///< label 0 stands for images: dealt by it last, and in ties
  /// By label: a part without any is far worse than a part with too little.
  std::vector<bool> needed{};
  std::uint64_t seed = 0;
};

/// The part of each bundle: iterative stratification, then moves and swaps as long as the imbalance
/// falls. A pure function of the bundles in their order and the rules.
std::vector<std::size_t> dealt(const std::vector<Bundle>& bundles, const DealRules& rules);

/// Sum over parts and labels of ((found - wanted) / wanted)²; labels that nobody has count nothing.
double imbalance_of(const std::vector<Bundle>& bundles, const DealRules& rules,
                    const std::vector<std::size_t>& part_of);

}  // namespace orrery
