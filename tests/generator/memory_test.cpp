#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>

#include "generator/scene_options.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/small_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;

namespace {

double resident_mib() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// Told after every image.
struct MemoryWatch {
  std::uint64_t from;  ///< images
  double start = 0;
  /// The peak, not the end: a lane that has nothing left to do gives its memory back.
  double peak = 0;

  void look(std::uint64_t done) {
    if (done == from) start = resident_mib();
    if (done > from && done % 50 == 0) peak = std::max(peak, resident_mib());
  }
};

}  // namespace

TEST_SUITE("memory") {
  TEST_CASE("from image 1,000 to image 5,000 resident memory grows by less than 32 MiB") {
    const Scratch scratch;
    Recipe recipe = varied_recipe(scratch.path, 5000);
    recipe.scene.turntable->width = 64;
    recipe.scene.turntable->height = 48;
    recipe.outputs.depth = recipe.outputs.normal = recipe.render.normal = false;
    recipe.models = {recipe.models[0]};
    recipe.chunk = 64;
    MemoryWatch memory{1000};
    make(recipe, scratch.path / "dataset", 2,
         [&](std::uint64_t done, std::uint64_t) { memory.look(done); });
    MESSAGE("1,000 images: ", memory.start, " MiB, at most after that: ", memory.peak, " MiB");
    REQUIRE(memory.start > 0);
    CHECK(memory.peak - memory.start < 32);
  }

  TEST_CASE("from scene 300 to scene 1,500 memory grows by less than 16 MiB, and nothing is lost") {
    const Scratch scratch;
    RawScene raw;
    raw.file = ORRERY_LIBRARY "/tabletop.yaml";
    raw.sets = {"camera.width=96", "camera.height=72", "surface.variants=1"};
    raw.common.count = 1500;
    MemoryWatch memory{300};
    make(recipe_from(raw), scratch.path / "dataset", 2,
         [&](std::uint64_t done, std::uint64_t) { memory.look(done); });
    MESSAGE("300 scenes: ", memory.start, " MiB, at most after that: ", memory.peak, " MiB");
    REQUIRE(memory.start > 0);
    CHECK(memory.peak - memory.start < 16);

    // By class, in the manifest: what was placed, and why what has no label has none.
    std::map<std::string, std::map<std::string, std::uint64_t>> placed;
    const std::vector<Json> lines = manifest_of(scratch.path / "dataset");
    CHECK(lines.size() == 1500);
    std::ifstream file(scratch.path / "dataset" / "dataset.json");
    const Json dataset = Json::parse(file);
    for (const Json& line : lines) {
      for (const Json& object : line.at("objects")) {
        const auto& name = dataset.at("classes").at(object.at("class").get<std::size_t>());
        ++placed[name][object.contains("dropped") ? object.at("dropped").get<std::string>() : ""];
      }
    }
    for (const Json& entry : dataset.at("ledger")) {
      auto& counts = placed[entry.at("class")];
      std::uint64_t sum = counts[""];
      CHECK(entry.at("labelled") == counts[""]);
      CHECK(entry.at("reread") == counts[""]);
      for (const auto& [rule, count] : entry.at("dropped").items()) {
        CHECK(counts[rule] == count);
        sum += count.get<std::uint64_t>();
      }
      CHECK(entry.at("placed") == sum);
      CHECK(sum > 500);
    }
    CHECK(placed.size() == dataset.at("ledger").size());
  }
}
