#include "generator/splits/stratify.hpp"

#include <algorithm>
#include <numeric>

#include "scenes/random.hpp"

namespace orrery {
namespace {

/// A part that lacks a needed label costs as much as a hundred parts with twice too much of one.
constexpr double kLackCost = 100;
constexpr double kLeastGain = 1e-9;
/// Up to that many bundles every pair is tried for a swap; beyond it that many partners of each.
constexpr std::size_t kAllPairs = 400;
constexpr std::size_t kPartners = 60;
constexpr int kPasses = 40;

std::uint64_t tie_of(const DealRules& rules, std::uint64_t index, const std::string& name) {
  Rng rng(rules.seed, index, "split/" + name);
  const std::uint64_t high = rng.bits();
  return high << 32U | rng.bits();
}

/// How much of each label each part has, and what it should have.
class Deal {
 public:
  Deal(const std::vector<Bundle>& bundles, const DealRules& rules)
      : rules_(rules), found_(rules.shares.size() * rules.labels), total_(rules.labels) {
    for (const Bundle& bundle : bundles) {
      for (const auto& [label, amount] : bundle.amounts) total_[label] += amount;
    }
  }

  std::size_t parts() const { return rules_.shares.size(); }
  double wanted(std::size_t part, std::size_t label) const {
    return rules_.shares[part] * total_[label];
  }
  double need(std::size_t part, std::size_t label) const {
    return wanted(part, label) - found_[part * rules_.labels + label];
  }
  void put(const Bundle& bundle, std::size_t part, double sign = 1) {
    for (const auto& [label, amount] : bundle.amounts) {
      found_[part * rules_.labels + label] += sign * amount;
    }
  }

  /// What one label of one part costs if it had `more`.
  double cost(std::size_t part, std::size_t label, double more = 0) const {
    if (!(total_[label] > 0)) return 0;
    const double has = found_[part * rules_.labels + label] + more;
    const double off = has / wanted(part, label) - 1;
    return off * off + (rules_.needed[label] && has < 0.5 ? kLackCost : 0);
  }
  /// By how much the cost rises if part `a` gives `out` to part `b` and takes `in`, if any.
  double rise(std::size_t a, const Bundle& out, std::size_t b, const Bundle* in) const {
    double sum = 0;
    const auto add = [&](std::size_t label, double to_b) {
      sum += cost(a, label, -to_b) - cost(a, label) + cost(b, label, to_b) - cost(b, label);
    };
    auto i = out.amounts.begin();
    static const std::vector<std::pair<std::uint32_t, double>> kNothing;
    const auto& back = in ? in->amounts : kNothing;
    auto j = back.begin();
    while (i != out.amounts.end() || j != back.end()) {
      if (j == back.end() || (i != out.amounts.end() && i->first < j->first)) {
        add(i->first, i->second);
        ++i;
      } else if (i == out.amounts.end() || j->first < i->first) {
        add(j->first, -j->second);
        ++j;
      } else {
        add(i->first, i->second - j->second);
        ++i;
        ++j;
      }
    }
    return sum;
  }

