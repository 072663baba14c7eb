#include <doctest/doctest.h>

#include <fstream>

#include "generator/sink.hpp"
#include "generator/sinks/coco.hpp"
#include "scenes/random.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/support/child.hpp"

using namespace orrery;
namespace fs = std::filesystem;

namespace {

constexpr int kImages = 20'000;
constexpr int kLabels = 50;

/// A million boxes and small masks, in folds, into COCO.
void write_a_million(const fs::path& folder, const fs::path& picture) {
  DatasetInfo info;
  info.classes = {"a", "b"};
  const std::unique_ptr<Sink> sink = open_sink("coco", folder, info);
  LabelledImage image;
  image.file = picture;
  image.width = 640;
  image.height = 480;
  for (int i = 0; i < kImages; ++i) {
    Rng rng(1, static_cast<std::uint64_t>(i), "tests/million");
    image.name = std::to_string(i);
    image.split = i % 10 == 0 ? "val" : "train";
    image.fold = i % 5;
    image.labels.clear();
    for (int k = 0; k < kLabels; ++k) {
      Label label;
      label.id = static_cast<std::uint64_t>(k) + 1;
      label.class_id = rng.below(2);
      label.box.x0 = rng.below(600);
      label.box.y0 = rng.below(400);
      label.box.x1 = label.box.x0 + 8;
      label.box.y1 = label.box.y0 + 8;
      const auto start =
          static_cast<std::uint32_t>(label.box.x0) * 480 + static_cast<std::uint32_t>(label.box.y0);
      std::vector<std::uint32_t> counts{start};
      for (int column = 0; column < 8; ++column) {
        counts.push_back(8);
        counts.push_back(472);
      }
      counts.back() = 640 * 480 - start - 8 * 8 - 7 * 472;
      label.mask = Rle{640, 480, std::move(counts)};
      image.labels.push_back(std::move(label));
    }
    sink->add(image);
  }
  sink->finish();
}

}  // namespace

TEST_CASE("a million annotations go into COCO with less than 500 MB, and all of them arrive") {
  const TemporaryFolder scratch;
  const fs::path picture = scratch.path / "picture.png";
  std::ofstream(picture) << "a picture";
  const fs::path folder = scratch.path / "out";
  fs::create_directory(folder);
  const testing::ChildEnd end = testing::run_child([&] {
    write_a_million(folder, picture);
    return 0;
  });
  CHECK(end.status == 0);
  MESSAGE("peak " << end.mib << " MiB, " << end.seconds << " s of the processor");
  CHECK(end.mib < 500);
  std::uint64_t all = 0;
  for (const char* split : {"train", "val"}) {
    const CocoCounts counts =
        counts_of_coco(folder / "annotations" / (std::string("instances_") + split + ".json"));
    for (const auto& [category, count] : counts.annotations) all += count;
  }
  CHECK(all == static_cast<std::uint64_t>(kImages) * kLabels);
  const CocoCounts fold = counts_of_coco(folder / "folds/fold4/instances_val.json");
  CHECK(fold.images == kImages / 5);
}
