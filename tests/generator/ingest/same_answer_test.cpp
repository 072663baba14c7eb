#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <tuple>

#include "generator/encode.hpp"
#include "generator/sink.hpp"
#include "generator/source.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/ingest/reading.hpp"

namespace orrery {
namespace {

using namespace testing;

namespace fs = std::filesystem;

TEST_CASE("what the Label Studio and Prodigy sinks write comes back") {
  for (const std::string format : {"label_studio", "prodigy"}) {
    CAPTURE(format);
    TemporaryFolder folder;
    write_blank(folder.path / "from/a b.jpg", 7, 5);
    DatasetInfo info;
    info.classes = {"y", "x"};
    LabelledImage image;
    image.name = "a b";
    image.file = folder.path / "from/a b.jpg";
    image.width = 7;
    image.height = 5;
    image.split = "val";
    Image<std::uint8_t> plain(7, 5, 0);
    for (int x = 1; x < 6; ++x) plain.at(x, x % 3 + 1) = plain.at(x, 2) = 1;
    Label box;
    box.id = 1;
    box.box = {0.123456789, 1.1, 3.3, 4.7};
    Label mask;
    mask.id = 2;
    mask.class_id = 1;
    mask.mask = rle_from_mask(plain);
    mask.box = rect_of(bounding_box(*mask.mask));
    Label polygon;
    polygon.id = 3;
    polygon.outline = {{{0.7, 0.1}, {6.3, 1.9}, {2.1, 4.9}}};
    polygon.box = extent_of(polygon.outline);
    image.labels = {box, mask, polygon};
    fs::create_directories(folder.path / "to");
    const auto sink = open_sink(format, folder.path / "to", info);
    sink->add(image);
    sink->finish();
    const auto source = open_source(folder.path / "to", "");
    const auto images = all_of(*source);
    for (const Problem& p : source->problems()) MESSAGE(p.where, ": ", p.reason, ": ", p.text);
    CHECK(source->problems().empty());
    REQUIRE(images.size() == 1);
    CHECK(images[0].split == "val");
    REQUIRE(images[0].labels.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      const Label& had = image.labels[i];
      const Label& got = images[0].labels[i];
      CHECK(source->info().classes[got.class_id] == info.classes[had.class_id]);
      CHECK(std::abs(got.box.x0 - had.box.x0) < 1e-4);
      CHECK(std::abs(got.box.y0 - had.box.y0) < 1e-4);
      CHECK(std::abs(got.box.x1 - had.box.x1) < 1e-4);
      CHECK(std::abs(got.box.y1 - had.box.y1) < 1e-4);
      if (i > 0) CHECK(mask_of(got, 7, 5) == mask_of(had, 7, 5));
    }
  }
}

/// Class and edges of all boxes by picture, in order.
using Boxes = std::map<std::string, std::vector<std::pair<std::string, Rect>>>;

TEST_CASE("one set of boxes in seven formats is one set of boxes") {
  if (!have_data()) return;
  const fs::path from = kFormats / "voc100_annotations/gts";
  TemporaryFolder folder;
  std::map<std::string, std::pair<int, int>> sizes;
  std::ifstream in(from / "coco_format_v2/instances_v2.json");
  const Json truth_file = Json::parse(in);
  for (const Json& image : truth_file.at("images")) {
    sizes[image["file_name"]] = {image["width"], image["height"]};
  }
  REQUIRE(sizes.size() == 100);
  const auto read = [&](const std::string& name, const std::string& pictures) {
    fs::copy(from / name, folder.path / name, fs::copy_options::recursive);
    for (const auto& [file, size] : sizes) {
      write_blank(folder.path / name / pictures / file, size.first, size.second);
    }
    const auto source = open_source(folder.path / name, "");
    Boxes boxes;
    for (const LabelledImage& image : all_of(*source)) {
      auto& list = boxes[image.file.path.filename().string()];
      for (const Label& label : image.labels) {
        list.emplace_back(source->info().classes[label.class_id], label.box);
      }
      std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
        return std::tuple(a.first, std::round(a.second.x1), std::round(a.second.y1)) <
               std::tuple(b.first, std::round(b.second.x1), std::round(b.second.y1));
      });
    }
    return boxes;
  };
  const Boxes truth = read("coco_format_v2", "images");
  CHECK(truth.size() == 100);
  // VOC's integers count from 1 and its reader takes that into account: one pixel at the top left.
  const std::vector<std::tuple<std::string, std::string, double, std::size_t>> formats{
      {"coco_format_v1", "images", 0, 100},
      {"cvat_format", "images", 0, 100},
      {"imagenet_format", "JPEGImages", 0, 100},
      {"pascalvoc_format", ".", 1, 100},
      {"labelme_format", ".", 0, 3},
      {"openimages_format", "images", 0, 100},
      {"yolo_format", "obj_train_data", 0, 100}};
  for (const auto& [name, pictures, first, count] : formats) {
    const std::string format = name;
    CAPTURE(format);
    const Boxes boxes = read(name, pictures);
    CHECK(boxes.size() == count);
    const double slack = name == "yolo_format" ? 1e-3 : 1e-6;
    for (const auto& [file, list] : boxes) {
      const std::string picture = file;
      CAPTURE(picture);
      const auto& wanted = truth.at(file);
      REQUIRE(list.size() == wanted.size());
      for (std::size_t i = 0; i < list.size(); ++i) {
        CHECK(list[i].first == wanted[i].first);
        CHECK(std::abs(list[i].second.x0 - wanted[i].second.x0 + first) < slack);
        CHECK(std::abs(list[i].second.y0 - wanted[i].second.y0 + first) < slack);
        CHECK(std::abs(list[i].second.x1 - wanted[i].second.x1) < slack);
        CHECK(std::abs(list[i].second.y1 - wanted[i].second.y1) < slack);
      }
    }
  }
}

}  // namespace
}  // namespace orrery
