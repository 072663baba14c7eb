#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "scenes/error.hpp"
#include "tests/generator/program.hpp"
#include "tests/generator/random_sample.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

const std::string kDie = ORRERY_ASSETS "/models/die.glb";

std::vector<std::string> turntable(const std::string& model, const fs::path& out,
                                   const std::vector<std::string>& more = {}) {
  std::vector<std::string> all = {"turntable", model,     "-n", "4",         "--size",
                                  "64x48",     "--quiet", "-o", out.string()};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Ended as wanted, with one line that holds every one of `parts`.
void check_refused(const Ended& ended, Exit exit, const std::vector<std::string>& parts) {
  CHECK_MESSAGE(ended.code == static_cast<int>(exit), ended.err);
  CHECK_MESSAGE(std::count(ended.err.begin(), ended.err.end(), '\n') == 1, ended.err);
  CHECK(ended.out.empty());
  for (const std::string& part : parts) {
    CHECK_MESSAGE(ended.err.find(part) != std::string::npos, part, " in ", ended.err);
  }
}

/// A file system of little room, gone with the object.
class TinyDisk {
 public:
  explicit TinyDisk(fs::path folder) : folder_(std::move(folder)) {
    fs::create_directory(folder_);
    mounted = mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=192k") == 0;
    reason = std::strerror(errno);
  }
  ~TinyDisk() {
    if (mounted) umount2(folder_.c_str(), MNT_DETACH);
  }
  TinyDisk(const TinyDisk&) = delete;
  TinyDisk& operator=(const TinyDisk&) = delete;
  bool mounted = false;
  std::string reason;

 private:
  fs::path folder_;
};

}  // namespace

