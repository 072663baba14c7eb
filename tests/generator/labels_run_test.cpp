#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "scenes/error.hpp"
#include "tests/generator/program.hpp"
#include "tests/generator/random_sample.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// Few things with keypoints, distractors, and a camera that lets some leave the image.
fs::path people_on_a_table(const fs::path& folder) {
  fs::path file = folder / "table.yaml";
  std::ofstream(file) << "objects:\n"
                         "  - {name: robots, models: " ORRERY_ASSETS
                         "/models/robot.glb, count: 3}\n"
                         "  - {name: mugs, models: " ORRERY_ASSETS
                         "/models/mug.glb, count: 2, placement: lie}\n"
                         "  - {name: clutter, shapes: box, label: false, count: 2, size: 6 cm}\n"
                         "surface: {materials: paper, variants: 1, spread: 12 cm}\n"
                         "sky: {names: studio}\n"
                         "camera: {width: 240, height: 180, placement: handheld, target: pile,\n"
                         "         apparent_size: {uniform: [0.1, 0.3]}, roll: 3}\n"
                         "labels: {max_truncation: 0.6}\n";
  return file;
}

/// As readers of others see it, where they are installed.
void check_read(const fs::path& out) {
  const std::string python = ORRERY_PYTHON;
  if (std::system((python + " -c 'import pycocotools, numpy' 2>/dev/null").c_str()) != 0) {
    MESSAGE("skipped: " << python << " with pycocotools and numpy is not there (./dev setup)");
    return;
  }
  const std::string check = python + " " ORRERY_READ_LABELS " " + out.string() + " >/dev/null";
  CHECK(std::system(check.c_str()) == 0);
}

}  // namespace

TEST_SUITE("labels of a run") {
  TEST_CASE("panoptic segments, keypoints and flow are what others' readers take them for") {
    const Scratch scratch;
    const fs::path out = scratch.path / "out";
    const Ended ended =
        orrery_run({"generate", people_on_a_table(scratch.path).string(), "-n", "6", "--quiet",
                    "-o", out.string(), "--panoptic", "--flow", "--depth", "--lanes", "2"});
    REQUIRE_MESSAGE(ended.code == 0, ended.err);
    const Ended again = orrery_run({"replay", out.string(), "4"});
    CHECK_MESSAGE(again.out.find("identical") != std::string::npos, again.out, again.err);
    check_read(out);
  }

  TEST_CASE("a turntable has panoptic segments and flow by the same options") {
    const Scratch scratch;
    const fs::path out = scratch.path / "out";
    const Ended ended =
        orrery_run({"turntable", ORRERY_ASSETS "/models/robot.glb", ORRERY_ASSETS "/models/mug.glb",
                    "-n", "4", "--size", "160x120", "--models-per-image", "2", "--quiet", "-o",
                    out.string(), "--panoptic", "--flow", "--depth", "--lanes", "2"});
    REQUIRE_MESSAGE(ended.code == 0, ended.err);
    for (const char* folder : {"panoptic", "flow", "flow_hidden", "next"}) {
      CHECK_MESSAGE(fs::exists(out / folder), folder);
    }
    const Ended again = orrery_run({"replay", out.string(), "3"});
    CHECK_MESSAGE(again.out.find("identical") != std::string::npos, again.out, again.err);
    check_read(out);
  }
}
