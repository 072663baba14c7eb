#include "generator/evaluate/scoring.hpp"

#include <algorithm>
#include <limits>

namespace orrery {
namespace {

constexpr std::size_t kRecalls = 101;

/// numpy.linspace(0, 1, 101)
std::array<double, kRecalls> recall_steps() {
  std::array<double, kRecalls> out{};
  for (std::size_t i = 0; i < kRecalls; ++i) out[i] = static_cast<double>(i) * 0.01;
  out.back() = 1;
  return out;
}

/// How many hits reach each step of recall: the fewest whose share, as a double, does.
std::array<std::uint64_t, kRecalls> hits_for_recalls(std::uint64_t objects) {
  static const std::array<double, kRecalls> kSteps = recall_steps();
  std::array<std::uint64_t, kRecalls> out{};
  const auto all = static_cast<double>(objects);
  for (std::size_t i = 0; i < kRecalls; ++i) {
    auto hits = static_cast<std::uint64_t>(kSteps[i] * all);
    if (hits > 0) --hits;
    while (static_cast<double>(hits) / all < kSteps[i]) ++hits;
    out[i] = hits;
  }
  return out;
}

/// One threshold on the way down the detections.
struct Walk {
  std::uint64_t hits = 0;
  std::uint64_t falses = 0;
  std::size_t step = 0;                    ///< the highest recall step that is reached
  std::array<double, kRecalls> highest{};  ///< precision while `step` was the highest
};

/// Goes by a detection that is there `times` times.
void pass(std::array<Walk, kThresholds>& walks, const Outcome& found, std::uint64_t times,
          const std::array<std::uint64_t, kRecalls>& needed) {
  for (std::size_t t = 0; t < kThresholds; ++t) {
    Walk& walk = walks[t];
    if (((found.ignored >> t) & 1U) != 0) continue;
    if (((found.hit >> t) & 1U) == 0) {
      walk.falses += times;
      continue;
    }
    walk.hits += times;
    while (walk.step + 1 < kRecalls && walk.hits >= needed[walk.step + 1]) ++walk.step;
    constexpr double kSmall = std::numeric_limits<double>::epsilon();
    const auto hits = static_cast<double>(walk.hits);
    const double precision = hits / (static_cast<double>(walk.falses) + hits + kSmall);
    walk.highest[walk.step] = std::max(walk.highest[walk.step], precision);
  }
}

}  // namespace

ClassScore score_class(const ClassOutcomes& outcomes, ImageWeights weights, std::uint32_t ranks) {
  const auto weight = [weights](std::uint32_t image) -> std::uint64_t {
    return weights.empty() ? 1 : weights[image];
  };
  ClassScore score;
  for (const ObjectCount& o : outcomes.objects) score.objects += o.objects * weight(o.image);
  if (score.objects == 0) {
    score.ap.fill(-1);
    score.recall.fill(-1);
    return score;
  }
  const std::array<std::uint64_t, kRecalls> needed = hits_for_recalls(score.objects);
  std::array<Walk, kThresholds> walks;
  const std::vector<Outcome>& found = outcomes.detections;
  for (std::size_t i = 0; i < found.size();) {
    // Copies of an image follow each other whole, so detections that share image and score take
    // turns; single ones can be counted at once.
    std::size_t end = i + 1;
    while (end < found.size() && found[end].image == found[i].image &&
           found[end].score == found[i].score) {
      ++end;
    }
    const std::uint64_t w = weight(found[i].image);
    const bool turns = end - i > 1;
    for (std::uint64_t turn = 0; turn < (turns ? w : std::min<std::uint64_t>(w, 1)); ++turn) {
      for (std::size_t k = i; k < end; ++k) {
        if (found[k].rank < ranks) pass(walks, found[k], turns ? 1 : w, needed);
      }
    }
    i = end;
  }
  for (std::size_t t = 0; t < kThresholds; ++t) {
    // Precision never falls with recall: from the right, the highest so far.
    double highest = 0;
    double sum = 0;
    for (std::size_t i = kRecalls; i-- > 0;) {
      highest = std::max(highest, walks[t].highest[i]);
      sum += highest;
    }
    score.ap[t] = sum / kRecalls;
    score.recall[t] = static_cast<double>(walks[t].hits) / static_cast<double>(score.objects);
  }
  return score;
}

double mean_of_known(std::span<const double> values) {
  double sum = 0;
  std::size_t known = 0;
  for (const double value : values) {
    if (value < 0) continue;
    sum += value;
    ++known;
  }
  return known == 0 ? -1 : sum / static_cast<double>(known);
}

Score score_of(const ClassScore& one) {
  return {mean_of_known(one.ap), one.ap[0], one.ap[5], mean_of_known(one.recall), one.objects};
}

Score mean_of(std::span<const ClassScore> classes) {
  std::array<std::vector<double>, 4> parts;
  Score mean;
  for (const ClassScore& one : classes) {
    const Score score = score_of(one);
    parts[0].push_back(score.ap);
    parts[1].push_back(score.ap50);
    parts[2].push_back(score.ap75);
    parts[3].push_back(score.ar);
    mean.objects += score.objects;
  }
  mean.ap = mean_of_known(parts[0]);
  mean.ap50 = mean_of_known(parts[1]);
  mean.ap75 = mean_of_known(parts[2]);
  mean.ar = mean_of_known(parts[3]);
  return mean;
}

}  // namespace orrery
