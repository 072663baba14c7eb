#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <map>

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
    recipe.turntable.width = 64;
    recipe.turntable.height = 48;
    recipe.outputs.depth = recipe.outputs.normal = recipe.render.normal = false;
    recipe.models = {recipe.models[0]};
    recipe.chunk = 64;
    std::map<std::uint64_t, double> at;
    make(recipe, scratch.path / "dataset", 2, [&](std::uint64_t done, std::uint64_t) {
      if (done % 1000 == 0) at[done] = resident_mib();
    });
    const double end = resident_mib();
    for (const auto& [done, mib] : at) MESSAGE(done, " images: ", mib, " MiB");
    MESSAGE("finished: ", end, " MiB");
    REQUIRE(at.count(1000) == 1);
    REQUIRE(at.count(5000) == 1);
    CHECK(at[5000] - at[1000] < 32);
    CHECK(end - at[1000] < 32);
  }
}
