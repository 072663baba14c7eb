#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <map>

#include "generator/ingest/picture_header.hpp"
#include "generator/source.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/ingest/reading.hpp"

namespace orrery {
namespace {

using namespace testing;

namespace fs = std::filesystem;

TEST_CASE("cards: VOC boxes, sessions and splits of images.csv") {
  if (!have_data()) return;
  const auto source = open_source(kReal / "cards", "");
  const auto images = all_of(*source);
  CHECK(images.size() == 92);
  std::size_t boxes = 0;
  for (const LabelledImage& image : images) {
    if (image.split == "dev") boxes += image.labels.size();
    CHECK(std::any_of(image.lineage.begin(), image.lineage.end(),
                      [](const Ingredient& i) { return i.kind == "session"; }));
  }
  CHECK(boxes == 103);
  CHECK(source->info().classes ==
        std::vector<std::string>{"nine", "ten", "jack", "queen", "king", "ace"});
}

TEST_CASE("dice: 337 boxes of YOLO rows") {
  if (!have_data()) return;
  const auto source = open_source(kReal / "dice", "");
  std::size_t boxes = 0;
  for (const LabelledImage& image : all_of(*source)) boxes += image.labels.size();
  CHECK(boxes == 337);
}

TEST_CASE("a JPEG that is cut short is found") {
  if (!have_data()) return;
  const fs::path whole = kReal / "bccd/JPEGImages/BloodImage_00000.jpg";
  CHECK(read_picture_header(whole).width == 640);
  TemporaryFolder folder;
  fs::copy_file(whole, folder.path / "a.jpg");
  fs::resize_file(folder.path / "a.jpg", fs::file_size(whole) / 2);
  PictureFault fault;
  CHECK(!find_picture_header(folder.path / "a.jpg", fault));
  CHECK(fault.reason == "picture_truncated");
}

TEST_CASE("COCO: instances of two files with an uncompressed mask") {
  if (!have_data()) return;
  const auto source = open_source(kReal / "formats/datumaro/coco_dataset/coco_instances", "");
  const auto images = all_of(*source);
  for (const Problem& p : source->problems()) MESSAGE(p.where, ": ", p.reason, ": ", p.text);
  REQUIRE(images.size() == 2);
  CHECK(images[0].split == "train");
  CHECK(images[0].labels.at(0).box == Rect{2, 2, 5, 3});
  CHECK(images[1].labels.size() == 2);
  CHECK(source->info().classes == std::vector<std::string>{"a", "b", "c"});
}

TEST_CASE("CVAT: the box of the sample task") {
  if (!have_data()) return;
  const auto source =
      open_source(kReal / "formats/datumaro/cvat_dataset/for_images/export_task", "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 2);
  CHECK(images[0].labels.at(0).box == Rect{0, 2, 4, 4});
}

TEST_CASE("planted faults of YOLO rows are each named, and the sound row comes") {
  if (!have_data()) return;
  TemporaryFolder folder;
  fs::create_directories(folder.path / "images");
  fs::copy_file(kReal / "bccd/JPEGImages/BloodImage_00000.jpg", folder.path / "images/a.jpg");
  write(folder.path / "classes.txt", "x\ny\n");
  write(folder.path / "labels/a.txt",
        "0 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n0 3 3 0.1 0.1\n"
        "1 0.99 0.5 0.2 0.2\n0 0.5 0.5 0 0.2\n0 nan 0.5 0.1 0.1\n0 0.5 0.5 -0.1 0.1\n0 a b c d\n");
  const auto source = open_source(folder.path, "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 1);
  CHECK(images[0].labels.size() == 2);
  CHECK(rules(*source) == std::map<std::string, int>{{"box_duplicate", 1},
                                                     {"class_unknown", 1},
                                                     {"box_outside_image", 1},
                                                     {"box_clipped", 1},
                                                     {"box_empty", 1},
                                                     {"box_not_a_number", 1},
                                                     {"box_negative", 1},
                                                     {"malformed", 1}});
}

/// Sessions (its folder is one) and split of each image, by its name.
std::map<std::string, std::string> told(Source& source) {
  std::map<std::string, std::string> told;
  for (const LabelledImage& image : all_of(source)) {
    std::string& text = told[image.name];
    for (const Ingredient& part : image.lineage) {
      if (part.kind == "session") text += part.name + " ";
    }
    text += image.split;
  }
  return told;
}

TEST_CASE("rows of images.csv are of their path's picture, not of all of that name") {
  const TemporaryFolder folder;
  for (const char* room : {"kitchen", "garage", "yard"}) {
    write_blank(folder.path / "here" / room / "0.jpg", 32, 24);
  }
  const auto table = [&](const std::string& rows) {
    write(folder.path / "here/images.csv", "image,group,split\n" + rows);
    return open_source(folder.path / "here", "");
  };
  auto source = table("kitchen/0.jpg,k,train\nyard/0.jpg,y,test\n");
  CHECK(told(*source) == std::map<std::string, std::string>{{"garage/0", "garage "},
                                                            {"kitchen/0", "k kitchen train"},
                                                            {"yard/0", "y yard test"}});
  source = table("C/kitchen/0.jpg,k,train\nC/yard/0.jpg,y,test\nC/garage/0.jpg,g,\n");
  CHECK(told(*source) == std::map<std::string, std::string>{{"garage/0", "g garage "},
                                                            {"kitchen/0", "k kitchen train"},
                                                            {"yard/0", "y yard test"}});
  source = table("a/0.jpg,k,train\nb/0.jpg,y,test\n");
  CHECK(told(*source).at("yard/0") == "yard ");
  CHECK(rules(*source).at("session_ambiguous") == 3);
}

TEST_CASE("a box is of its polygons: loose if it is larger, theirs if it is another") {
  const TemporaryFolder folder;
  write_blank(folder.path / "images/a.jpg", 200, 150);
  const std::string polygon = R"([[50,40,90,40,90,80,50,80]])";
  std::string annotations;
  for (const char* box : {"[50,40,40,40]", "[30,20,80,80]", "[0,0,10,10]"}) {
    annotations +=
        (annotations.empty() ? "" : ",") + (R"({"id":)" + std::to_string(annotations.size() + 1)) +
        R"(,"image_id":1,"category_id":1,"bbox":)" + box + R"(,"segmentation":)" + polygon + "}";
  }
  write(folder.path / "annotations/instances_train.json",
        R"({"images":[{"id":1,"file_name":"a.jpg","width":200,"height":150}],"categories":)"
        R"([{"id":1,"name":"x"}],"annotations":[)" +
            annotations + "]}");
  const auto source = open_source(folder.path, "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 1);
  CHECK(rules(*source).at("box_unlike_mask") == 1);
  std::vector<std::pair<Rect, bool>> boxes;
  for (const Label& label : images[0].labels) boxes.emplace_back(label.box, label.loose);
  CHECK(boxes ==
        std::vector<std::pair<Rect, bool>>{{{50, 40, 90, 80}, false}, {{30, 20, 110, 100}, true}});
  CHECK(rules(*source).at("box_duplicate") == 1);  // the third is the first, once corrected
}

TEST_CASE("an unknown folder is an error that says what was looked for") {
  TemporaryFolder folder;
  write(folder.path / "a.bin", "x");
  try {
    open_source(folder.path, "");
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("data.yaml") != std::string::npos);
  }
}

}  // namespace
}  // namespace orrery
