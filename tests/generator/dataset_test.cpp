#include "generator/dataset.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"
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

constexpr std::uint64_t kCount = 23;

DatasetPlan plan_of(std::uint64_t chunk_size) {
  return {{{"what", "a test"}}, "recipe", 7, kCount, chunk_size, {"ball", "box", "cone"}};
}

std::vector<Sample> samples_of(const IndexRun& run) {
  std::vector<Sample> samples;
  for (std::uint64_t i = run.first; i < run.last; ++i) samples.push_back(random_sample(i));
  return samples;
}

std::string make(const fs::path& folder, std::uint64_t chunk_size, bool backwards = false) {
  Dataset dataset(folder, plan_of(chunk_size));
  for (std::uint64_t i = 0; i < dataset.chunks(); ++i) {
    const std::uint64_t chunk = backwards ? dataset.chunks() - 1 - i : i;
    if (!dataset.has(chunk)) dataset.commit(chunk, samples_of(dataset.indices(chunk)));
  }
  return dataset.finish();
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// Every file of a dataset, with its hash, but for the one that says who made it.
std::set<std::string> contents(const fs::path& folder) {
  std::set<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory() || entry.path().filename() == "provenance.json") continue;
    files.insert(fs::relative(entry.path(), folder).string() + " " + sha256_of_file(entry.path()));
  }
  return files;
}

/// Runs `body` in a process of its own; its exit status is that of the Error it throws, or 0.
template <class Body>
pid_t start(Body&& body) {
  const pid_t child = fork();
  if (child != 0) return child;
  try {
    body();
  } catch (const Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    _exit(static_cast<int>(e.exit()));
  }
  _exit(0);
}

