#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "generator/sink.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/roundtrip/carried_truth.hpp"
#include "tests/generator/sinks/random_dataset.hpp"

namespace orrery::testing {
namespace {

namespace fs = std::filesystem;

struct Dataset {
  DatasetInfo info;
  std::vector<LabelledImage> images;
};

/// Beyond random_dataset.hpp: oriented boxes, outlines of several polygons, a class with a colon.
Dataset random_dataset(std::uint64_t seed, int count, const fs::path& folder) {
  RandomDataset random(seed, count, folder);
  random.info.classes[2] = "a b & <c>: d";
  for (std::size_t i = 0; i < random.images.size(); ++i) {
    LabelledImage& image = random.images[i];
    Rng rng(seed, i, "tests/roundtrip");
    for (Label& label : image.labels) {
      const bool is_box = !label.mask && label.outline.empty();
      if (is_box && rng.below(2) == 0) {
        OrientedBox o;
        o.center.x = rng.uniform(10, image.width - 10);
        o.center.y = rng.uniform(10, image.height - 10);
        o.size.x = rng.uniform(2, 12);
        o.size.y = rng.uniform(2, 12);
        o.angle = rng.below(5) == 0 ? 0 : rng.uniform(0, 1.57);
        label.oriented = o;
        const glm::dvec2 u = glm::dvec2(std::cos(o.angle), std::sin(o.angle)) * (o.size.x / 2);
        const glm::dvec2 v = glm::dvec2(-std::sin(o.angle), std::cos(o.angle)) * (o.size.y / 2);
        label.box =
            extent_of({{o.center - u - v, o.center + u - v, o.center + u + v, o.center - u + v}});
        label.loose = false;
      }
      if (label.outline.size() == 1 && rng.below(2) == 0) {
        Polygon other = label.outline[0];
        const double x = label.box.x0;
        const double y = label.box.y0;
        const bool apart = rng.below(2) == 0;
        for (glm::dvec2& p : other) {
          p = glm::dvec2(apart ? image.width : x + label.box.width(), image.height) -
              (p - glm::dvec2(x, y)) * 0.4;
          if (!apart) p.y = y + 2.5 + (p.y - image.height) * 0.25 + 0.1 * (p.x - x);
        }
        const Rect extent = extent_of({other});
        if (extent.x0 >= 0 && extent.y0 >= 0 && extent.x1 <= image.width &&
            extent.y1 <= image.height) {
          label.outline.push_back(other);
          label.box = extent_of(label.outline);
        }
      }
    }
  }
  return {random.info, random.images};
}

void write(const std::string& format, const fs::path& folder, const Dataset& data) {
  fs::create_directories(folder);
  const auto sink = open_sink(format, folder, data.info);
  for (const LabelledImage& image : data.images) sink->add(image);
  sink->finish();
}

/// Reads a folder, its format found out, and checks that nothing was wrong with it.
Dataset read(const fs::path& folder, bool clipped_boxes = false) {
  const auto source = open_source(folder, "");
  Dataset data;
  while (auto image = source->next()) data.images.push_back(std::move(*image));
  data.info = source->info();
  for (const Problem& p : source->problems()) {
    if (clipped_boxes && p.reason == "box_clipped") continue;
    CHECK_MESSAGE(false, p.where, ": ", p.reason, ": ", p.text);
    break;
  }
  return data;
}

void check_same(const Truth& truth, const Dataset& data) {
  const std::vector<std::string> found = differences(truth, data.info, data.images);
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 5); ++i) MESSAGE(found[i]);
  CHECK(found.size() == 0);
}

TEST_CASE("what a format carries comes back, and again through every other format") {
  for (const std::uint64_t seed : {1U, 2U}) {
    const TemporaryFolder scratch;
    const Dataset data = random_dataset(seed, 30, scratch.path / "source");
    const Truth truth = truth_of(data.info, data.images);
    for (const Carrier& first : carriers()) {
      CAPTURE(first.sink);
      write(first.sink, scratch.path / first.sink, data);
      const Dataset once = read(scratch.path / first.sink);
      const Truth kept = first.through(truth);
      check_same(kept, once);
      for (const Carrier& second : carriers()) {
        CAPTURE(second.sink);
        const fs::path folder = scratch.path / (first.sink + "_" + second.sink);
        // Poses need a class with keypoints.
        if (second.sink == "yolo_pose" && kept.points.empty()) continue;
        // A dataset whose polygons all have four corners is read as one of oriented boxes.
        const bool shapes =
            first.sink == "coco" || first.sink == "yolo_seg" || first.sink == "cvat";
        if (second.sink == "yolo_seg" && !shapes) continue;
        write(second.sink, folder, once);
        const bool may_lean_out = first.sink == "yolo_obb";
        check_same(second.through(kept), read(folder, may_lean_out));
      }
    }
  }
}

TEST_CASE("COCO brings back names, edges and swaps of keypoints, lineage and attributes") {
  const TemporaryFolder scratch;
  Dataset data = random_dataset(3, 8, scratch.path / "source");
  data.images[0].lineage = {
      {"model", "mug", "00ff", "CC0-1.0"}, {"photo", "IMG_1", "", "CC-BY-4.0"}, {"photo", "IMG_2"}};
  data.images[0].track = "in_scope";
  data.images[0].more["weather"] = "rain";
  data.images[1].lineage = {{"session", "monday"}};
  data.images[2].labels[0].more["colour"] = "red";
  write("coco", scratch.path / "a", data);
  const Dataset once = read(scratch.path / "a");
  CHECK(once.info.keypoints.size() >= 2);
  CHECK(once.info.keypoints[1].skeleton == data.info.keypoints[1].skeleton);
  CHECK(once.info.keypoints[1].swaps == data.info.keypoints[1].swaps);
  write("coco", scratch.path / "b", once);
  const Dataset twice = read(scratch.path / "b");
  for (const Dataset& found : {once, twice}) {
    const auto by = [&](const LabelledImage& image) {
      return *std::find_if(found.images.begin(), found.images.end(), [&](const LabelledImage& one) {
        return fs::equivalent(one.file.path, image.file.path);
      });
    };
    CHECK(by(data.images[0]).lineage == data.images[0].lineage);
    CHECK(by(data.images[0]).track == "in_scope");
    CHECK(by(data.images[0]).more == data.images[0].more);
    CHECK(by(data.images[1]).lineage[1] == Ingredient{"session", "monday"});
    CHECK(by(data.images[2]).labels[0].more == data.images[2].labels[0].more);
  }
}

}  // namespace
}  // namespace orrery::testing
