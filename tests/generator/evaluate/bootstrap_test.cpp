#include "generator/evaluate/bootstrap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "generator/evaluate/evaluation.hpp"
#include "scenes/random.hpp"
#include "tests/generator/evaluate/truth_drafts.hpp"

using namespace orrery;
using orrery::testing::drafted_detections;
using orrery::testing::drafted_truth;

namespace {

std::vector<ClassOutcomes> all_outcomes(const GroundTruth& truth, const Detections& found) {
  return outcomes_of(truth, found, Overlap::bbox, coco_slices(Overlap::bbox).front());
}

Score scored(const GroundTruth& truth, const Detections& found, ImageWeights weights = {}) {
  std::vector<ClassScore> scores;
  for (const ClassOutcomes& one : all_outcomes(truth, found)) {
    scores.push_back(score_class(one, weights));
  }
  return mean_of(scores);
}

}  // namespace

TEST_SUITE("evaluate: bootstrap") {
  TEST_CASE("an image that weighs n scores as n copies of the image") {
    const GroundTruth truth = drafted_truth(6);
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      CAPTURE(seed);
      Detections found = drafted_detections(truth, 0.6, seed);
      // Ties between images, where order could tell.
      for (Detection& one : found.items) one.score = std::round(one.score * 5) / 5;
      Rng rng(seed, 0, "weights");
      std::vector<std::uint32_t> weights;
      for (std::size_t i = 0; i < truth.images.size(); ++i) weights.push_back(rng.below(4));
      GroundTruth copied;
      Detections found_in_copies;
      copied.classes = truth.classes;
      for (std::uint32_t i = 0; i < weights.size(); ++i) {
        for (std::uint32_t copy = 0; copy < weights[i]; ++copy) {
          const auto place = static_cast<std::uint32_t>(copied.images.size());
          copied.images.push_back(truth.images[i]);
          for (TruthObject object : truth.objects) {
            if (object.image != i) continue;
            object.image = place;
            copied.objects.push_back(object);
          }
          for (Detection one : found.items) {
            if (one.image != i) continue;
            one.image = place;
            found_in_copies.items.push_back(one);
          }
        }
      }
      const Score weighed = scored(truth, found, weights);
      const Score in_copies = scored(copied, found_in_copies);
      CHECK(weighed.objects == in_copies.objects);
      CHECK(std::abs(weighed.ap - in_copies.ap) < 1e-12);
      CHECK(std::abs(weighed.ap50 - in_copies.ap50) < 1e-12);
      CHECK(std::abs(weighed.ar - in_copies.ar) < 1e-12);
    }
  }

  TEST_CASE("draws are functions of seed and number: whole groups, as many as there are") {
    const GroundTruth truth = drafted_truth(9);
    const Groups groups = groups_of(truth.images);
    REQUIRE(groups.count == 9);
    std::mutex mutex;
    const auto drawn = [&](std::uint64_t resamples, std::uint64_t seed) {
      std::vector<std::vector<std::uint32_t>> out(resamples);
      resample(groups, resamples, seed, [&](std::uint64_t b, ImageWeights weights) {
        const std::lock_guard<std::mutex> lock(mutex);
        out[b].assign(weights.begin(), weights.end());
      });
      return out;
    };
    const auto some = drawn(50, 1);
    auto fewer = drawn(20, 1);
    CHECK(std::equal(fewer.begin(), fewer.end(), some.begin()));
    CHECK(drawn(20, 2) != fewer);
    for (const auto& weights : some) {
      std::uint32_t sum = 0;
      for (std::size_t i = 0; i < weights.size(); ++i) {
        sum += weights[i];
        CHECK(weights[i] == weights[i / 3 * 3]);
      }
      CHECK(sum == 27);
    }
  }

  TEST_CASE("an image without a group is a group of its own") {
    std::vector<TestImage> images(4);
    images[1].group = images[3].group = "a";
    const Groups groups = groups_of(images);
    CHECK(groups.count == 3);
    CHECK(groups.of_image == std::vector<std::uint32_t>{0, 1, 2, 1});
  }

  TEST_CASE("intervals are the percentiles that numpy gives") {
    // numpy.percentile([3, 1, 2, 10], [2.5, 97.5]) is [1.075, 9.475].
    const Interval interval = interval_of({3, 1, std::nan(""), 2, 10});
    CHECK(interval.low == doctest::Approx(1.075).epsilon(1e-12));
    CHECK(interval.high == doctest::Approx(9.475).epsilon(1e-12));
    CHECK(interval.resamples == 4);
    CHECK(interval.above_zero == 1);
    CHECK(interval_of({}).resamples == 0);
  }

  TEST_CASE(
      "95 % intervals of groups hold the truth in about 95 % of simulations, of images less") {
    const GroundTruth many = drafted_truth(6000);
    const double true_ap50 = scored(many, drafted_detections(many, 0.65, 999'999)).ap50;
    const GroundTruth truth = drafted_truth(40);
    const Groups by_group = groups_of(truth.images);
    Groups by_image;
    for (std::uint32_t i = 0; i < truth.images.size(); ++i) by_image.of_image.push_back(i);
    by_image.count = static_cast<std::uint32_t>(truth.images.size());
    constexpr int kSimulations = 300;
    int held = 0;
    int held_by_image = 0;
    for (int n = 0; n < kSimulations; ++n) {
      const auto outcomes =
          all_outcomes(truth, drafted_detections(truth, 0.65, static_cast<std::uint64_t>(n)));
      const auto holds = [&](const Groups& groups) {
        const Interval i = interval_of(draw_scores(outcomes, groups, 200, 5).all.ap50);
        return i.low <= true_ap50 && true_ap50 <= i.high ? 1 : 0;
      };
      held += holds(by_group);
      held_by_image += holds(by_image);
    }
    MESSAGE("held in " << held << " of " << kSimulations << ", by image in " << held_by_image);
    // Binomial with 0.95: a standard deviation of 1.3 %; the percentile interval of 40 groups is
    // known to be a little short.
    CHECK(held >= 0.89 * kSimulations);
    CHECK(held <= 0.99 * kSimulations);
    CHECK(held_by_image < held);
  }

  TEST_CASE("a planted gain of 0.1 is seen with an interval above 0, equals differ by exactly 0") {
    const GroundTruth truth = drafted_truth(150);
    const Groups groups = groups_of(truth.images);
    const Detections weak = drafted_detections(truth, 0.55, 3);
    const Detections strong = drafted_detections(truth, 0.65, 3);
    const double gain = scored(truth, strong).ap50 - scored(truth, weak).ap50;
    CHECK(gain == doctest::Approx(0.1).epsilon(0.3));
    const ClassDraws a = draw_scores(all_outcomes(truth, strong), groups, 500, 1);
    const ClassDraws b = draw_scores(all_outcomes(truth, weak), groups, 500, 1);
    const Interval paired = interval_of(differences(a.all.ap50, b.all.ap50));
    CHECK(paired.low > 0);
    CHECK(paired.low < gain);
    CHECK(paired.high > gain);
    CHECK(paired.above_zero == 1);
    // The same draws for both: much shorter than the sum of the two intervals.
    const Interval of_a = interval_of(a.all.ap50);
    CHECK(paired.high - paired.low < 0.9 * (of_a.high - of_a.low));
    const Interval same = interval_of(differences(a.all.ap50, a.all.ap50));
    CHECK(same.low == 0);
    CHECK(same.high == 0);
    CHECK(same.above_zero == 0);
    const Interval reversed = interval_of(differences(b.all.ap50, a.all.ap50));
    CHECK(reversed.above_zero == 0);
    CHECK(reversed.high < 0);
  }
}
