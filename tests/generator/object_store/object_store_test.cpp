#include "generator/object_store/object_store.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>

#include "generator/dataset.hpp"
#include "generator/object_store/run_program.hpp"
#include "generator/object_store/scratch_folder.hpp"
#include "generator/object_store/store_commands.hpp"
#include "generator/stored_file.hpp"
#include "scenes/error.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::error_of;
using orrery::testing::holds;
using orrery::testing::random_sample;
using orrery::testing::Scratch;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kStoredCount = 23;
constexpr const char* kSecret = "a-secret-of-the-test";

/// A variable of the environment, as it was when this ends.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      setenv(name_, before_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

/// A store that is a folder, behind rclone itself.
struct FolderStore {
  Scratch scratch;
  fs::path log = scratch.path / "log";
  fs::path place = scratch.path / "scratch";
  StoreAddress address{"bucket", "some/set"};
  fs::path content = scratch.path / "store/bucket/some/set";
  Variable path{"PATH", (scratch.path / "bin").string() + ":/usr/bin:/bin"};
  Variable folder{"STORE_FOLDER", (scratch.path / "store").string()};
  Variable told{"STORE_LOG", log.string()};
  Variable key{"AWS_ACCESS_KEY_ID", "somebody"};
  Variable secret{"AWS_SECRET_ACCESS_KEY", kSecret};

  FolderStore() {
    fs::create_directories(scratch.path / "store/bucket");
    fs::create_directories(scratch.path / "bin");
    fs::create_symlink(ORRERY_STORE_TESTS "/rclone.sh", scratch.path / "bin/rclone");
  }

  std::string calls() const {
    std::ostringstream text;
    text << std::ifstream(log).rdbuf();
    return text.str();
  }
  bool scratch_is_empty() const { return !fs::exists(place) || fs::is_empty(place); }
};

DatasetPlan stored_plan(std::uint64_t seed = 7) {
  return {{{"what", "a test"}}, "recipe", seed, kStoredCount, 4, {"ball", "box", "cone"}};
}

/// As generate() does, without rendering: ends after `most` chunks, as tasks do that are killed.
RunReport make_some(const fs::path& folder, const Machine& machine, std::uint64_t most,
                    std::uint64_t seed = 7) {
  Dataset dataset(folder, stored_plan(seed), machine.share);
  RunReport report;
  if (dataset.finished()) {
    report.dataset_hash = *dataset.finished();
    return report;
  }
  if (machine.on_begin) machine.on_begin();
  for (std::uint64_t chunk = 0; chunk < dataset.chunks(); ++chunk) {
    if (!machine.share.holds(chunk) || dataset.has(chunk)) continue;
    if (most-- == 0) throw Error("killed", Exit::bug);
    std::vector<Sample> samples;
    const IndexRun run = dataset.indices(chunk);
    for (std::uint64_t i = run.first; i < run.last; ++i) samples.push_back(random_sample(i));
    dataset.commit(chunk, samples, {"device", "driver", "uuid", 1});
    report.samples += samples.size();
    if (machine.on_commit) machine.on_commit(chunk);
  }
  if (machine.share.all()) report.dataset_hash = dataset.finish();
  return report;
}

RunReport stored(const FolderStore& store, const std::string& shard = "",
                 const std::string& chunks = "", std::uint64_t most = 1000) {
  Machine machine;
  if (!shard.empty()) choose_shard(machine.share, shard);
  if (!chunks.empty()) choose_chunks(machine.share, chunks);
  std::ostringstream said;
  return make_in_store(
      store.address, store.place, machine,
      [most](const fs::path& folder, const Machine& there) {
        return make_some(folder, there, most);
      },
      said);
}

std::pair<int, std::string> finished(const FolderStore& store) {
  std::ostringstream said;
  const int code = finish_in_store(store.address, {store.address.url(), store.place}, said);
  return {code, said.str()};
}

std::string local_hash() {
  const Scratch scratch;
  return make_some(scratch.path, {}, 1000).dataset_hash;
}

void cut(const fs::path& file) { fs::resize_file(file, fs::file_size(file) * 2 / 3); }

Exit exit_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.exit();
  }
  return Exit::complete;
}

}  // namespace

