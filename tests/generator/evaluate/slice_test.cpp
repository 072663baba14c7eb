#include "generator/evaluate/slice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "generator/evaluate/evaluation.hpp"
#include "scenes/random.hpp"
#include "tests/generator/evaluate/truth_drafts.hpp"

using namespace orrery;
using orrery::testing::drafted_detections;
using orrery::testing::drafted_truth;

namespace {

/// Objects of many sizes and visibilities, images on two tracks.
GroundTruth varied_truth() {
  GroundTruth truth = drafted_truth(10);
  for (TruthObject& object : truth.objects) {
    Rng rng(1, static_cast<std::uint64_t>(object.id), "object");
    object.width = object.height = rng.uniform(4, 50);
    object.area = object.width * object.height;
    object.visible_fraction = rng.unit();
    object.truncation = rng.unit();
    object.hard = *object.visible_fraction < 0.25;
  }
  for (TestImage& image : truth.images) image.track = image.id % 3 == 0 ? "odd" : "even";
  return truth;
}

SliceResult result_of(const GroundTruth& truth, const Detections& found, const Slice& slice) {
  EvaluationParams params;
  params.slices = {slice};
  return evaluate(truth, found, params).slices.at(0);
}

void check_same(const Score& a, const Score& b) {
  CHECK(a.objects == b.objects);
  CHECK(std::abs(a.ap - b.ap) < 1e-12);
  CHECK(std::abs(a.ap50 - b.ap50) < 1e-12);
  CHECK(std::abs(a.ar - b.ar) < 1e-12);
}

}  // namespace

TEST_SUITE("evaluate: slices") {
  TEST_CASE("a slice of objects is the whole with all others ignored") {
    const GroundTruth truth = varied_truth();
    const Detections found = drafted_detections(truth, 0.7, 4);
    Slice seen;
    seen.visible_fraction = Bounds{0.5, 1};
    Slice cut;
    cut.truncation = Bounds{0, 0.2};
    Slice hard;
    hard.hard = true;
    for (const Slice& slice : {seen, cut, hard}) {
      GroundTruth ignoring = truth;
      std::uint64_t inside = 0;
      for (TruthObject& object : ignoring.objects) {
        object.ignored = !slice.holds(object);
        inside += object.ignored ? 0 : 1;
      }
      CHECK(inside > 3);
      CHECK(inside < truth.objects.size());
      const SliceResult result = result_of(truth, found, slice);
      CHECK(result.score.objects == inside);
      check_same(result.score, result_of(ignoring, found, {}).score);
    }
  }

  TEST_CASE("a slice of images is the evaluation of those images alone") {
    const GroundTruth truth = varied_truth();
    const Detections found = drafted_detections(truth, 0.7, 4);
    Slice odd;
    odd.track = "odd";
    GroundTruth only = truth;
    const auto outside = [&](const Region& region) {
      return truth.images[region.image].track != "odd";
    };
    only.objects.erase(std::remove_if(only.objects.begin(), only.objects.end(), outside),
                       only.objects.end());
    Detections found_there = found;
    found_there.items.erase(
        std::remove_if(found_there.items.begin(), found_there.items.end(), outside),
        found_there.items.end());
    const SliceResult result = result_of(truth, found, odd);
    CHECK(result.images == 10);
    check_same(result.score, result_of(only, found_there, {}).score);
    CHECK(result.score.ap50 != result_of(truth, found, {}).score.ap50);
  }

  TEST_CASE("slices by area are COCO's, and what matches nothing counts only inside the range") {
    const GroundTruth truth = varied_truth();
    const Detections found = drafted_detections(truth, 0.7, 4);
    EvaluationParams params;
    params.slices = coco_slices(Overlap::bbox);
    const Evaluation evaluation = evaluate(truth, found, params);
    const auto stat = [&](const std::string& name) {
      return std::find_if(evaluation.stats.begin(), evaluation.stats.end(),
                          [&](const StatLine& line) { return line.name == name; })
          ->value;
    };
    CHECK(evaluation.slices.at(1).score.ap == stat("AP_small"));
    CHECK(evaluation.slices.at(2).score.ap == stat("AP_medium"));
    CHECK(evaluation.slices.at(2).score.ar == stat("AR_medium"));

    GroundTruth one = drafted_truth(1);
    one.objects.resize(1);
    Detections two;
    two.items.resize(2);
    static_cast<Region&>(two.items[0]) = one.objects[0];
    static_cast<Region&>(two.items[1]) = one.objects[0];
    two.items[0].score = 0.5;
    two.items[1].score = 0.9;
    two.items[1].y = 200;  // a false one, first
    Slice slice;
    CHECK(result_of(one, two, slice).score.ap50 == doctest::Approx(0.5));
    slice.area = {300, 500};
    CHECK(result_of(one, two, slice).score.ap50 == doctest::Approx(0.5));
    two.items[1].area = 600;
    CHECK(result_of(one, two, slice).score.ap50 == doctest::Approx(1));
  }

  TEST_CASE("an object that does not say how visible it is lies in no slice of visibility") {
    TruthObject object;
    Slice slice;
    CHECK(slice.holds(object));
    slice.visible_fraction = Bounds{0, 1};
    CHECK_FALSE(slice.holds(object));
    object.visible_fraction = 1;
    CHECK(slice.holds(object));
    slice.hard = false;
    CHECK_FALSE(slice.holds(object));
  }

  TEST_CASE("there are slices for what the truth tells, and bins of sides share every object") {
    GroundTruth truth = drafted_truth(2);
    CHECK(finer_slices(truth).size() == 7);
    truth = varied_truth();
    truth.images[0].fold = 3;
    const std::vector<Slice> slices = finer_slices(truth);
    CHECK(slices.size() == 7 + 4 + 2 + 2 + 1);
    CHECK(slices.back().name == "fold 3");
    for (const TruthObject& object : truth.objects) {
      const auto bins = std::count_if(slices.begin(), slices.begin() + 7,
                                      [&](const Slice& s) { return s.holds(object); });
      CHECK(bins == 1);
    }
  }
}
