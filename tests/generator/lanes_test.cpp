#include "generator/lanes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <new>

#include "generator/chunk_files.hpp"
#include "scenes/error.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::holds;
using orrery::testing::random_sample;
using orrery::testing::Scratch;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kLaneImages = 24;

/// What is thrown in place of a sample: by its index and substitute, and how often it was tried.
using Sabotage = std::function<void(std::uint64_t index, std::uint32_t substitute, int tries)>;

/// What lanes did in a run.
struct Seen {
  int opened = 0;
  std::map<std::uint64_t, int> tries;  // of each sample
  std::vector<SampleFailure> failures;
};

class FakeLane : public Lane {
 public:
  FakeLane(Seen& seen, const Sabotage& sabotage) : seen_(seen), sabotage_(sabotage) {
    ++seen_.opened;
  }
  void make(const IndexRun& indices, std::uint32_t substitute, const TakeSample& take) override {
    for (std::uint64_t i = indices.first; i < indices.last; ++i) {
      sabotage_(i, substitute, ++seen_.tries[i]);
      // Another draw is another sample, at the same place.
      Sample sample = random_sample(i);
      if (substitute > 0) sample.manifest["drawn"] = drawn_index(i, substitute);
      if (!take(std::move(sample))) return;
    }
  }
  std::vector<std::string> close(LaneCost&) const override { return {}; }

 private:
  Seen& seen_;
  const Sabotage& sabotage_;
};

DatasetPlan lane_plan() {
  return {{{"what", "a test"}}, "recipe", 7, kLaneImages, 4, {"ball", "box", "cone"}};
}

/// On one lane, so that `seen` needs no lock.
std::string filled(const fs::path& folder, Seen& seen, const Sabotage& sabotage,
                   OnFailure on_failure = OnFailure::stop, Machine machine = {}) {
  machine.lanes = 1;
  machine.on_failure = [&](const SampleFailure& failure) { seen.failures.push_back(failure); };
  Dataset dataset(folder, lane_plan());
  fill(
      dataset, machine, on_failure,
      [&](std::size_t) { return std::make_unique<FakeLane>(seen, sabotage); },
      [](std::uint64_t, std::uint64_t) {}, std::chrono::steady_clock::now());
  return dataset.finish();
}

void nothing(std::uint64_t, std::uint32_t, int) {}

template <class Body>
Error thrown_by(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return Error("");
}

Machine machine_with(std::uint64_t max_failures) {
  Machine machine;
  machine.max_failures = max_failures;
  return machine;
}

}  // namespace

