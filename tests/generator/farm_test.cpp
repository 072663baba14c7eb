#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <set>

#include "generator/dataset.hpp"
#include "generator/dataset_status.hpp"
#include "scenes/sha256.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::error_of;
using orrery::testing::holds;
using orrery::testing::random_sample;
using orrery::testing::Scratch;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kFarmImages = 103;

DatasetPlan farm_plan() {
  return {{{"what", "a farm"}}, "recipe", 7, kFarmImages, 4, {"ball", "box", "cone"}};
}

std::vector<Sample> farm_samples(const IndexRun& run) {
  std::vector<Sample> samples;
  for (std::uint64_t i = run.first; i < run.last; ++i) samples.push_back(random_sample(i));
  return samples;
}

/// One attempt at a share: it ends after `most` chunks, as tasks do that are killed.
void attempt(const fs::path& folder, const ChunkChoice& share, std::uint64_t most) {
  Dataset dataset(folder, farm_plan(), share);
  for (std::uint64_t chunk = 0; chunk < dataset.chunks() && most > 0; ++chunk) {
    if (!share.holds(chunk) || dataset.has(chunk)) continue;
    const auto sign = dataset.begin(chunk);
    dataset.commit(chunk, farm_samples(dataset.indices(chunk)), {"device", "driver", "uuid", 2});
    --most;
  }
}

std::string whole_hash(const fs::path& folder) {
  attempt(folder, {}, kFarmImages);
  return Dataset(folder, farm_plan()).finish();
}

}  // namespace

TEST_SUITE("farm") {
  TEST_CASE("tasks that die, come twice and change their number leave the one hash") {
    const Scratch scratch;
    const std::string hash = whole_hash(scratch.path / "whole");
    for (std::uint64_t round = 0; round < 20; ++round) {
      CAPTURE(round);
      Rng rng(round, 0, "farm");
      const fs::path folder = scratch.path / std::to_string(round);
      for (int life = 0; life < 12; ++life) {  // another number of tasks each time
        ChunkChoice share;
        share.shards = 1 + rng.below(9);
        share.shard = rng.below(static_cast<std::uint32_t>(share.shards));
        attempt(folder, share, rng.below(4));
      }
      ChunkChoice rest;
      const std::string missing = text_of_chunks(Dataset(folder, farm_plan()).missing());
      if (!missing.empty()) choose_chunks(rest, missing);
      attempt(folder, rest, kFarmImages);
      Dataset dataset(folder, farm_plan());
      REQUIRE(dataset.missing().empty());
      CHECK(dataset.finish() == hash);
    }
  }

  TEST_CASE("a plan on disk is the plan, so that whoever finishes needs no recipe file") {
    DatasetPlan plan = farm_plan();
    plan.panoptic = true;
    plan.keypoints = {{}, {{{"left"}, {"right"}}, {{"left", "right"}}, {{"left", "right"}}}, {}};
    const DatasetPlan back = dataset_plan_from_json(json_from(plan), "test");
    CHECK(json_from(back) == json_from(plan));
    CHECK(back.keypoints[1].points[1].name == "right");
    Json lacking = json_from(plan);
    lacking.erase("seed");
    CHECK(holds(error_of([&] { dataset_plan_from_json(lacking, "plan.json"); }), "plan.json"));
  }

  TEST_CASE("status tells what is done, being made, failed and slow") {
    const Scratch scratch;
    CHECK(holds(error_of([&] { dataset_status(scratch.path); }), "no dataset was begun here"));
    ChunkChoice share;
    choose_chunks(share, "0-9");
    attempt(scratch.path, share, kFarmImages);
    const Dataset dataset(scratch.path, farm_plan());
    const auto sign = dataset.begin(11);
    dataset.note_failure(12, "device lost");
    dataset.note_failure(12, "device lost");
    dataset.note_failure(3, "of a chunk that another attempt has made");
    const DatasetStatus status = dataset_status(scratch.path);
    CHECK(status.images == kFarmImages);
    CHECK(status.images_done == 40);
    CHECK(status.chunks == 26);
    CHECK(status.chunks_done == 10);
    CHECK(status.running == 1);
    CHECK(status.failed == std::map<std::string, std::uint64_t>{{"device lost", 2}});
    CHECK(status.devices == std::map<std::string, std::uint64_t>{{"device, driver", 10}});
    CHECK(status.rate > 0);
    CHECK(status.rate <= 20);  // 40 images in the 2 s that the first chunk says it took, and more
    CHECK(status.seconds_left == doctest::Approx(63 / status.rate));
    CHECK(status.slowest == 2);
    CHECK(!status.hash);
    attempt(scratch.path, {}, kFarmImages);
    const std::string hash = Dataset(scratch.path, farm_plan()).finish();
    CHECK(dataset_status(scratch.path).hash == hash);
  }

  TEST_CASE("a chunk of another recipe, seed or version is refused by its name") {
    for (const char* key : {"recipe_hash", "seed", "tool"}) {
      CAPTURE(key);
      const Scratch scratch;
      attempt(scratch.path, {}, kFarmImages);
      const fs::path record = scratch.path / ".chunks" / "00000005.jsonl";
      std::ifstream in(record);
      std::string line;
      std::getline(in, line);
      Json origin = Json::parse(line);
      REQUIRE(origin.contains(key));
      origin[key] = key == std::string("seed") ? Json(8) : Json("another");
      const std::string rest{std::istreambuf_iterator<char>(in), {}};
      std::ofstream(record) << origin.dump() << "\n" << rest;
      const std::string text = error_of([&] { Dataset(scratch.path, farm_plan()).finish(); });
      CHECK(holds(text, "00000005.jsonl: its " + std::string(key) + " is "));
      CHECK(!fs::exists(scratch.path / "dataset.json"));
    }
  }
}
