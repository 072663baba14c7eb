#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "generator/replay.hpp"
#include "scenes/error.hpp"
#include "tests/generator/program.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/read_png.hpp"
#include "tests/generator/small_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// SIGTERM waits in this thread and in the lanes that it starts, as in main().
class Blocked {
 public:
  Blocked() {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, &before_);
  }
  ~Blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;

 private:
  sigset_t before_;
};

/// generate() that is asked to stop after `samples`; nothing if it was.
std::optional<std::string> make_part(const Recipe& recipe, const fs::path& out, unsigned lanes,
                                     std::uint64_t samples) {
  const Blocked blocked;
  std::uint64_t made = 0;
  try {
    // The signal goes to the lane's own thread and dies with it.
    return make(recipe, out, lanes,
                [&](std::uint64_t, std::uint64_t) {
                  if (++made == samples) raise(SIGTERM);
                })
        .dataset_hash;
  } catch (const Error& error) {
    CHECK_MESSAGE(error.exit() == Exit::drained, error.what());
    return std::nullopt;
  }
}

std::size_t records(const fs::path& dataset) {
  std::error_code error;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(dataset / ".chunks", error)) {
    if (entry.path().extension() == ".jsonl") ++count;
  }
  return count;
}

std::vector<std::byte> bytes_of(const fs::path& file) {
  const std::string text = text_of(file);
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::string> command_line(const fs::path& out, const char* lanes) {
  return {"turntable",
          ORRERY_ASSETS "/models/mug.glb",
          ORRERY_ASSETS "/models/die.glb",
          "-n",
          "40",
          "--size",
          "160x120",
          "--all-planes",
          "--chunk",
          "2",
          "--lanes",
          lanes,
          "-o",
          out.string()};
}

}  // namespace