TEST_SUITE("lanes") {
  TEST_CASE("what fails once and then does not leaves no trace in the dataset") {
    const Scratch scratch;
    Seen calm, shaken;
    const std::string hash = filled(scratch.path / "calm", calm, nothing);
    CHECK(calm.failures.empty());
    CHECK(calm.opened == 1);
    for (const Exit exit : {Exit::data, Exit::bug, Exit::unavailable}) {
      const fs::path folder = scratch.path / std::to_string(static_cast<int>(exit));
      shaken = {};
      const auto sabotage = [exit](std::uint64_t index, std::uint32_t, int tries) {
        if (index == 9 && tries == 1) throw Error("the lamp flickers", exit);
      };
      CHECK(filled(folder, shaken, sabotage) == hash);
      REQUIRE(shaken.failures.size() == 1);  // known only to be in that chunk
      CHECK(shaken.failures[0].fate == Fate::alone);
      CHECK(shaken.failures[0].chunk == 2);
      CHECK(!shaken.failures[0].sample);
      CHECK(shaken.failures[0].why == "the lamp flickers");
      CHECK(shaken.opened == 2);  // an exception leaves a lane of no use
    }
  }

  TEST_CASE("a sample that never succeeds is named with the way to see it, the rest is made") {
    const Scratch scratch;
    Seen seen;
    const Error error = thrown_by([&] {
      filled(scratch.path / "set", seen, [](std::uint64_t index, std::uint32_t, int) {
        if (index == 13) throw Error("the mesh has no end", Exit::bug);
      });
    });
    CHECK(error.exit() == Exit::bug);
    CHECK(holds(error.what(), "sample 13: the mesh has no end (tried 3 times"));
    CHECK(holds(error.what(), "orrery replay " + (scratch.path / "set").string() + " 13"));
    CHECK(Dataset(scratch.path / "set", lane_plan()).missing() == std::vector<std::uint64_t>{3});
    REQUIRE(seen.failures.size() == 4);
    CHECK(seen.failures[0].fate == Fate::alone);
    CHECK(seen.failures[1].fate == Fate::again);
    CHECK(seen.failures[3].fate == Fate::given_up);
    CHECK(seen.failures[3].sample == 13);
    CHECK(seen.failures[3].tries == 3);
  }

  TEST_CASE("more failures than are allowed end the run at once, fewer do not") {
    const Scratch scratch;
    const auto sabotage = [](std::uint64_t index, std::uint32_t, int) {
      if (index % 4 == 1) throw Error("it is dark", Exit::data);
    };
    Seen seen;
    const Error many =
        thrown_by([&] { filled(scratch.path / "a", seen, sabotage, {}, machine_with(6)); });
    CHECK(holds(many.what(), "sample 1: it is dark"));
    CHECK(holds(many.what(), "6 samples failed"));
    CHECK(seen.tries.contains(21));
    seen = {};
    const Error few =
        thrown_by([&] { filled(scratch.path / "b", seen, sabotage, {}, machine_with(1)); });
    CHECK(few.exit() == Exit::bug);  // of one sample, not of the recipe
    CHECK(seen.tries.contains(5));
    CHECK(!seen.tries.contains(8));
  }

  TEST_CASE("where nothing works at all, the first failure ends the run") {
    const Scratch scratch;
    Seen seen;
    const Error error = thrown_by([&] {
      filled(scratch.path / "set", seen,
             [](std::uint64_t, std::uint32_t, int) { throw Error("no light", Exit::data); });
    });
    CHECK(holds(error.what(), "sample 0: no light"));
    CHECK(error.exit() == Exit::data);
    CHECK(seen.tries.size() == 1);
  }

  TEST_CASE("a poison sample is replaced by the same other draw in every run, and counted") {
    const Scratch scratch;
    const auto sabotage = [](std::uint64_t index, std::uint32_t substitute, int) {
      if (index == 13 && substitute < 2) throw std::runtime_error("NaN");
      if (index == 0 && substitute < 1) throw Error("NaN", Exit::data);
    };
    Seen seen;
    const std::string hash =
        filled(scratch.path / "a", seen, sabotage, OnFailure::resample, machine_with(10));
    Seen again;
    CHECK(filled(scratch.path / "b", again, sabotage, OnFailure::resample) == hash);
    CHECK(filled(scratch.path / "c", again, nothing) != hash);
    const Json dataset = read_json(scratch.path / "a" / "dataset.json");
    CHECK(dataset.at("substitutes") == 2);
    const Json provenance = read_json(scratch.path / "a" / "provenance.json");
    CHECK(provenance.at("substitutes").dump() ==
          R"([{"sample":0,"draw":1},{"sample":13,"draw":2}])");
    CHECK(std::count_if(seen.failures.begin(), seen.failures.end(),
                        [](const SampleFailure& f) { return f.fate == Fate::replaced; }) == 3);
    CHECK(!read_json(scratch.path / "c" / "dataset.json").contains("substitutes"));
  }

  TEST_CASE("what is the machine's fault is tried again, never replaced") {
    const Scratch scratch;
    Seen seen;
    const Error gone = thrown_by([&] {
      filled(
          scratch.path / "a", seen,
          [](std::uint64_t index, std::uint32_t, int) {
            if (index == 5) throw Error("the device is lost", Exit::unavailable);
          },
          OnFailure::resample);
    });
    CHECK(gone.exit() == Exit::unavailable);
    CHECK(seen.tries[5] == 4);  // with its chunk, then by itself
    CHECK(!seen.tries.contains(8));
    seen = {};
    const Error memory = thrown_by([&] {
      filled(
          scratch.path / "b", seen,
          [](std::uint64_t index, std::uint32_t, int) {
            if (index == 5) throw std::bad_alloc();
          },
          OnFailure::resample);
    });
    CHECK(memory.exit() == Exit::unavailable);
    CHECK(holds(memory.what(), "out of memory"));
    seen = {};
    const Error disk = thrown_by([&] {
      filled(scratch.path / "c", seen, [](std::uint64_t index, std::uint32_t, int) {
        if (index == 5) throw Error("disk full", Exit::io);
      });
    });
    CHECK(disk.exit() == Exit::io);
    CHECK(seen.tries[5] == 2);
  }
}
