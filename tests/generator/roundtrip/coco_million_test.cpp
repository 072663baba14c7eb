#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>

#include "generator/encode.hpp"
#include "generator/source.hpp"
#include "generator/whole_file.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/support/child.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr int kImages = 20'000;
constexpr int kLabels = 50;

/// COCO with a polygon and a box an annotation, images in the order of the file, annotations of
/// images in turns: the index has to bring them together.
void write_a_million(const fs::path& folder) {
  fs::create_directories(folder / "images");
  const Image<Rgba8> color(64, 48, Rgba8(1, 2, 3, 255));
  const auto png = png_from(ImageView<Rgba8>{color.width, color.height, color.pixels}, Alpha::drop);
  write_whole_file(folder / "0.png", png);
  fs::create_directories(folder / "annotations");
  std::ofstream out(folder / "annotations/instances_train.json", std::ios::binary);
  out << R"({"categories":[{"id":1,"name":"x"},{"id":2,"name":"y"}],"images":[)";
  for (int i = 0; i < kImages; ++i) {
    const std::string name = std::to_string(i) + ".png";
    fs::create_hard_link(folder / "0.png", folder / "images" / name);
    out << (i > 0 ? ",\n" : "\n") << R"({"id":)" << i + 1 << R"(,"file_name":")" << name
        << R"(","width":64,"height":48})";
  }
  out << "],\n\"annotations\":[";
  for (int k = 0; k < kLabels; ++k) {
    for (int i = 0; i < kImages; ++i) {
      const int x = k;
      const int y = i % 40;
      out << (k + i > 0 ? ",\n" : "\n") << R"({"id":)" << k * kImages + i + 1 << R"(,"image_id":)"
          << i + 1 << R"(,"category_id":)" << 1 + k % 2 << R"(,"bbox":[)" << x << ',' << y
          << R"(,8,6],"area":48,"iscrowd":0,"segmentation":[[)" << x << ',' << y << ',' << x + 8
          << ',' << y << ',' << x + 8 << ',' << y + 6 << ',' << x << ',' << y + 6 << "]]}";
    }
  }
  out << "]}";
}

}  // namespace

TEST_CASE("a million annotations of COCO are read in less than 500 MB, and all of them come") {
  const TemporaryFolder folder;
  write_a_million(folder.path);
  fs::remove(folder.path / "0.png");
  const fs::path told = folder.path / "told";
  const testing::ChildEnd end = testing::run_child([&] {
    std::uint64_t labels = 0;
    std::uint64_t images = 0;
    const auto source = open_source(folder.path, "coco");
    while (const auto image = source->next()) {
      ++images;
      labels += image->labels.size();
    }
    std::ofstream(told) << images << " " << labels << " " << source->problems().size();
    return 0;
  });
  CHECK(end.status == 0);
  MESSAGE("peak " << end.mib << " MiB, " << end.seconds << " s of the processor");
  CHECK(end.mib < 500);
  std::string found;
  std::getline(std::ifstream(told) >> std::ws, found);
  CHECK(found == std::to_string(kImages) + " " + std::to_string(kImages * kLabels) + " 0");
}

}  // namespace orrery