int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_SUITE("dataset") {
  TEST_CASE("chunk sizes, orders and threads leave no trace in any file") {
    const Scratch scratch;
    const std::string hash = make(scratch.path / "a", 64);
    const std::set<std::string> files = contents(scratch.path / "a");
    CHECK(files.size() == 2 * kCount + 3);
    CHECK(hash == sha256_of_file(scratch.path / "a" / "manifest.jsonl"));
    CHECK(make(scratch.path / "b", 1) == hash);
    CHECK(contents(scratch.path / "b") == files);
    CHECK(make(scratch.path / "c", 5, true) == hash);
    CHECK(contents(scratch.path / "c") == files);
    Dataset dataset(scratch.path / "d", plan_of(2));
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
      threads.emplace_back([&dataset, t] {  // every chunk comes twice
        for (std::uint64_t i = 0; i < dataset.chunks(); ++i) {
          if (i % 2 == t % 2) dataset.commit(i, samples_of(dataset.indices(i)));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(dataset.finish() == hash);
    CHECK(contents(scratch.path / "d") == files);
  }

  TEST_CASE("killed at any instant and started again, the dataset is the same") {
    const Scratch scratch;
    const std::string hash = make(scratch.path / "whole", 4);
    const std::set<std::string> files = contents(scratch.path / "whole");
    Rng rng(1, 0, "kills");
    int kills = 0;
    constexpr int kWanted = 20;
    using Clock = std::chrono::steady_clock;
    const auto start_of_run = Clock::now();
    CHECK(status_of(start([&] { make(scratch.path / "timed", 4); })) == 0);
    const std::chrono::duration<double, std::micro> run = Clock::now() - start_of_run;
    // How many lives end in time depends on the machine: go on until enough were killed.
    for (int round = 0; round < 60 && kills < kWanted; ++round) {
      const fs::path folder = scratch.path / ("killed" + std::to_string(round));
      // What earlier lives finished is kept, so short lives reach every part of a run.
      for (int life = 0; life < 12; ++life) {
        const std::uint64_t chunk_size = 1 + rng.below(6);
        const pid_t child = start([&] { make(folder, chunk_size); });
        usleep(static_cast<useconds_t>(rng.uniform(0, 0.5) * run.count()));
        kill(child, SIGKILL);
        const int status = status_of(child);
        CHECK((status == 0 || status == -SIGKILL));
        kills += status == -SIGKILL;
      }
      CHECK(make(folder, 3) == hash);
      CHECK(contents(folder) == files);
    }
    CHECK(kills >= kWanted);
  }

  TEST_CASE("processes that make the same dataset at once all succeed") {
    const Scratch scratch;
    const std::string hash = make(scratch.path / "alone", 4);
    for (int round = 0; round < 4; ++round) {
      const fs::path folder = scratch.path / ("shared" + std::to_string(round));
      std::vector<pid_t> children;
      for (std::uint64_t i = 0; i < 4; ++i) {
        children.push_back(start([&] { make(folder, 1 + i, i % 2 == 1); }));
      }
      for (const pid_t child : children) CHECK(status_of(child) == 0);
      const Dataset dataset(folder, plan_of(9));
      CHECK(dataset.finished() == hash);
      CHECK(contents(folder) == contents(scratch.path / "alone"));
    }
  }

  TEST_CASE("a full disk is one clear error, and what was stored is kept") {
    const Scratch scratch;
    const fs::path folder = scratch.path / "full";
    {
      Dataset dataset(folder, plan_of(4));
      dataset.commit(0, samples_of(dataset.indices(0)));
    }
    const pid_t child = start([&] {
      signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{100, 100};
      setrlimit(RLIMIT_FSIZE, &limit);
      make(folder, 4);
    });
    CHECK(status_of(child) == static_cast<int>(Exit::io));
    CHECK(Dataset(folder, plan_of(4)).has(0));
    CHECK(make(folder, 4) == make(scratch.path / "other", 4));
  }

  TEST_CASE("a continued dataset keeps its chunk size") {
    const Scratch scratch;
    {
      Dataset dataset(scratch.path / "a", plan_of(4));
      dataset.commit(1, samples_of(dataset.indices(1)));
    }
    const Dataset dataset(scratch.path / "a", plan_of(10));
    CHECK(dataset.chunk_size() == 4);
    CHECK(!dataset.has(0));
    CHECK(dataset.has(1));
    CHECK(make(scratch.path / "a", 10) == make(scratch.path / "b", 10));
  }

  TEST_CASE("a finished dataset says so and is left alone") {
    const Scratch scratch;
    const std::string hash = make(scratch.path, 8);
    const std::set<std::string> files = contents(scratch.path);
    Dataset dataset(scratch.path, plan_of(3));
    CHECK(dataset.finished() == hash);
    CHECK(dataset.has(0));
    CHECK(dataset.finish() == hash);
    CHECK(contents(scratch.path) == files);
  }

  TEST_CASE("another recipe, seed, count or taxonomy is refused by name, finished or not") {
    const Scratch scratch;
    for (const bool finished : {false, true}) {
      if (finished) make(scratch.path, 8);
      const Dataset same(scratch.path, plan_of(8));
      const auto refusal = [&](auto change) {
        DatasetPlan plan = plan_of(8);
        change(plan);
        return error_of([&] { Dataset(scratch.path, plan); }, Exit::data);
      };
      CHECK(holds(refusal([](auto& p) { p.recipe_hash = "x"; }), "recipe_hash is \"recipe\""));
      CHECK(holds(refusal([](auto& p) { p.seed = 8; }), "seed is 7, this run's is 8"));
      CHECK(holds(refusal([](auto& p) { p.count = 24; }), "count is 23"));
      CHECK(holds(refusal([](auto& p) { p.classes.pop_back(); }), "classes is "));
    }
  }

  TEST_CASE("a folder with anything else in it is refused, naming it, and not touched") {
    const Scratch scratch;
    std::ofstream(scratch.path / "thesis.tex") << "mine";
    const std::string message = error_of([&] { Dataset(scratch.path, plan_of(8)); }, Exit::data);
    CHECK(holds(message, "thesis.tex"));
    CHECK(contents(scratch.path).size() == 1);
  }

  TEST_CASE("what a dead process left is removed, what a living one writes is not") {
    const Scratch scratch;
    const Dataset started(scratch.path, plan_of(8));
    const pid_t child = start(
        [&] { fs::create_directory(scratch.path / ".chunks" / ("00000001." + unique_name())); });
    CHECK(status_of(child) == 0);
    const fs::path ours = scratch.path / ".chunks" / ("00000002." + unique_name());
    fs::create_directory(ours);
    const Dataset continued(scratch.path, plan_of(8));
    std::set<fs::path> left;
    for (const auto& entry : fs::directory_iterator(scratch.path / ".chunks")) {
      left.insert(entry.path());
    }
    CHECK(left == std::set<fs::path>{ours, scratch.path / ".chunks" / "plan.json"});
  }

  TEST_CASE("a missing chunk, a missing image and samples of another chunk are named") {
    const Scratch scratch;
    Dataset dataset(scratch.path, plan_of(8));
    dataset.commit(0, samples_of(dataset.indices(0)));
    dataset.commit(2, samples_of(dataset.indices(2)));
    CHECK(holds(error_of([&] { dataset.finish(); }, Exit::bug), "chunk 1 of 3 is missing"));
    CHECK(holds(error_of(
                    [&] {
                      dataset.commit(1, samples_of({0, 8}));
                    },
                    Exit::bug),
                "not 8 to 16"));
    dataset.commit(1, samples_of(dataset.indices(1)));
    fs::remove(scratch.path / "images" / "00000009.png");
    CHECK(holds(error_of([&] { dataset.finish(); }, Exit::io), "00000009.png"));
  }

  TEST_CASE("a chunk that lost a file or half its record is made again, the others are kept") {
    const Scratch scratch;
    const std::string hash = make(scratch.path / "whole", 8);
    const fs::path folder = scratch.path / "damaged";
    {
      Dataset dataset(folder, plan_of(4));
      for (std::uint64_t i = 0; i < dataset.chunks(); ++i) {
        dataset.commit(i, samples_of(dataset.indices(i)));
      }
      CHECK(dataset.damaged() == 0);
    }
    fs::remove(folder / "images" / "00000001.png");
    fs::resize_file(folder / "ids" / "00000009.png", 0);
    fs::resize_file(folder / ".chunks" / "00000003.jsonl",
                    fs::file_size(folder / ".chunks" / "00000003.jsonl") / 2);
    fs::resize_file(folder / ".chunks" / "00000004.jsonl", 0);
    Dataset dataset(folder, plan_of(4));
    CHECK(dataset.damaged() == 4);
    std::string kept;
    for (std::uint64_t i = 0; i < dataset.chunks(); ++i) kept += dataset.has(i) ? '1' : '0';
    CHECK(kept == "010001");
    CHECK(make(folder, 4) == hash);
    CHECK(contents(folder) == contents(scratch.path / "whole"));
  }

  TEST_CASE("a ledger that does not balance names the class and both numbers") {
    for (int tamper = 0; tamper < 3; ++tamper) {
      const Scratch scratch;
      Dataset dataset(scratch.path, plan_of(64));
      std::vector<Sample> samples = samples_of(dataset.indices(0));
      if (tamper == 0) ++samples[5].ledger[1].placed;
      if (tamper == 1) ++samples[5].ledger[1].placed, ++samples[5].ledger[1].labelled;
      if (tamper == 2) ++samples[5].ledger[3].placed;
      dataset.commit(0, samples);
      const std::string message = error_of([&] { dataset.finish(); }, Exit::bug);
      CHECK(holds(message, tamper == 2 ? "class 3" : "class \"box\""));
      CHECK(!fs::exists(scratch.path / "dataset.json"));
    }
  }

  TEST_CASE("the ledger on disk adds up to what was placed") {
    const Scratch scratch;
    make(scratch.path, 8);
    const Json dataset = Json::parse(text_of(scratch.path / "dataset.json"));
    std::uint64_t placed = 0;
    for (std::uint64_t i = 0; i < kCount; ++i) placed += 1 + i % 6;
    std::uint64_t sum = 0;
    for (const Json& line : dataset.at("ledger")) {
      std::uint64_t dropped = 0;
      for (const Json& n : line.at("dropped")) dropped += n.get<std::uint64_t>();
      CHECK(line.at("placed") == line.at("labelled").get<std::uint64_t>() + dropped);
      CHECK(line.at("written") == line.at("labelled"));
      CHECK(line.at("reread") == line.at("labelled"));
      sum += line.at("placed").get<std::uint64_t>();
    }
    CHECK(sum == placed);
  }

  TEST_CASE("a manifest line tells the sample's files, objects and lineage, and no place or time") {
    const Scratch scratch;
    make(scratch.path, 8);
    std::ifstream in(scratch.path / "manifest.jsonl");
    std::uint64_t index = 0;
    for (std::string line; std::getline(in, line); ++index) {
      const Json json = Json::parse(line);
      CHECK(json.at("index") == index);
      CHECK(json.at("seed") == 7);
      CHECK(json.at("recipe_hash") == "recipe");
      for (const auto& [path, hash] : json.at("files").items()) {
        CHECK(sha256_of_file(scratch.path / path) == hash.get<std::string>());
      }
      CHECK(json.at("objects").size() == 1 + index % 6);
      for (const Json& object : json.at("objects")) {
        CHECK(object.at("model") == "thing");
        CHECK(object.contains("visible_box") != object.contains("dropped"));
      }
      CHECK(json.at("lineage").at(0) ==
            Json({{"kind", "model"}, {"name", "thing"}, {"sha256", "aa"}}));
      CHECK(json.at("scene").at("sky").at("name") == "overcast");
      for (const char* word : {"chunk", "lane", "host", "time"}) CHECK(!holds(line, word));
    }
    CHECK(index == kCount);
  }

  TEST_CASE("a file that cannot be written names its path and the reason, and leaves nothing") {
    const Scratch scratch;
    std::ofstream(scratch.path / "file") << "x";
    const std::vector<std::byte> bytes(10);
    const std::string message =
        error_of([&] { write_whole_file(scratch.path / "file" / "under", bytes); }, Exit::io);
    CHECK(holds(message, "under"));
    CHECK(holds(message, "Not a directory"));
    fs::create_directory(scratch.path / "folder");
    error_of([&] { write_whole_file(scratch.path / "folder", bytes); }, Exit::io);
    CHECK(contents(scratch.path).size() == 1);
    write_whole_file(scratch.path / "file", bytes);
    CHECK(fs::file_size(scratch.path / "file") == 10);
  }
}