TEST_SUITE("end_to_end") {
  TEST_CASE("the same recipe gives the same hash with any number of lanes and any chunk size") {
    const Scratch scratch;
    Recipe recipe = varied_recipe(scratch.path, 30);
    std::optional<std::string> first;
    for (const std::uint64_t chunk : {1U, 7U, 64U}) {
      recipe.chunk = chunk;
      for (const unsigned lanes : {1U, 2U, 4U}) {
        CAPTURE(chunk);
        CAPTURE(lanes);
        const fs::path out = scratch.path / (std::to_string(chunk) + "-" + std::to_string(lanes));
        const RunReport report = make(recipe, out, lanes);
        CHECK(report.samples == 30);
        if (!first) first = report.dataset_hash;
        CHECK(report.dataset_hash == *first);
        CHECK(manifest_of(out).size() == 30);
      }
    }
    CHECK(first->size() == 64);
    ++recipe.seed;  // the hash can tell datasets apart
    CHECK(make(recipe, scratch.path / "other", 2).dataset_hash != *first);
  }

  TEST_CASE("a dataset made in pieces, in another order, has the hash of one made whole") {
    const Scratch scratch;
    Recipe recipe = varied_recipe(scratch.path, 30);
    const std::string whole = make(recipe, scratch.path / "whole", 1).dataset_hash;
    const fs::path out = scratch.path / "pieces";
    recipe.chunk = 3;
    int stops = 0;
    std::optional<std::string> hash;
    while (!hash && stops < 20) {
      const unsigned lanes = stops % 2 == 0 ? 2 : 1;
      hash = make_part(recipe, out, lanes, 8);
      if (hash) break;
      CHECK(!fs::exists(out / "dataset.json"));
      CHECK(records(out) > 0);
      if (stops == 0) fs::remove(out / ".chunks/00000000.jsonl");  // now it comes after others
      if (stops++ == 1) recipe.chunk = 64;                         // the first size stays
    }
    CHECK(stops >= 3);
    REQUIRE(hash);
    CHECK(*hash == whole);
    CHECK(text_of(out / "manifest.jsonl") == text_of(scratch.path / "whole/manifest.jsonl"));
    const fs::path coco = "annotations/instances_default.json";
    CHECK(text_of(out / coco) == text_of(scratch.path / "whole" / coco));
    CHECK(!fs::exists(out / ".chunks"));
  }

  TEST_CASE("a program that is killed, twice, and continued gives the hash of one left alone") {
    const Scratch scratch;
    const Ended whole = orrery_run(command_line(scratch.path / "whole", "2"));
    REQUIRE_MESSAGE(whole.code == 0, whole.err);
    const fs::path out = scratch.path / "killed";
    for (const std::size_t chunks : {3U, 9U}) {
      Program program(command_line(out, chunks == 3 ? "1" : "2"));
      while (program.running() && records(out) < chunks) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
      program.send(SIGKILL);
      CHECK(program.wait().code == -SIGKILL);
      CHECK(!fs::exists(out / "dataset.json"));
      CHECK(records(out) >= chunks);
    }
    const Ended ended = orrery_run(command_line(out, "2"));
    REQUIRE_MESSAGE(ended.code == 0, ended.err);
    CHECK(last_line(ended.out) == last_line(whole.out));
    CHECK(last_line(ended.out).size() == 64);
    for (const auto& entry : fs::directory_iterator(out)) {
      CHECK(entry.path().filename() != ".chunks");
    }
  }

  TEST_CASE("two programs that make one dataset at the same time both end with its hash") {
    const Scratch scratch;
    Program one(command_line(scratch.path / "shared", "1"));
    Program two(command_line(scratch.path / "shared", "1"));
    const Ended first = one.wait();
    const Ended second = two.wait();
    REQUIRE_MESSAGE(first.code == 0, first.err);
    REQUIRE_MESSAGE(second.code == 0, second.err);
    const Ended alone = orrery_run(command_line(scratch.path / "alone", "2"));
    CHECK(last_line(first.out) == last_line(alone.out));
    CHECK(last_line(second.out) == last_line(alone.out));
  }

  TEST_CASE("pycocotools reads from a rendered dataset the masks that its id images show") {
    const std::string python = ORRERY_PYTHON;
    if (std::system((python + " -c 'import pycocotools, numpy' 2>/dev/null").c_str()) != 0) {
      MESSAGE("skipped: " << python << " with pycocotools and numpy is not there (./dev setup)");
      return;
    }
    const Scratch scratch;
    const Recipe recipe = varied_recipe(scratch.path, 30);
    const fs::path out = scratch.path / "dataset";
    make(recipe, out, 2);
    fs::copy_file(out / "annotations/instances_default.json", scratch.path / "coco.json");
    std::ifstream in(scratch.path / "coco.json");
    const Json coco = Json::parse(in);
    std::size_t occluded = 0;
    std::map<int, std::set<int>> labelled;  // ids by image
    for (const Json& annotation : coco.at("annotations")) {
      const int image = annotation.at("image_id").get<int>();
      const int instance = annotation.at("instance_id").get<int>();
      labelled[image].insert(instance);
      occluded += annotation.at("occluders").empty() ? 0U : 1U;
      char name[32];
      std::snprintf(name, sizeof name, "id/%08d.png", image - 1);
      const Decoded ids = decoded(bytes_of(out / name));
      CHECK(ids.bits == 8);
      CHECK(ids.width == 160);
      std::string mask;
      for (const std::uint8_t id : ids.bytes) mask += id == instance ? '\1' : '\0';
      std::ofstream(scratch.path / (annotation.at("id").dump() + ".mask"), std::ios::binary)
          << mask;
    }
    CHECK(occluded > 0);
    // No pixel shows an instance that has no annotation.
    for (int image = 1; image <= 30; ++image) {
      char name[32];
      std::snprintf(name, sizeof name, "id/%08d.png", image - 1);
      const Decoded ids = decoded(bytes_of(out / name));
      std::set<int> shown(ids.bytes.begin(), ids.bytes.end());
      shown.erase(0);
      CHECK(shown == labelled[image]);
    }
    const std::string command = python + " " ORRERY_READ_COCO " " + scratch.path.string() + " " +
                                std::to_string(coco.at("annotations").size()) + " plant mug pane";
    CHECK(std::system(command.c_str()) == 0);
  }

  TEST_CASE("replay makes identical samples, and names what differs in an altered manifest") {
    const Scratch scratch;
    const Recipe recipe = varied_recipe(scratch.path, 16);  // chunks of 7, 7 and 2
    const fs::path out = scratch.path / "dataset";
    make(recipe, out, 2);
    for (const std::uint64_t index : {0U, 6U, 7U, 13U, 15U}) {
      std::ostringstream said;
      CHECK(replay({out, index, scratch.path / "again", {}}, said));
      CHECK_MESSAGE(said.str().find("identical") != std::string::npos, said.str());
    }
    const std::vector<Json> lines = manifest_of(out);
    for (const auto& file : lines.at(15).at("files").items()) {
      const std::string& path = file.key();
      CHECK_MESSAGE(text_of(scratch.path / "again" / path) == text_of(out / path), path);
    }
    CHECK_THROWS_AS(
        [&] {
          std::ostringstream none;
          replay({out, 16, {}, {}}, none);
        }(),
        Error);

    const double pose = lines.at(6).at("objects").at(0).at("camera_from_object").at("scale");
    std::vector<Json> altered = lines;
    altered.at(6).at("objects").at(0).at("camera_from_object").at("scale") = pose + 0.25;
    std::ofstream file(out / "manifest.jsonl", std::ios::binary);
    for (const Json& line : altered) file << line.dump() << '\n';
    file.close();
    std::ostringstream said;
    CHECK(!replay({out, 6, {}, {}}, said));
    CHECK_MESSAGE(said.str().find("differs") != std::string::npos, said.str());
    CHECK_MESSAGE(
        said.str().find("/objects/0/camera_from_object/scale: was " + Json(pose + 0.25).dump() +
                        ", is " + Json(pose).dump()) != std::string::npos,
        said.str());
    std::ostringstream next;
    CHECK(replay({out, 7, {}, {}}, next));
  }
}