TEST_SUITE("object store") {
  TEST_CASE("an address is a bucket and a prefix, and a folder is none") {
    CHECK(!store_address("out/dataset"));
    CHECK(!store_address("/mnt/s3/dataset"));
    const auto address = store_address("s3://bucket/farm/set//");
    REQUIRE(address);
    CHECK(address->bucket == "bucket");
    CHECK(address->prefix == "farm/set");
    CHECK(address->url() == "s3://bucket/farm/set");
    CHECK(store_address("s3://bucket")->url() == "s3://bucket");
    for (const char* wrong : {"s3://", "s3:///set", "s3://ab/set", "s3://a:b,c/set", "s3://-bu/set",
                              "s3://bucket/a//b", "s3://bucket/../b", "s3://bucket/a\nb"}) {
      CAPTURE(wrong);
      CHECK(exit_of([&] { store_address(wrong); }) == Exit::usage);
    }
  }

  TEST_CASE("shards put chunk by chunk, and finishing gives the hash of a disk") {
    const FolderStore store;
    const std::string hash = local_hash();
    CHECK(stored(store, "0/2").samples == 12);
    CHECK(!fs::exists(store.content / "dataset.json"));
    CHECK(finished(store) == std::pair(1, std::string("missing: 1,3,5\n3 of 6 chunks; the command "
                                                      "that makes the dataset makes them with "
                                                      "--chunks\n")));
    CHECK(stored(store, "0/2").samples == 0);
    CHECK(stored(store, "1/2").samples == 11);
    const auto [code, said] = finished(store);
    CHECK(code == 0);
    CHECK(said.ends_with(hash + "\n"));
    CHECK(!fs::exists(store.content / ".chunks/plan.json"));
    CHECK(finished(store) == std::pair(0, hash + "\n"));
    CHECK(stored(store).dataset_hash == hash);
    CHECK(store.scratch_is_empty());
    const Scratch local;
    make_some(local.path, {}, 1000);
    for (const char* file : {"manifest.jsonl", "annotations/instances_default.json",
                             "images/00000000.png", "ids/00000022.png", "dataset.json"}) {
      CAPTURE(file);
      CHECK(stored_bytes(store.content / file) == stored_bytes(local.path / file));
    }
  }

  TEST_CASE("a run of everything finishes, goes on where another died and keeps scratch small") {
    const FolderStore store;
    CHECK_THROWS_AS(stored(store, "", "", 2), Error);
    CHECK(store.scratch_is_empty());
    CHECK(fs::exists(store.content / ".chunks/00000001.jsonl"));
    CHECK(!fs::exists(store.content / ".chunks/00000002.jsonl"));
    const RunReport report = stored(store);
    CHECK(report.samples == kStoredCount - 8);
    CHECK(report.dataset_hash == local_hash());
    CHECK(fs::exists(store.content / "dataset.json"));
  }

  TEST_CASE("cut and lost objects are found, named and made anew") {
    const FolderStore store;
    stored(store, "", "0-5");
    cut(store.content / "images/00000005.png");
    cut(store.content / ".chunks/00000002.jsonl");
    fs::remove(store.content / "ids/00000013.png");
    const auto [code, said] = finished(store);
    CHECK(code == 1);
    CHECK(holds(said, "missing: 1-3\n3 of 6 chunks, 3 of them damaged"));
    CHECK(stored(store, "", "1-3").samples == 12);
    CHECK(finished(store).second.ends_with(local_hash() + "\n"));
  }

  TEST_CASE("a run of everything mends what it finds damaged at its end") {
    const FolderStore store;
    stored(store, "", "0-4");
    cut(store.content / "images/00000005.png");
    const RunReport report = stored(store);
    CHECK(report.dataset_hash == local_hash());
    CHECK(report.samples == 3 + 4);
  }

  TEST_CASE("another dataset and foreign things are refused by the store's name") {
    const FolderStore store;
    stored(store, "0/2");
    const auto other = [&](const fs::path& folder, const Machine& machine) {
      return make_some(folder, machine, 1000, 8);
    };
    std::ostringstream said;
    const std::string text =
        error_of([&] { make_in_store(store.address, store.place, Machine{}, other, said); });
    CHECK(holds(text, "s3://bucket/some/set/.chunks/plan.json: another dataset is here"));
    CHECK(holds(text, "seed is 7"));
    fs::remove_all(store.content / ".chunks");
    CHECK(holds(error_of([&] { stored(store); }), "s3://bucket/some/set: holds i"));
    CHECK(holds(error_of([&] { finished(store); }), "no dataset was begun here"));
  }

  TEST_CASE("what rclone fails at is one line with its last reason and without the secret") {
    const FolderStore store;
    const Variable fault("STORE_FAULT", "--no-check-dest");
    const std::string text = error_of([&] { stored(store); });
    CHECK(holds(text, "s3://bucket/some/set: cannot be written: Failed to copy: AccessDenied"));
    CHECK(!holds(text, "\n"));
    CHECK(!holds(text, kSecret));
    CHECK(!holds(store.calls(), kSecret));
    CHECK(exit_of([&] { stored(store); }) == Exit::io);
    CHECK(store.scratch_is_empty());
    const Variable nowhere("PATH", "/nonexistent");
    CHECK(exit_of([&] { stored(store); }) == Exit::unavailable);
  }

  TEST_CASE("status counts what lies in the store and says nothing of who is at work") {
    const FolderStore store;
    stored(store, "0/2");
    std::ostringstream said;
    print_store_status(store.address, {store.address.url(), false, store.place}, said);
    CHECK(said.str().starts_with("12 of 23 images, 3 of 6 chunks\n"));
    CHECK(holds(said.str(), "3 chunks by device, driver"));
    CHECK(!holds(said.str(), "being made"));
  }

  TEST_CASE("a program is heard to its end, given its input and ended when patience is over") {
    const ProgramEnd end = run_program({{"sh", "-c", "cat; echo no >&2; exit 7"}, {}, "in"});
    CHECK(end.out == "in");
    CHECK(end.err == "no\n");
    CHECK(end.code == 7);
    const auto began = std::chrono::steady_clock::now();
    const ProgramEnd stopped = run_program(
        {{"sh", "-c", "trap '' TERM; sleep 60 & wait; sleep 60"}, {}, "", [] { return true; }});
    CHECK(stopped.given_up);
    CHECK(stopped.code == 128 + SIGKILL);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(1));
  }

  TEST_CASE("scratch of a process that has ended is swept, of one that lives it is left alone") {
    const Scratch scratch;
    const ScratchFolder living(scratch.path);
    std::string dead = living.path().filename().string();
    const std::size_t random = dead.rfind('-');
    const std::size_t process = dead.rfind('-', random - 1);
    dead.replace(process + 1, random - process - 1, "4194305");  // above what processes may have
    fs::create_directories(scratch.path / dead / "set");
    fs::path gone;
    {
      const ScratchFolder another(scratch.path);
      gone = another.path();
      CHECK(fs::exists(gone));
      CHECK(!fs::exists(scratch.path / dead));
      CHECK(fs::exists(living.path()));
    }
    CHECK(!fs::exists(gone));
  }
}
