#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <memory>
#include <thread>

#include "scenes/error.hpp"
#include "tests/generator/program.hpp"
#include "tests/generator/random_sample.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

const std::string kModel = ORRERY_ASSETS "/models/die.glb";

std::vector<std::string> farm_command(const fs::path& out, const std::vector<std::string>& more,
                                      const std::string& count = "60") {
  std::vector<std::string> all = {"turntable", kModel, "-n", count,        "--size",  "64x48",
                                  "--chunk",   "4",    "-o", out.string(), "--lanes", "1"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void wait_for(Program& program, const fs::path& file) {
  while (program.running() && !fs::exists(file)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

bool has_temporary(const fs::path& chunks) {
  for (const auto& entry : fs::directory_iterator(chunks)) {
    if (entry.is_directory()) return true;
  }
  return false;
}

}  // namespace

TEST_SUITE("farm run") {
  TEST_CASE(
      "shards at once, one of them twice, and the rest by number give the single run's hash") {
    const Scratch scratch;
    const fs::path out = scratch.path / "farm";
    std::vector<std::unique_ptr<Program>> tasks;
    for (const char* shard : {"0/4", "1/4", "2/4", "2/4"}) {
      tasks.push_back(std::make_unique<Program>(farm_command(out, {"--shard", shard})));
    }
    for (const auto& task : tasks) {
      const Ended ended = task->wait();
      CHECK_MESSAGE(ended.code == 0, ended.err);
      CHECK(ended.out.find("orrery finish") != std::string::npos);
    }
    const Ended early = orrery_run({"finish", out.string()});
    CHECK(early.code == 1);
    CHECK(early.out.starts_with("missing: 3,7,11\n"));
    // Its pictures alone are no dataset of photos without labels.
    const Ended taken =
        orrery_run({"convert", out.string(), "--to", "voc", "-o", (scratch.path / "voc").string()});
    CHECK(taken.code == 65);
    CHECK_MESSAGE(taken.err.find("wanted a finished dataset") != std::string::npos, taken.err);
    CHECK(!fs::exists(scratch.path / "voc"));
    CHECK(orrery_run({"status", out.string()}).out.starts_with("48 of 60 images, 12 of 15 chunks"));
    CHECK(orrery_run(farm_command(out, {"--chunks", "3,7,11"})).code == 0);
    const Ended ended = orrery_run({"finish", out.string()});
    CHECK_MESSAGE(ended.code == 0, ended.err);
    CHECK(fs::exists(out / "report.html"));
    const std::string hash = last_line(orrery_run(farm_command(scratch.path / "single", {})).out);
    CHECK(hash.size() == 64);
    CHECK(last_line(ended.out) == hash);
    CHECK(last_line(orrery_run({"finish", out.string()}).out) == hash);
    CHECK(last_line(orrery_run({"status", out.string()}).out) == hash);
  }

  TEST_CASE(
      "each signal that asks to stop drains within two seconds and leaves whole chunks alone") {
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) {
      CAPTURE(signal);
      const Scratch scratch;
      const fs::path out = scratch.path / "d";
      Program program(farm_command(out, {"--quiet"}, "4000"));
      wait_for(program, out / ".chunks/00000001.jsonl");
      const auto asked = Clock::now();
      program.send(signal);
      program.send(SIGCONT);
      program.send(SIGTERM);  // again, as schedulers do
      const Ended ended = program.wait();
      CHECK(Clock::now() - asked < std::chrono::seconds(2));
      CHECK_MESSAGE(ended.code == static_cast<int>(Exit::drained), ended.err);
      CHECK(!has_temporary(out / ".chunks"));
    }
  }

  TEST_CASE(
      "a second interrupt ends at once, and while models are still being read one is enough") {
    const Scratch scratch;
    const fs::path out = scratch.path / "d";
    Program program(farm_command(out, {"--quiet"}, "4000"));
    wait_for(program, out / ".chunks/00000001.jsonl");
    program.send(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    program.send(SIGINT);
    const auto asked = Clock::now();
    CHECK(program.wait().code == static_cast<int>(Exit::drained));
    CHECK(Clock::now() - asked < std::chrono::seconds(1));

    Program young(farm_command(scratch.path / "e", {"--quiet"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    young.send(SIGTERM);
    const auto early = Clock::now();
    const int code = young.wait().code;
    CHECK((code == static_cast<int>(Exit::drained) || code == -SIGTERM));  // before main() even
    CHECK(Clock::now() - early < std::chrono::seconds(2));
  }
}