 private:
  const DealRules& rules_;
  std::vector<double> found_;
  std::vector<double> total_;
};

/// Who has how much of a label, most first.
struct Holder {
  double amount;
  double images;
  std::uint64_t tie;
  std::size_t bundle;
  bool operator<(const Holder& other) const {
    if (amount != other.amount) return amount > other.amount;
    if (images != other.images) return images > other.images;
    return tie != other.tie ? tie < other.tie : bundle < other.bundle;
  }
};

double images_of(const Bundle& bundle) {
  return bundle.amounts.empty() || bundle.amounts.front().first != 0
             ? 0
             : bundle.amounts.front().second;
}

/// The part that needs the label most; among equals the one that needs images most.
std::size_t neediest(const Deal& deal, const DealRules& rules, const Bundle& bundle,
                     std::size_t label) {
  std::size_t best = 0;
  for (std::size_t part = 1; part < deal.parts(); ++part) {
    const double more = deal.need(part, label) - deal.need(best, label);
    const double images = deal.need(part, 0) - deal.need(best, 0);
    if (more > kLeastGain || (more > -kLeastGain && images > kLeastGain)) {
      best = part;
    } else if (more > -kLeastGain && images > -kLeastGain &&
               tie_of(rules, part + 1, bundle.name) < tie_of(rules, best + 1, bundle.name)) {
      best = part;
    }
  }
  return best;
}

/// The rarest label that some bundle without a part holds, or the number of labels. Rare is what
/// few bundles hold; label 0 comes last.
std::size_t rarest(const std::vector<std::size_t>& left) {
  std::size_t best = left.size();
  for (std::size_t label = 1; label < left.size(); ++label) {
    if (left[label] > 0 && (best == left.size() || left[label] < left[best])) best = label;
  }
  return best == left.size() && left[0] > 0 ? 0 : best;
}

void stratify(const std::vector<Bundle>& bundles, const DealRules& rules, Deal& deal,
              std::vector<std::size_t>& part_of) {
  std::vector<std::vector<Holder>> holders(rules.labels);
  std::vector<std::size_t> left(rules.labels);
  std::vector<bool> placed(bundles.size());
  for (std::size_t b = 0; b < bundles.size(); ++b) {
    if (bundles[b].part) {
      part_of[b] = *bundles[b].part;
      placed[b] = true;
      deal.put(bundles[b], part_of[b]);
      continue;
    }
    const std::uint64_t tie = tie_of(rules, 0, bundles[b].name);
    for (const auto& [label, amount] : bundles[b].amounts) {
      holders[label].push_back({amount, images_of(bundles[b]), tie, b});
      ++left[label];
    }
  }
  for (auto& list : holders) std::sort(list.begin(), list.end());
  std::vector<std::size_t> next(rules.labels);
  for (std::size_t label = rarest(left); label < rules.labels; label = rarest(left)) {
    while (placed[holders[label][next[label]].bundle]) ++next[label];
    const std::size_t b = holders[label][next[label]].bundle;
    part_of[b] = neediest(deal, rules, bundles[b], label);
    placed[b] = true;
    deal.put(bundles[b], part_of[b]);
    for (const auto& [held, amount] : bundles[b].amounts) --left[held];
  }
}

/// Gives bundle `b` to another part if that helps.
bool moved(const std::vector<Bundle>& bundles, Deal& deal, std::vector<std::size_t>& part_of,
           std::size_t b) {
  const std::size_t from = part_of[b];
  std::size_t best = from;
  double least = -kLeastGain;
  for (std::size_t to = 0; to < deal.parts(); ++to) {
    if (to == from) continue;
    const double rise = deal.rise(from, bundles[b], to, nullptr);
    if (rise < least) {
      least = rise;
      best = to;
    }
  }
  if (best == from) return false;
  deal.put(bundles[b], from, -1);
  deal.put(bundles[b], best);
  part_of[b] = best;
  return true;
}

/// Exchanges bundle `b` for the partner that helps most.
bool swapped(const std::vector<Bundle>& bundles, Deal& deal, std::vector<std::size_t>& part_of,
             std::size_t b, const std::vector<std::size_t>& partners) {
  std::size_t best = b;
  double least = -kLeastGain;
  for (const std::size_t other : partners) {
    if (part_of[other] == part_of[b]) continue;
    const double rise = deal.rise(part_of[b], bundles[b], part_of[other], &bundles[other]);
    if (rise < least) {
      least = rise;
      best = other;
    }
  }
  if (best == b) return false;
  deal.put(bundles[b], part_of[b], -1);
  deal.put(bundles[best], part_of[best], -1);
  std::swap(part_of[b], part_of[best]);
  deal.put(bundles[b], part_of[b]);
  deal.put(bundles[best], part_of[best]);
  return true;
}

/// Moves and swaps until nothing helps.
void search(const std::vector<Bundle>& bundles, const DealRules& rules, Deal& deal,
            std::vector<std::size_t>& part_of) {
  std::vector<std::size_t> loose;
  for (std::size_t b = 0; b < bundles.size(); ++b) {
    if (!bundles[b].part && !bundles[b].amounts.empty()) loose.push_back(b);
  }
  std::vector<std::size_t> partners;
  for (int pass = 0; pass < kPasses; ++pass) {
    bool better = false;
    for (const std::size_t b : loose) better = moved(bundles, deal, part_of, b) || better;
    for (std::size_t i = 0; i < loose.size(); ++i) {
      if (loose.size() <= kAllPairs) {
        partners.assign(loose.begin() + static_cast<std::ptrdiff_t>(i), loose.end());
      } else {
        Rng rng(rules.seed, static_cast<std::uint64_t>(pass), "split/" + bundles[loose[i]].name);
        partners.clear();
        for (std::size_t k = 0; k < kPartners; ++k) {
          partners.push_back(loose[rng.below(static_cast<std::uint32_t>(loose.size()))]);
        }
      }
      better = swapped(bundles, deal, part_of, loose[i], partners) || better;
    }
    if (!better) return;
  }
}

}  // namespace

std::vector<std::size_t> dealt(const std::vector<Bundle>& bundles, const DealRules& rules) {
  std::vector<std::size_t> part_of(bundles.size());
  Deal deal(bundles, rules);
  stratify(bundles, rules, deal, part_of);
  search(bundles, rules, deal, part_of);
  return part_of;
}

double imbalance_of(const std::vector<Bundle>& bundles, const DealRules& rules,
                    const std::vector<std::size_t>& part_of) {
  DealRules plain = rules;
  plain.needed.assign(rules.labels, false);
  Deal deal(bundles, plain);
  for (std::size_t b = 0; b < bundles.size(); ++b) deal.put(bundles[b], part_of[b]);
  double sum = 0;
  for (std::size_t part = 0; part < deal.parts(); ++part) {
    for (std::size_t label = 0; label < rules.labels; ++label) sum += deal.cost(part, label);
  }
  return sum;
}

}  // namespace orrery
