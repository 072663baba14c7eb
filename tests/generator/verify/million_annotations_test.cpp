#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "generator/data_commands.hpp"
#include "generator/encode.hpp"
#include "generator/sinks/coco.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/support/child.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kImages = 20000;
constexpr std::uint64_t kEach = 50;

/// Images of one little picture, each with fifty boxes.
void make_many(const fs::path& folder) {
  fs::create_directories(folder / "annotations");
  fs::create_directories(folder / "images");
  const Image<Rgba8> color(16, 16, Rgba8(9, 9, 9, 255));
  const auto bytes = jpeg_from(ImageView<Rgba8>{16, 16, color.pixels}, 90, true);
  write_whole_file(folder / "picture.jpg", bytes);
  const std::string hash = sha256_hex(bytes);
  std::ofstream manifest(folder / "manifest.jsonl");
  WholeFile file(folder / "annotations/instances_default.json");
  CocoWriter coco(file, {"thing"});
  Json objects = Json::array();
  for (std::uint64_t id = 1; id <= kEach; ++id) {
    objects.push_back({{"id", id},
                       {"class", 0},
                       {"box", {1, 2, 4, 6}},
                       {"area", 12},
                       {"crowd", false},
                       {"hard", false}});
  }
  for (std::uint64_t i = 0; i < kImages; ++i) {
    const std::string path = "images/" + std::to_string(i) + ".jpg";
    fs::create_hard_link(folder / "picture.jpg", folder / path);
    coco.add_image(
        Json({{"id", i + 1}, {"width", 16}, {"height", 16}, {"file_name", path}}).dump());
    const Json row = {{"index", i},
                      {"seed", 1},
                      {"recipe_hash", "r"},
                      {"width", 16},
                      {"height", 16},
                      {"objects", objects},
                      {"lineage", Json::array()},
                      {"files", {{path, hash}}}};
    manifest << row.dump() << "\n";
  }
  manifest.close();
  fs::remove(folder / "picture.jpg");
  for (std::uint64_t i = 0; i < kImages * kEach; ++i) {
    coco.add_annotation("{\"image_id\":" + std::to_string(i / kEach + 1) +
                        ",\"category_id\":1,\"segmentation\":[],\"bbox\":[1,2,3,4],\"area\":12,"
                        "\"iscrowd\":0,\"instance_id\":" +
                        std::to_string(i % kEach + 1) + "}");
  }
  coco.finish();
  file.commit();
  const std::uint64_t all = kImages * kEach;
  const Json ledger = {{"class", "thing"},          {"placed", all},  {"labelled", all},
                       {"dropped", Json::object()}, {"written", all}, {"reread", all}};
  const Json dataset = {{"dataset_hash", sha256_of_file(folder / "manifest.jsonl")},
                        {"recipe_hash", "r"},
                        {"seed", 1},
                        {"count", kImages},
                        {"classes", {"thing"}},
                        {"ledger", Json::array({ledger})}};
  std::ofstream(folder / "dataset.json") << dataset.dump(2);
}

}  // namespace

TEST_SUITE("verify at large") {
  TEST_CASE("a million annotations are verified in less than 500 MB") {
    const Scratch scratch;
    make_many(scratch.path);
    for (const std::string consumer : {"", "coco"}) {
      const ChildEnd end = run_child([&] {
        std::ostringstream out;
        const int status = run_verify({scratch.path, consumer, false}, out);
        if (status != 0) std::fprintf(stderr, "%s\n", out.str().c_str());
        return status;
      });
      MESSAGE("--for \"", consumer, "\": ", end.mib, " MiB at most");
      CHECK(end.status == 0);
      CHECK(end.mib > 5);
      CHECK(end.mib < 500 * 1e6 / (1 << 20));
    }
  }
}