TEST_SUITE("command_line") {
  TEST_CASE("a wrong command line ends with 64 and the nearest right one") {
    const Scratch scratch;
    check_refused(orrery_run(turntable(kDie, scratch.path / "d", {"--sise", "64x48"})), Exit::usage,
                  {"--sise", "--size"});
    check_refused(orrery_run({"turntabel", kDie}), Exit::usage, {"turntabel", "turntable"});
    check_refused(orrery_run(turntable(kDie, scratch.path / "d", {"--ground", "plain"})),
                  Exit::usage, {"--ground", "plain", "plane"});
    check_refused(orrery_run(turntable(kDie, scratch.path / "d", {"--roll", "9:2"})), Exit::usage,
                  {"--roll", "9:2", "the lower number first"});
    for (const auto& [option, value] : {std::pair{"-n", "0"}, {"-n", "-4"}, {"--seed", "-1"}}) {
      check_refused(
          orrery_run({"turntable", kDie, option, value, "-o", (scratch.path / "d").string()}),
          Exit::usage, {value});
    }
    CHECK(!fs::exists(scratch.path / "d"));
  }

  TEST_CASE("a model that is not there or broken ends with 65 and one line that names it") {
    const Scratch scratch;
    check_refused(orrery_run(turntable(scratch.path.string(), scratch.path / "d")), Exit::data,
                  {scratch.path.string(), "is a folder"});
    check_refused(orrery_run(turntable((scratch.path / "gone.glb").string(), scratch.path / "d")),
                  Exit::data, {"gone.glb"});
    std::ofstream(scratch.path / "broken.glb") << "glTF, but not really";
    check_refused(orrery_run(turntable((scratch.path / "broken.glb").string(), scratch.path / "d")),
                  Exit::data, {"broken.glb"});
    const std::string whole = text_of(kDie);
    std::ofstream(scratch.path / "half.glb", std::ios::binary) << whole.substr(0, whole.size() / 2);
    check_refused(orrery_run(turntable((scratch.path / "half.glb").string(), scratch.path / "d")),
                  Exit::data, {"half.glb"});
    CHECK(!fs::exists(scratch.path / "d"));
  }

  TEST_CASE("a missing texture ends with 65 and is named; with --allow-missing it is a warning") {
    const Scratch scratch;
    std::ofstream(scratch.path / "t.obj") << "mtllib t.mtl\nusemtl skin\nv 0 0 0\nv 1 0 0\n"
                                             "v 0 1 0\nvt 0 0\nvt 1 0\nvt 0 1\nf 1/1 2/2 3/3\n";
    std::ofstream(scratch.path / "t.mtl") << "newmtl skin\nKd 1 1 1\nmap_Kd lost.png\n";
    const std::string model = (scratch.path / "t.obj").string();
    check_refused(orrery_run(turntable(model, scratch.path / "d")), Exit::data,
                  {"t.obj", "lost.png"});
    const Ended ended = orrery_run(turntable(model, scratch.path / "d", {"--allow-missing"}));
    CHECK_MESSAGE(ended.code == 0, ended.err);
    CHECK(fs::exists(scratch.path / "d/images/00000003.jpg"));
  }

  TEST_CASE("a folder with something else in it ends with 65 and is left alone") {
    const Scratch scratch;
    fs::create_directory(scratch.path / "d");
    std::ofstream(scratch.path / "d/letter.txt") << "mine";
    check_refused(orrery_run(turntable(kDie, scratch.path / "d")), Exit::data, {"letter.txt"});
    CHECK(text_of(scratch.path / "d/letter.txt") == "mine");
    CHECK(std::distance(fs::directory_iterator(scratch.path / "d"), {}) == 1);
  }

  TEST_CASE("a place that cannot be written ends with 74 and one line that names it") {
    check_refused(orrery_run(turntable(kDie, "/proc/orrery-test")), Exit::io,
                  {"/proc/orrery-test"});
  }

  TEST_CASE("a full disk ends with 74; with room the same command goes on to the usual hash") {
    const Scratch scratch;
    const std::vector<std::string> more = {"-n", "40", "--chunk", "2", "--all-planes"};
    std::vector<std::string> whole = turntable(kDie, scratch.path / "whole");
    whole[3] = "40";
    whole.insert(whole.end(), more.begin() + 2, more.end());
    std::vector<std::string> full = whole;
    full[8] = (scratch.path / "disk/d").string();
    const TinyDisk disk(scratch.path / "disk");
    if (!disk.mounted) {
      MESSAGE("skipped: cannot mount a small file system: " << disk.reason);
      return;
    }
    check_refused(orrery_run(full), Exit::io, {"disk/d", "No space left"});
    CHECK(!fs::exists(scratch.path / "disk/d/dataset.json"));
    REQUIRE(mount("tmpfs", (scratch.path / "disk").c_str(), "tmpfs", MS_REMOUNT, "size=8m") == 0);
    const Ended ended = orrery_run(full);
    CHECK_MESSAGE(ended.code == 0, ended.err);
    CHECK(last_line(ended.out) == last_line(orrery_run(whole).out));
  }

  TEST_CASE("SIGTERM ends with 75 within two seconds and the same command goes on to the end") {
    const Scratch scratch;
    std::vector<std::string> command = turntable(kDie, scratch.path / "d");
    command[3] = "200";
    command.insert(command.end(), {"--chunk", "4", "--lanes", "2"});
    Program program(command);
    while (program.running() && !fs::exists(scratch.path / "d/.chunks/00000001.jsonl")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    const auto asked = std::chrono::steady_clock::now();
    program.send(SIGTERM);
    check_refused(program.wait(), Exit::drained, {"the same command continues it"});
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(2));
    const Ended ended = orrery_run(command);
    CHECK_MESSAGE(ended.code == 0, ended.err);
    CHECK(fs::exists(scratch.path / "d/images/00000199.jpg"));
  }

  TEST_CASE("a finished dataset made again says that all is there, with the same hash") {
    const Scratch scratch;
    const Ended first = orrery_run(turntable(kDie, scratch.path / "d"));
    REQUIRE_MESSAGE(first.code == 0, first.err);
    const auto written = fs::last_write_time(scratch.path / "d/manifest.jsonl");
    const Ended second = orrery_run(turntable(kDie, scratch.path / "d"));
    CHECK(second.code == 0);
    CHECK(second.out.find("all 4 images were there already") != std::string::npos);
    CHECK(last_line(second.out) == last_line(first.out));
    CHECK(fs::last_write_time(scratch.path / "d/manifest.jsonl") == written);
    check_refused(orrery_run(turntable(kDie, scratch.path / "d", {"--seed", "5"})), Exit::data,
                  {"another dataset is here"});
  }
}
