#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>

#include "generator/encode.hpp"
#include "generator/ingest/label_studio_rle.hpp"
#include "generator/source.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/ingest/reading.hpp"

namespace orrery {
namespace {

using namespace testing;

namespace fs = std::filesystem;
const fs::path kDatumaro = kFormats / "datumaro";

bool names_line(const Source& source, const std::string& reason, const std::string& place) {
  return std::any_of(source.problems().begin(), source.problems().end(), [&](const Problem& p) {
    return p.reason == reason && (p.where + p.text).find(place) != std::string::npos;
  });
}

using Rules = std::map<std::string, int>;

TEST_CASE("Datumaro: labels of whole images are tags, and subsets are splits") {
  if (!have_data()) return;
  const auto source = open_source(kDatumaro / "datumaro_dataset/legacy", "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 4);
  CHECK(images[0].split == "test");
  CHECK(images[1].more["tags"] == Json{"car"});
  CHECK(images[2].more["tags"] == Json{"car", "bicycle", "tom", "mary"});
  CHECK(images[3].split == "val");
  CHECK(source->info().classes == std::vector<std::string>{"car", "bicycle", "tom", "mary"});
  CHECK(source->problems().empty());
}

TEST_CASE("Datumaro 1.0: a group is one instance, and what is broken is named") {
  TemporaryFolder folder;
  write_blank(folder.path / "images/train/a.jpg", 20, 10);
  write(folder.path / "annotations/train.json", R"({"dm_format_version": "1.0", "infos": {},
"categories": {"label": {"labels": [{"name": "x", "parent": ""}, {"name": "y", "parent": ""}]},
 "points": {"items": [{"label_id": 1, "labels": ["p", "q"], "joints": [[1, 2]]}]}},
"items": [
{"id": "a", "image": {"path": "a.jpg", "size": [10, 20]}, "annotations": [
 {"type": "bbox", "label_id": 1, "group": 5, "bbox": [2, 3, 4, 5]},
 {"type": "points", "label_id": 1, "group": 5, "points": [2.5, 3, 0, 0], "visibility": [1, 0]},
 {"type": "polygon", "label_id": 0, "group": 7, "points": [0, 0, 3, 0, 3, 3]},
 {"type": "polygon", "label_id": 0, "group": 7, "points": [9, 5, 12, 5, 12, 8]},
 {"type": "mask", "label_id": 0, "group": 0, "rle": {"size": [3, 3], "counts": "09"}},
 {"type": "bbox", "label_id": 9, "bbox": [2, 3, 4, 5]},
 {"type": "bbox", "label_id": null, "bbox": [2, 3, 4, 5]},
 {"type": "bbox", "label_id": 0, "bbox": [2, 3, 4]},
 {"type": "polyline", "label_id": 0, "points": [2, 3, 4, 5]}]},
{"id": "gone", "image": {"path": "gone.jpg"}, "annotations": []},
{"annotations": []}]})");
  const auto source = open_source(folder.path, "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 1);
  REQUIRE(images[0].labels.size() == 2);
  CHECK(images[0].labels[0].box == Rect{2, 3, 6, 8});
  CHECK(images[0].labels[0].keypoints == std::vector<LabelPoint>{{{2.5, 3}, 1}, {{0, 0}, 0}});
  CHECK(images[0].labels[1].outline.size() == 2);
  CHECK(images[0].labels[1].box == Rect{0, 0, 12, 8});
  CHECK(rules(*source) == Rules{{"mask_malformed", 1},
                                {"class_unknown", 1},
                                {"class_missing", 1},
                                {"box_not_a_number", 1},
                                {"shape_unsupported", 1},
                                {"picture_missing", 1},
                                {"malformed", 1}});
  CHECK(names_line(*source, "malformed", "train.json:16"));
}

TEST_CASE("LabelMe XML: polygons, a box and masks of the sample") {
  if (!have_data()) return;
  const auto source = open_source(kDatumaro / "labelme_dataset", "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 1);
  const auto& labels = images[0].labels;
  REQUIRE(labels.size() == 7);
  CHECK(labels[0].box == Rect{43, 34, 45, 37});
  REQUIRE(labels[1].mask);
  CHECK(area(*labels[1].mask) == 10);
  CHECK(labels[1].box == Rect{58, 67, 63, 69});
  CHECK(labels[2].outline.at(0).size() == 7);
  CHECK(labels[2].more["occluded"] == true);
  CHECK(labels[4].box == Rect{13, 19, 23, 30});
  CHECK(labels[4].outline.empty());
  CHECK(source->info().classes ==
        std::vector<std::string>{"b1", "hg", "license plate", "m1", "o1", "q1", "window"});
  CHECK(source->problems().empty());
}

TEST_CASE("LabelMe JSON: groups are instances, points their keypoints, faults are named") {
  TemporaryFolder folder;
  write_blank(folder.path / "a.jpg", 20, 10);
  write(folder.path / "a.json", R"({"version": "5", "flags": {}, "shapes": [
{"label": "x", "points": [[8, 7], [2, 3]], "shape_type": "rectangle", "group_id": 1},
{"label": "nose", "points": [[3, 4]], "shape_type": "point", "group_id": 1},
{"label": "y", "points": [[0, 0], [3, 0], [3, 3]], "shape_type": "polygon", "group_id": 2},
{"label": "y", "points": [[9, 5], [12, 5], [12, 8]], "shape_type": "polygon", "group_id": 2},
{"label": "x", "points": [[15, 5], [15, 8]], "shape_type": "circle", "group_id": null},
{"label": "x", "points": [[1, 1]], "shape_type": "rectangle", "group_id": null},
{"label": "x", "points": [[1, 1], [2, 2]], "shape_type": "line", "group_id": null},
{"label": "ear", "points": [[1, 1]], "shape_type": "point", "group_id": null},
{"label": "x", "points": [[1, 1], [3, 3]], "shape_type": "mask", "mask": "????"}],
"imagePath": "a.jpg", "imageData": null, "imageHeight": 10, "imageWidth": 20})");
  write(folder.path / "b.json", "{\n\"shapes\": [}");
  const auto source = open_source(folder.path, "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 1);
  REQUIRE(images[0].labels.size() == 3);
  CHECK(images[0].labels[0].box == Rect{2, 3, 8, 7});
  CHECK(images[0].labels[0].keypoints == std::vector<LabelPoint>{{{3, 4}, 2}});
  CHECK(images[0].labels[1].outline.size() == 2);
  CHECK(images[0].labels[2].area() == doctest::Approx(28).epsilon(0.1));
  CHECK(rules(*source) == Rules{{"malformed", 2}, {"shape_unsupported", 2}, {"mask_malformed", 1}});
}

TEST_CASE(
    "Open Images: boxes, a crowd and a mask of the sample; v6's two other pictures are named") {
  if (!have_data()) return;
  const auto source = open_source(kDatumaro / "open_images_dataset/v6", "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 2);
  CHECK(images[0].name == "images/train/b");
  CHECK(images[0].split == "train");
  REQUIRE(images[0].labels.at(0).mask);
  CHECK(images[0].labels[0].box == Rect{0, 0, 2, 2});
  CHECK(images[1].split == "test");
  const Label& group = images[1].labels.at(0);
  CHECK(group.crowd);
  CHECK(group.more["occluded"] == true);
  CHECK(group.more["confidence"] == 0.7);
  CHECK(group.box.x0 == doctest::Approx(3.5));
  CHECK(group.box.y1 == doctest::Approx(5));
  CHECK(source->info().classes.at(3) == "Generic label #3");
  CHECK(rules(*source) == Rules{{"image_unlabelled", 2}, {"box_unlike_mask", 1}});
}

TEST_CASE("Open Images: broken rows are named with their line") {
  TemporaryFolder folder;
  write_blank(folder.path / "images/a.jpg", 20, 10);
  write(folder.path / "class-descriptions.csv", "/m/0,Cup\n");
  write(folder.path / "boxes.csv",
        "ImageID,LabelName,XMin,XMax,YMin,YMax\na,/m/0,\"0,5\",\"0,75\",0.2,.9\na,/m/0,0.1\n"
        "a,/m/9,0.1,0.2,0.1,0.2\na,/m/0,x,0.2,0.1,0.2\nb,/m/0,0.1,0.2,0.1,0.2\n"
        "a,/m/0,0.3,0.2,0.1,0.2\n");
  const auto source = open_source(folder.path, "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 1);
  REQUIRE(images[0].labels.size() == 1);
  CHECK(images[0].labels[0].box == Rect{10, 2, 15, 9});
  CHECK(rules(*source) == Rules{{"malformed", 1},
                                {"class_unknown", 1},
                                {"box_not_a_number", 1},
                                {"picture_missing", 1},
                                {"box_negative", 1}});
  CHECK(names_line(*source, "malformed", "boxes.csv:3"));
  CHECK(names_line(*source, "box_not_a_number", "boxes.csv:5"));
}

TEST_CASE("Prodigy: the answer decides, and faults are named with their line") {
  TemporaryFolder folder;
  for (const char* name : {"a", "b", "c", "d"}) {
    write_blank(folder.path / (std::string(name) + ".jpg"), 20, 10);
  }
  write(folder.path / "tasks.jsonl",
        R"({"image":"http://h/x/a.jpg?k=1","width":20,"height":10,"answer":"accept","spans":[)"
        R"({"label":"x","type":"rect","points":[[2,3],[2,7],[8,7],[8,3]]},)"
        R"({"label":"y","points":[[0,0],[4,0],[4,4]]},)"
        R"({"label":"x","type":"rect","x":1,"y":1,"width":2,"height":3},)"
        R"({"label":"x","type":"rect"},{"type":"rect","x":1,"y":1,"width":2,"height":3},)"
        R"({"label":"x","type":"star","points":[[0,0]]},{"label":"x","points":[[0]]}]})"
        "\n{\"image\":\n\n"
        R"({"image":"b.jpg","spans":[],"answer":"reject"})"
        "\n"
        R"({"image":"b.jpg","spans":[],"answer":"ignore"})"
        "\n"
        R"({"image":"c.jpg","spans":[],"answer":"accept"})"
        "\n"
        R"({"image":"d.jpg","_view_id":"image_manual"})"
        "\n"
        R"({"image":"d.jpg","width":10,"height":5,"spans":[],"answer":"accept"})"
        "\n");
  const auto source = open_source(folder.path, "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 2);
  REQUIRE(images[0].labels.size() == 3);
  CHECK(images[0].labels[0].box == Rect{2, 3, 8, 7});
  CHECK(images[0].labels[1].outline.size() == 1);
  CHECK(images[0].labels[2].box == Rect{1, 1, 3, 4});
  CHECK(images[1].labels.empty());
  CHECK(rules(*source) == Rules{{"malformed", 2},
                                {"box_not_a_number", 1},
                                {"class_missing", 1},
                                {"shape_unsupported", 1},
                                {"answer_reject", 1},
                                {"answer_ignore", 1},
                                {"image_unlabelled", 1},
                                {"size_differs", 1}});
  CHECK(names_line(*source, "malformed", "tasks.jsonl:2"));
}

/// The mask below as label_studio_sdk 1.0.8 packs it.
const std::vector<std::uint8_t> kBrush{0,   0,   0,  140, 57,  27,  254, 35,  0,   191,
                                       255, 108, 2,  63,  248, 192, 39,  255, 182, 1,
                                       127, 254, 48, 8,   255, 240, 184, 0};

Image<std::uint8_t> brush_mask() {
  Image<std::uint8_t> mask(7, 5, 0);
  for (int y = 1; y < 4; ++y) {
    for (int x = 2; x < 6; ++x) mask.at(x, y) = 1;
  }
  mask.at(3, 2) = 0;
  mask.at(0, 4) = 1;
  return mask;
}

TEST_CASE("Label Studio's run lengths are what its own packer meant") {
  CHECK(rle_from_label_studio(kBrush, 7, 5) == rle_from_mask(brush_mask()));
  CHECK_THROWS_AS(rle_from_label_studio(kBrush, 7, 6), Error);
  auto cut = kBrush;
  cut.resize(20);
  CHECK_THROWS_AS(rle_from_label_studio(cut, 7, 5), Error);
}

TEST_CASE("Label Studio: shapes in percent; of several annotations one; faults are named") {
  TemporaryFolder folder;
  for (const char* name : {"a", "b", "c", "d"}) {
    write_blank(folder.path / (std::string(name) + ".jpg"), 7, 5);
  }
  const std::string brush = Json(kBrush).dump();
  const auto result = [](const std::string& type, const std::string& value) {
    return R"({"id":"r","type":")" + type + R"(","original_width":7,"original_height":5,"value":)" +
           value + "}";
  };
  const std::string turned = result(
      "rectanglelabels", R"({"x":50,"y":20,"width":28.571428571428573,"height":20,"rotation":90,)"
                         R"("rectanglelabels":["x"]})");
  const std::string parts =
      result("brushlabels", R"({"format":"rle","rle":)" + brush + R"(,"brushlabels":["y"]})") +
      "," +
      result("polygonlabels", R"({"points":[[0,0],[100,0],[100,100]],"polygonlabels":["x"]})") +
      "," + result("brushlabels", R"({"format":"rle","rle":[1,2],"brushlabels":["y"]})") + "," +
      result("rectanglelabels", R"({"x":50,"rectanglelabels":["x"]})") + "," +
      result("keypointlabels", R"({"x":50,"y":50,"keypointlabels":["p"]})") + "," +
      result("rectanglelabels", R"({"x":0,"y":0,"width":9,"height":9})");
  write(folder.path / "tasks.json",
        R"([{"data":{"image":"/data/upload/3/0a1b2c3d-a.jpg"},"annotations":[)"
        R"({"result":[],"updated_at":"2023"},{"updated_at":"2024","result":[)" +
            turned + "," + parts + "]}]},\n" +
            R"({"data":{"image":"b.jpg"},"annotations":[],"predictions":[]},)" + "\n" +
            R"({"data":{"image":"c.jpg"},"annotations":[{"was_cancelled":true,"result":[]}]},)" +
            "\n" + R"({"data":{"image":"d.jpg"},"predictions":[{"result":[]}]}, 7])");
  const auto source = open_source(folder.path, "");
  const auto images = all_of(*source);
  REQUIRE(images.size() == 2);
  REQUIRE(images[0].labels.size() == 3);
  const Label& box = images[0].labels[0];
  REQUIRE(box.oriented);
  // Turned by 90 degrees about its top left corner (3.5, 1), 2 x 1 reaches down and to the left.
  CHECK(box.box.x0 == doctest::Approx(2.5));
  CHECK(box.box.y0 == doctest::Approx(1));
  CHECK(box.box.x1 == doctest::Approx(3.5));
  CHECK(box.box.y1 == doctest::Approx(3));
  CHECK(images[0].labels[1].mask == rle_from_mask(brush_mask()));
  CHECK(images[0].labels[2].box == Rect{0, 0, 7, 5});
  CHECK(images[1].labels.empty());
  CHECK(rules(*source) == Rules{{"mask_malformed", 1},
                                {"malformed", 2},
                                {"shape_unsupported", 1},
                                {"class_missing", 1},
                                {"annotation_surplus", 1},
                                {"image_unlabelled", 1},
                                {"image_skipped", 1}});
  CHECK(names_line(*source, "malformed", "tasks.json:4"));
}

}  // namespace
}  // namespace orrery
