// A farm without pictures: 10,000 tasks that fail in all the ways tasks do, with the code that
// begins, commits and finishes chunks. ORRERY_SIMULATED_SAMPLES says how many samples instead of
// 1,000,000.

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "generator/dataset.hpp"
#include "scenes/random.hpp"
#include "scenes/sha256.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kTasks = 10000;

std::uint64_t simulated_samples() {
  const char* said = std::getenv("ORRERY_SIMULATED_SAMPLES");
  return said == nullptr ? 1000000 : std::strtoull(said, nullptr, 10);
}

DatasetPlan simulated_plan(std::uint64_t count) {
  return {{{"what", "a simulation"}}, "recipe", 7, count, count / kTasks, {"ball", "box"}};
}

/// A sample whose picture is known by its hash alone.
Sample recorded_sample(std::uint64_t index) {
  const std::string name = "images/" + std::to_string(index) + ".jpg";
  const std::string text = "picture " + std::to_string(index);
  Sample sample;
  sample.index = index;
  sample.manifest = {{"index", index},
                     {"files", {{name, sha256_hex(std::as_bytes(std::span(text)))}}},
                     {"lineage", {{{"kind", "model"}, {"name", "ball"}, {"sha256", "b"}}}}};
  sample.coco.image = {{"id", index + 1}, {"file_name", name}, {"width", 640}, {"height", 480}};
  const auto class_id = static_cast<std::uint32_t>(index % 2);
  sample.coco.annotations.push_back({{"image_id", index + 1},
                                     {"category_id", class_id + 1},
                                     {"bbox", {1.5, 2.5, 40.0, 30.0}},
                                     {"area", 1200.0},
                                     {"iscrowd", 0}});
  sample.ledger[class_id] = {1, 1, {}};
  return sample;
}

/// What becomes of an attempt at a task.
enum class Fortune { succeeds, never_starts, dies_young, dies_writing, comes_twice };

Fortune fortune_of(std::uint64_t task, std::uint64_t round) {
  Rng rng(round, task, "fortune");
  const double drawn = rng.unit();
  if (drawn < 0.05) return Fortune::never_starts;
  if (drawn < 0.15) return Fortune::dies_young;
  if (drawn < 0.25) return Fortune::dies_writing;
  if (drawn < 0.35) return Fortune::comes_twice;
  return Fortune::succeeds;
}

void make_task(const fs::path& folder, const DatasetPlan& plan, std::uint64_t task, Fortune fortune,
               const std::vector<Sample>& samples) {
  if (fortune == Fortune::never_starts) return;
  ChunkChoice share;
  share.runs = {{task, task}};
  Dataset dataset(folder, plan, share);
  if (dataset.has(task)) return;
  if (fortune == Fortune::dies_young || fortune == Fortune::dies_writing) {
    // As on another host, whose processes nobody here can tell alive from dead.
    const fs::path aside =
        folder / ".chunks" /
        (std::to_string(task) + ".elsewhere-7-" + std::to_string(samples.size()) + "abc");
    fs::create_directories(aside);
    if (fortune == Fortune::dies_writing) std::ofstream(aside / "record") << "{\"chunk\": ";
    return;
  }
  const auto sign = dataset.begin(task);
  if (fortune == Fortune::comes_twice) {
    Dataset other(folder, plan, share);
    other.commit(task, samples, {"device", "driver", "uuid-1", 2});
  }
  dataset.commit(task, samples, {"device", "driver", "uuid-2", 2});
}

/// Rounds until nothing is missing.
int farmed(const fs::path& folder, const DatasetPlan& plan) {
  int rounds = 0;
  std::vector<std::uint64_t> missing;
  for (std::uint64_t task = 0; task < kTasks; ++task) missing.push_back(task);
  while (!missing.empty()) {
    for (const std::uint64_t task : missing) {
      std::vector<Sample> samples;
      const IndexRun run = indices_of(plan, task);
      for (std::uint64_t i = run.first; i < run.last; ++i) samples.push_back(recorded_sample(i));
      make_task(folder, plan, task, fortune_of(task, static_cast<std::uint64_t>(rounds)), samples);
    }
    missing = Dataset(folder, plan).missing();
    ++rounds;
  }
  return rounds;
}

}  // namespace

TEST_SUITE("simulation") {
  TEST_CASE("10,000 tasks that fail in every way leave the one hash, finished in bounded memory") {
    using Clock = std::chrono::steady_clock;
    const TemporaryFolder scratch;
    const DatasetPlan plan = simulated_plan(simulated_samples());
    REQUIRE(plan.chunk_size > 0);
    const auto start = Clock::now();
    const int rounds = farmed(scratch.path / "farm", plan);
    CHECK(rounds > 2);
    const auto farmed_at = Clock::now();
    const pid_t child = fork();  // so that what it holds is its own
    if (child == 0) {
      const std::string hash = Dataset(scratch.path / "farm", plan).finish();
      std::ofstream(scratch.path / "hash") << hash;
      _exit(0);
    }
    rusage used{};
    int status = 0;
    wait4(child, &status, 0, &used);
    REQUIRE(status == 0);
    const std::chrono::duration<double> farming = farmed_at - start;
    const std::chrono::duration<double> finishing = Clock::now() - farmed_at;
    Sha256 wanted;
    for (std::uint64_t i = 0; i < plan.count; ++i) {
      wanted.add(recorded_sample(i).manifest.dump() + "\n");
    }
    std::string hash;
    std::ifstream(scratch.path / "hash") >> hash;
    CHECK(hash == wanted.hex());
    const double megabytes = static_cast<double>(used.ru_maxrss) / 1024;
    CHECK(megabytes < 500);
    std::printf("%llu samples, %llu tasks, %d rounds in %.0f s; finish: %.0f s, %.0f MB\n",
                static_cast<unsigned long long>(plan.count),
                static_cast<unsigned long long>(kTasks), rounds, farming.count(), finishing.count(),
                megabytes);
  }
}
