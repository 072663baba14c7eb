#include "generator/splits/probe.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "scenes/error.hpp"
#include "scenes/random.hpp"

using namespace orrery;

namespace {

/// A noisy picture of one of three things: a disc, a bar that stands, a bar that lies.
Image<Rgba8> thing(std::uint32_t kind, std::uint64_t index, double noise) {
  Rng rng(7, index, "test/thing");
  Image<Rgba8> picture(40, 40);
  const double cx = rng.uniform(17, 23);
  const double cy = rng.uniform(17, 23);
  const double ink = rng.uniform(60, 110);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 40; ++x) {
      const double dx = std::abs(x - cx);
      const double dy = std::abs(y - cy);
      const bool inside = kind == 0   ? dx * dx + dy * dy < 140
                          : kind == 1 ? dx < 5 && dy < 15
                                      : dx < 15 && dy < 5;
      const double value = (inside ? ink : 190) + noise * rng.normal();
      const auto byte = static_cast<std::uint8_t>(std::fmin(std::fmax(value, 0), 255));
      picture.at(x, y) = {byte, byte, byte, 255};
    }
  }
  return picture;
}

std::vector<ProbeCrop> things(std::uint64_t first, std::size_t count, bool shuffled) {
  Rng rng(8, first, "test/shuffled");
  std::vector<ProbeCrop> crops;
  for (std::size_t i = 0; i < count; ++i) {
    const auto kind = static_cast<std::uint32_t>(i % 3);
    const Image<Rgba8> picture = thing(kind, first + i, 12);
    crops.push_back({probe_features(picture, {0, 0, 40, 40}), shuffled ? rng.below(3) : kind});
  }
  return crops;
}

std::vector<const ProbeCrop*> pointers(const std::vector<ProbeCrop>& crops) {
  std::vector<const ProbeCrop*> out;
  for (const ProbeCrop& crop : crops) out.push_back(&crop);
  return out;
}

}  // namespace

TEST_SUITE("probe") {
  TEST_CASE("what can be told apart is learned, and labels without sense are not") {
    const std::vector<ProbeCrop> test = things(10000, 150, false);
    const std::vector<ProbeCrop> train = things(0, 120, false);
    const ProbeScore learned = score_of(CropProbe(pointers(train), {}), pointers(test), 3);
    CHECK(learned.crops == 150);
    CHECK(learned.accuracy > 0.95);
    CHECK(learned.mean_recall > 0.95);
    const std::vector<ProbeCrop> senseless = things(0, 120, true);
    const std::vector<ProbeCrop> senseless_test = things(10000, 150, true);
    const CropProbe guess(pointers(senseless), {});
    const ProbeScore guessed = score_of(guess, pointers(senseless_test), 3);
    MESSAGE("learned ", learned.accuracy, ", guessed ", guessed.accuracy);
    // Chance is 1/3; three standard deviations of 150 guesses are 0.115.
    CHECK(guessed.accuracy < 0.45);
    CHECK(guessed.mean_recall < 0.45);
  }

  TEST_CASE("the same crops give the same votes, and many learners more of them") {
    const std::vector<ProbeCrop> train = things(0, 60, false);
    ProbeSettings settings;
    settings.learners = 5;
    const CropProbe first(pointers(train), settings);
    const CropProbe second(pointers(train), settings);
    for (const ProbeCrop& crop : things(500, 30, false)) {
      const std::vector<double> votes = first.votes(crop);
      CHECK(votes == second.votes(crop));
      double sum = 0;
      for (const double vote : votes) {
        sum += vote;
        CHECK(std::abs(vote * 5 - std::round(vote * 5)) < 1e-9);
      }
      CHECK(sum == doctest::Approx(1));
    }
  }

  TEST_CASE("one label alone cannot be learned") {
    const std::vector<ProbeCrop> train = things(0, 1, false);
    CHECK_THROWS_AS(CropProbe(pointers(train), {}), Error);
    CHECK_THROWS_AS(CropProbe({}, {}), Error);
  }

  TEST_CASE("recall is by label, and labels that do not occur have none") {
    const std::vector<ProbeCrop> train = things(0, 60, false);
    const CropProbe probe(pointers(train), {});
    std::vector<ProbeCrop> test = things(900, 30, false);
    for (ProbeCrop& crop : test) {
      if (crop.label == 1) crop.label = 3;  // wrong on purpose
    }
    const ProbeScore score = score_of(probe, pointers(test), 4);
    CHECK(!score.recall.at(1).has_value());
    CHECK(score.recall.at(3) == 0.0);
    CHECK(score.recall.at(0).value() > 0.8);
    CHECK(score.mean_recall ==
          doctest::Approx((*score.recall[0] + *score.recall[2] + *score.recall[3]) / 3));
    CHECK(score_of(probe, {}, 4).accuracy == 0);
  }

  TEST_CASE("boxes of background touch no label, and lie in the picture") {
    std::size_t background = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      Rng rng(seed, 0, "test/boxes");
      LabelledImage image;
      image.name = "image" + std::to_string(seed);
      image.width = 200;
      image.height = 100;
      const std::uint32_t labels = rng.below(5);
      for (std::uint32_t i = 0; i < labels; ++i) {
        Label& label = image.labels.emplace_back();
        label.class_id = i;
        const double x = rng.uniform(-10, 150);
        const double y = rng.uniform(0, 80);
        label.box = {x, y, x + 30, y + 20};
        label.crowd = i == 3;
      }
      std::size_t instances = 0;
      for (const ProbeBox& box : probe_boxes(image, 1)) {
        if (box.label > 0) {
          ++instances;
          continue;
        }
        ++background;
        CHECK(box.box.x0 >= 0);
        CHECK(box.box.x1 <= 200);
        CHECK(box.box.y0 >= 0);
        CHECK(box.box.y1 <= 100);
        for (const Label& label : image.labels) {
          const bool apart = box.box.x1 <= label.box.x0 || label.box.x1 <= box.box.x0 ||
                             box.box.y1 <= label.box.y0 || label.box.y1 <= box.box.y0;
          CHECK(apart);
        }
      }
      CHECK(instances == std::min<std::size_t>(labels, 3));
    }
    CHECK(background > 100);
  }

  TEST_CASE("a box beyond the picture's edges is cut off, not refused") {
    const Image<Rgba8> picture = thing(0, 1, 5);
    const std::vector<float> inside = probe_features(picture, {0, 0, 40, 40});
    CHECK(inside.size() == 900 + 48);
    CHECK(probe_features(picture, {-20, -5, 60, 90}) == inside);
    CHECK(probe_features(picture, {60, 60, 70, 70}).size() == inside.size());
    CHECK(probe_features(picture, {0, 0, 0.1, 0.1}).size() == inside.size());
  }
}
