#include <doctest/doctest.h>

#include "generator/source.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/packed/random_images.hpp"
#include "tests/generator/program.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// Our models, rendered small and with everything that BOP wants.
RandomSet rendered(const fs::path& folder) {
  std::vector<std::string> arguments{"turntable"};
  for (const char* name : {"can", "die", "mug", "plant", "robot", "rocket"}) {
    arguments.push_back(std::string(ORRERY_ASSETS "/models/") + name + ".glb");
  }
  for (const char* option :
       {"-n", "24", "--size", "200x150", "--all-planes", "--models-per-image", "1:3", "-o"}) {
    arguments.emplace_back(option);
  }
  arguments.push_back(folder.string());
  const Ended ended = orrery_run(arguments);
  REQUIRE_MESSAGE(ended.code == 0, ended.err);
  const std::unique_ptr<Source> source = open_orrery_dataset(folder);
  RandomSet set;
  set.info = source->info();
  while (auto image = source->next()) set.images.push_back(std::move(*image));
  return set;
}

}  // namespace

TEST_CASE(
    "models projected with BOP's K[R|t] have the extents of their masks, at the depth of the "
    "depth image") {
  if (!can_import("numpy, PIL, webdataset")) return;
  const TemporaryFolder folder;
  const RandomSet set = rendered(folder.path / "in");
  REQUIRE(set.images.size() == 24);
  const auto left_out = write_all("bop", folder.path / "bop", set);
  CHECK(left_out.count("model meshes") == 0);
  CHECK(run_reader("read_bop.py", {folder.path / "bop", "--project"}) == 0);
  write_all("bop_webdataset", folder.path / "web", set, {.shard_images = 10});
  CHECK(run_reader("read_bop_webdataset.py", {folder.path / "web", folder.path / "bop"}) == 0);
}

TEST_CASE("a rendered dataset goes whole into webdataset, tfrecord and imagefolder") {
  const TemporaryFolder folder;
  const RandomSet set = rendered(folder.path / "in");
  CHECK(write_all("webdataset", folder.path / "webdataset", set).empty());
  std::uint64_t labels = 0;
  for (const LabelledImage& image : set.images) labels += image.labels.size();
  CHECK(write_all("tfrecord", folder.path / "tfrecord", set).at("poses") == labels);
  CHECK(write_all("imagefolder", folder.path / "imagefolder", set).at("poses") == labels);
}
