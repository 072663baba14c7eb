#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

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
    double start = 0;
    // The peak, not the end: a lane that has nothing left to do gives its memory back.
    double peak = 0;
    make(recipe, scratch.path / "dataset", 2, [&](std::uint64_t done, std::uint64_t) {
      if (done == 1000) start = resident_mib();
      if (done > 1000 && done % 50 == 0) peak = std::max(peak, resident_mib());
    });
    peak = std::max(peak, resident_mib());
    MESSAGE("1,000 images: ", start, " MiB, at most after that: ", peak, " MiB");
    REQUIRE(start > 0);
    CHECK(peak - start < 32);
  }
}
