#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "generator/sink.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/sinks/random_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kTextFormats{"coco",         "yolo",   "yolo_seg", "yolo_obb",
                                            "yolo_pose",    "kitti",  "voc",      "cvat",
                                            "label_studio", "prodigy"};

using LeftOut = std::map<std::string, std::uint64_t>;

/// One pass into all formats; what each could not carry.
std::map<std::string, LeftOut> write_all(const RandomDataset& data, const fs::path& folder,
                                         const std::vector<std::string>& formats = kTextFormats,
                                         const SinkOptions& options = {}) {
  std::map<std::string, std::unique_ptr<Sink>> sinks;
  for (const std::string& format : formats) {
    fs::create_directories(folder / format);
    sinks[format] = open_sink(format, folder / format, data.info, options);
  }
  for (const LabelledImage& image : data.images) {
    for (const auto& [format, sink] : sinks) sink->add(image);
  }
  std::map<std::string, LeftOut> left_out;
  for (const auto& [format, sink] : sinks) {
    sink->finish();
    left_out[format] = sink->left_out();
  }
  return left_out;
}

/// Runs the independent reader of a format; 77: a part of it was skipped, and it says so.
int read_back(const std::string& format, const fs::path& folder) {
  const std::string command =
      std::string(ORRERY_PYTHON) + " " + ORRERY_READ_SINKS + " " + format + " " + folder.string();
  return std::system(command.c_str());
}

}  // namespace

TEST_SUITE("sinks") {
  TEST_CASE("what each format holds is what its own readers find, of random datasets") {
    const TemporaryFolder scratch;
    const RandomDataset data(3, 40, scratch.path / "source");
    data.write_truth(scratch.path / "truth.json");
    const auto left_out = write_all(data, scratch.path);
    std::ofstream(scratch.path / "left_out.json") << Json(left_out).dump();
    for (const std::string& format : kTextFormats) {
      CAPTURE(format);
      CHECK(read_back(format, scratch.path) == 0);
    }
  }

  TEST_CASE("the same images give the same bytes") {
    const TemporaryFolder scratch;
    const RandomDataset data(4, 12, scratch.path / "source");
    write_all(data, scratch.path / "a");
    write_all(data, scratch.path / "b");
    CHECK(files_of(scratch.path / "a") == files_of(scratch.path / "b"));
    CHECK(files_of(scratch.path / "a").size() > 100);
  }

  TEST_CASE("a dataset without an image is a dataset in every format") {
    const TemporaryFolder scratch;
    const RandomDataset data(4, 0, scratch.path / "source");
    write_all(data, scratch.path);
    CHECK(fs::exists(scratch.path / "coco/annotations/instances_default.json"));
    CHECK(fs::exists(scratch.path / "yolo/train.txt"));
    CHECK(fs::exists(scratch.path / "yolo/val.txt"));
  }

  TEST_CASE("an unknown format is a usage error with the nearest name") {
    const TemporaryFolder scratch;
    try {
      open_sink("yolo_sge", scratch.path, {});
      FAIL("it was opened");
    } catch (const Error& error) {
      CHECK(error.exit() == Exit::usage);
      CHECK(std::string(error.what()).find("wanted one such as \"yolo_seg\"") != std::string::npos);
    }
  }

  TEST_CASE("weights stay in COCO, are refused elsewhere, or dropped below the least one") {
    const TemporaryFolder scratch;
    const RandomDataset data(5, 20, scratch.path / "source", {.weights = true, .crowds = false});
    std::uint64_t light = 0;
    std::uint64_t below = 0;
    for (const LabelledImage& image : data.images) {
      for (const Label& label : image.labels) {
        if (label.weight < 1) ++light;
        if (label.weight < 0.3) ++below;
      }
    }
    REQUIRE(below > 0);
    REQUIRE(light > below);
    CHECK(write_all(data, scratch.path / "a", {"coco"}).at("coco").count("weights") == 0);
    for (const std::string& format : kTextFormats) {
      CAPTURE(format);
      if (format == "coco") continue;
      CHECK_THROWS_AS(write_all(data, scratch.path / ("refused_" + format), {format}), Error);
      const LeftOut left_out =
          write_all(data, scratch.path / "dropped", {format}, {.weights = WeightRule::drop})
              .at(format);
      CHECK(left_out.at("weight_below_min") == below);
      CHECK(left_out.at("weights") == light - below);
    }
  }

  TEST_CASE("pictures are hard links where the file system allows it") {
    const TemporaryFolder scratch;
    const RandomDataset data(6, 1, scratch.path / "source");
    write_all(data, scratch.path, {"yolo"});
    CHECK(fs::hard_link_count(data.images[0].file.path) == 2);
  }

  TEST_CASE("names that would leave the folder are refused by every format") {
    const TemporaryFolder scratch;
    RandomDataset data(6, 1, scratch.path / "source");
    for (const char* name : {"../a", "/a", "a/../b", "a\nb", ""}) {
      data.images[0].name = name;
      for (const std::string& format : kTextFormats) {
        CAPTURE(format);
        const fs::path folder = scratch.path / "out";
        CHECK_THROWS_AS(write_all(data, folder, {format}), Error);
        fs::remove_all(folder);
      }
    }
  }

  TEST_CASE("classes whose keypoints mirror differently are no YOLO poses") {
    const TemporaryFolder scratch;
    RandomDataset data(6, 0, scratch.path / "source");
    data.info.keypoints[2] = data.info.keypoints[1];
    CHECK_NOTHROW(open_sink("yolo_pose", scratch.path, data.info));
    data.info.keypoints[2].swaps.clear();
    CHECK_THROWS_AS(open_sink("yolo_pose", scratch.path, data.info), Error);
    data.info.keypoints.clear();
    CHECK_THROWS_AS(open_sink("yolo_pose", scratch.path, data.info), Error);
  }

  TEST_CASE("classes that KITTI's names cannot tell apart are refused") {
    const TemporaryFolder scratch;
    DatasetInfo info;
    info.classes = {"a b", "a_b"};
    CHECK_THROWS_AS(open_sink("kitti", scratch.path, info), Error);
  }
}
