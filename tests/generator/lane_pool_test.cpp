#include "generator/lane_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <set>

#include "scenes/error.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::holds;
using orrery::testing::random_sample;

namespace {

using namespace std::chrono_literals;

/// Called before each sample is made.
using Disturb = std::function<void(std::uint64_t index, std::uint32_t substitute)>;

class PoolLane : public Lane {
 public:
  explicit PoolLane(const Disturb& disturb) : disturb_(disturb) {}
  void make(const IndexRun& indices, std::uint32_t substitute, const TakeSample& take) override {
    for (std::uint64_t i = indices.first; i < indices.last; ++i) {
      disturb_(i, substitute);
      if (!take(random_sample(i))) return;
    }
  }
  std::vector<std::string> close(LaneCost&) const override { return {}; }

 private:
  const Disturb& disturb_;
};

class PoolMaker : public SampleMaker {
 public:
  explicit PoolMaker(Disturb disturb, OnFailure on_failure = OnFailure::stop)
      : disturb_(std::move(disturb)), on_failure_(on_failure) {}
  DatasetPlan plan() const override { return {}; }
  OnFailure on_failure() const override { return on_failure_; }
  std::unique_ptr<Lane> open_lane(std::size_t) const override {
    ++opened;
    return std::make_unique<PoolLane>(disturb_);
  }
  mutable std::atomic<int> opened{0};

 private:
  const Disturb disturb_;
  const OnFailure on_failure_;
};

Machine machine_of(unsigned lanes) {
  Machine machine;
  machine.lanes = lanes;
  return machine;
}

void undisturbed(std::uint64_t, std::uint32_t) {}

std::vector<std::uint64_t> indices_made(LanePool& pool, LanePool::Job job) {
  std::vector<std::uint64_t> indices;
  while (const auto sample = pool.next(job)) indices.push_back(sample->index);
  return indices;
}

}  // namespace

TEST_SUITE("lane pool") {
  TEST_CASE("jobs give their samples in order, whichever is taken first and on how many lanes") {
    for (const unsigned lanes : {1U, 3U}) {
      const PoolMaker maker(undisturbed);
      LanePool pool(maker, machine_of(lanes));
      CHECK(pool.lanes() == lanes);
      CHECK(maker.opened == 0);
      std::vector<LanePool::Job> jobs;
      for (std::uint64_t k = 0; k < 20; ++k) jobs.push_back(pool.submit({3 * k, 3 * k + 3}));
      for (std::uint64_t k = 20; k-- > 0;) {
        CHECK(indices_made(pool, jobs[k]) ==
              std::vector<std::uint64_t>{3 * k, 3 * k + 1, 3 * k + 2});
      }
      CHECK(maker.opened >= 1);
      CHECK(maker.opened <= static_cast<int>(lanes));
      CHECK_FALSE(pool.next(pool.submit({7, 7})));
      CHECK_FALSE(pool.next(jobs[0]));
    }
  }

  TEST_CASE("a sample that is given up on is thrown in its place, and those after it are made") {
    const PoolMaker maker([](std::uint64_t index, std::uint32_t) {
      if (index == 5) throw Error("the mesh has no end", Exit::bug);
    });
    LanePool pool(maker, machine_of(1));
    const LanePool::Job job = pool.submit({4, 8});
    CHECK(pool.next(job)->index == 4);
    try {
      pool.next(job);
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(holds(error.what(), "sample 5: the mesh has no end (tried 3 times)"));
      CHECK(error.exit() == Exit::bug);
    }
    CHECK(indices_made(pool, job) == std::vector<std::uint64_t>{6, 7});
  }

  TEST_CASE("where a recipe says so another draw takes the place of one that fails") {
    const PoolMaker maker(
        [](std::uint64_t index, std::uint32_t substitute) {
          if (index == 5 && substitute < 2) throw Error("it is dark", Exit::data);
        },
        OnFailure::resample);
    LanePool pool(maker, machine_of(1));
    const LanePool::Job job = pool.submit({5, 6});
    const auto sample = pool.next(job);
    REQUIRE(sample);
    CHECK(sample->substitute == 2);
    CHECK(sample->manifest.at("substitute") == 2);
  }

  TEST_CASE("a lane that hangs does not keep others waiting, and waiting has an end") {
    std::atomic<bool> hang{true};
    const PoolMaker maker([&](std::uint64_t index, std::uint32_t) {
      while (index == 0 && hang) std::this_thread::sleep_for(1ms);
    });
    LanePool pool(maker, machine_of(2));
    const LanePool::Job first = pool.submit({0, 1});
    const LanePool::Job second = pool.submit({1, 2});
    CHECK(pool.next(second)->index == 1);
    CHECK_FALSE(pool.wait(first, 20ms));
    hang = false;
    CHECK(pool.next(first)->index == 0);
  }

  TEST_CASE("what is forgotten is not made, and a pool with work left ends") {
    std::atomic<int> made{0};
    std::atomic<bool> hold{true};
    {
      const PoolMaker maker([&](std::uint64_t, std::uint32_t) {
        ++made;
        while (hold) std::this_thread::sleep_for(1ms);
      });
      LanePool pool(maker, machine_of(1));
      const LanePool::Job job = pool.submit({0, 100});
      const LanePool::Job other = pool.submit({100, 200});
      while (made == 0) std::this_thread::sleep_for(1ms);
      pool.forget(job);
      pool.forget(other);
      CHECK_FALSE(pool.next(other));
      pool.submit({200, 300});
      hold = false;
    }
    CHECK(made < 100);
  }
}
