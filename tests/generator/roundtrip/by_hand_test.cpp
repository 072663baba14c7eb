#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "generator/encode.hpp"
#include "generator/source.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"

// Files as other programs write them, with what they say worked out by hand.

namespace orrery {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

void picture(const fs::path& file, const Image<Rgba8>& color) {
  fs::create_directories(file.parent_path());
  write_whole_file(
      file, png_from(ImageView<Rgba8>{color.width, color.height, color.pixels}, Alpha::drop));
}
void picture(const fs::path& file, int width, int height) {
  picture(file, Image<Rgba8>(width, height, Rgba8(1, 2, 3, 255)));
}

struct Found {
  DatasetInfo info;
  std::vector<LabelledImage> images;
  std::map<std::string, int> rules;
};
Found read(const fs::path& path, const std::string& format = "") {
  const auto source = open_source(path, format);
  Found found;
  while (auto image = source->next()) found.images.push_back(std::move(*image));
  found.info = source->info();
  for (const Problem& p : source->problems()) ++found.rules[p.reason];
  return found;
}

using Rules = std::map<std::string, int>;

const char* const kImage =
    R"("images":[{"id":7,"width":5,"height":4,"file_name":"a.png"}],)"
    R"("categories":[{"id":90,"name":"x"},{"id":4,"name":"y","keypoints":["l","r"],)"
    R"("skeleton":[[1,2]]}],)";

/// Pixels (2,1), (3,1) and (3,2) of 5 × 4: "91312" as pycocotools encodes them.
Rle three_pixels() {
  Image<std::uint8_t> mask(5, 4, 0);
  mask.at(2, 1) = mask.at(3, 1) = mask.at(3, 2) = 1;
  return rle_from_mask(mask);
}

TEST_CASE("COCO's run lengths as numbers, as numbers with empty runs, and as text are one mask") {
  const TemporaryFolder folder;
  picture(folder.path / "images/a.png", 5, 4);
  // Down the columns: 9 off, 1 on, 3 off, 2 on, 5 off.
  for (const std::string said : {"[9,1,3,2,5]", "[4,0,5,1,3,1,0,1,5]", "\"91312\""}) {
    CAPTURE(said);
    write(folder.path / "annotations/instances_train.json",
          std::string("{") + kImage + R"("annotations":[{"id":1,"image_id":7,"category_id":90,)" +
              R"("bbox":[2,1,2,2],"iscrowd":1,"segmentation":{"size":[4,5],"counts":)" + said +
              "}}]}");
    const Found found = read(folder.path);
    CHECK(found.rules.empty());
    REQUIRE(found.images.size() == 1);
    REQUIRE(found.images[0].labels.size() == 1);
    CHECK(found.images[0].split == "train");
    CHECK(found.images[0].labels[0].mask == three_pixels());
    CHECK(found.images[0].labels[0].crowd);
    CHECK(found.images[0].labels[0].box == Rect{2, 1, 4, 3});
  }
}

TEST_CASE("COCO's masks of a wrong size, sum or alphabet are refused by name, and the rest comes") {
  const TemporaryFolder folder;
  picture(folder.path / "images/a.png", 5, 4);
  std::string annotations;
  int id = 0;
  for (const char* mask :
       {R"({"size":[4,5],"counts":[9,1,3,2,4]})", R"({"size":[4,5],"counts":[9,-1,5,2,5]})",
        R"({"size":[30000,30000],"counts":[900000000]})", R"({"size":[4,5],"counts":"~~~"})",
        R"({"size":[4,5],"counts":[20]})", R"({"size":[1e30,1],"counts":[1]})", R"({})",
        R"([[0,0,1]])", R"([["a"]])", R"({"size":[4,5],"counts":[9,1,3,2,5]})"}) {
    ++id;
    annotations += std::string(id > 1 ? "," : "") + R"({"id":)" + std::to_string(id) +
                   R"(,"image_id":7,"category_id":90,"segmentation":)" + mask + "}";
  }
  write(folder.path / "annotations/a.json",
        std::string("{") + kImage + "\"annotations\":[" + annotations + "]}");
  const Found found = read(folder.path);
  CHECK(found.rules == Rules{{"mask_malformed", 8}, {"mask_empty", 1}});
  CHECK(found.images.at(0).labels.size() == 1);
}

TEST_CASE(
    "COCO's keypoints count from pixel centres; wrong numbers of them lose the points alone") {
  const TemporaryFolder folder;
  picture(folder.path / "images/a.png", 5, 4);
  write(folder.path / "annotations/person_keypoints_val.json",
        std::string("{") + kImage +
            R"("annotations":[{"id":1,"image_id":7,"category_id":4,"bbox":[0,0,2,2],
               "keypoints":[1,2,2,0,0,0],"num_keypoints":1},
              {"id":2,"image_id":7,"category_id":4,"bbox":[0,0,3,2],"keypoints":[1,2,2]},
              {"id":3,"image_id":7,"category_id":4,"bbox":[0,0,4,2],"keypoints":[1,2,3,0,0,0]},
              {"id":4,"image_id":7,"category_id":4,"bbox":[0,0,1,2],"keypoints":["a"]},
              {"id":5,"image_id":7,"category_id":90,"bbox":[0,0,1,1],"keypoints":[],
               "num_keypoints":0,"instance_id":9,"visible_fraction":0.5,"hard":true,
               "amodal_bbox":[-1,0,3,1],"oriented_bbox":[2,2,2,1,0.5],"colour":"red",
               "cam_R_m2c":[1,0,0,0,0,-1,0,1,0],"cam_t_m2c":[1,2,3],
               "bbox3d_center":[0,0,1],"bbox3d_size":[2,2,2]}]})");
  const Found found = read(folder.path);
  CHECK(found.rules == Rules{{"keypoints_malformed", 3}});
  REQUIRE(found.images.at(0).labels.size() == 5);
  CHECK(found.info.keypoints.at(1).skeleton.size() == 1);
  CHECK(found.images[0].split == "val");
  const Label* nine = nullptr;
  for (const Label& label : found.images[0].labels) {
    if (label.id == 9) nine = &label;
    if (label.box == Rect{0, 0, 2, 2}) {
      REQUIRE(label.keypoints.size() == 2);
      CHECK(label.keypoints[0] == LabelPoint{{1.5, 2.5}, 2});
      CHECK(label.keypoints[1] == LabelPoint{});
    } else {
      CHECK(label.keypoints.empty());
    }
  }
  REQUIRE(nine != nullptr);
  CHECK(nine->visible_fraction == 0.5);
  CHECK(nine->hard);
  CHECK(nine->amodal_box == Rect{-1, 0, 2, 1});
  REQUIRE(nine->oriented);
  CHECK(nine->oriented->angle == doctest::Approx(0.5));
  CHECK(nine->more == Json{{"colour", "red"}});
  REQUIRE(nine->pose);
  // The object's y axis points along the camera's z.
  CHECK(nine->pose->camera_from_object(glm::dvec3(0, 1, 0)) == glm::dvec3(1, 2, 4));
  CHECK(nine->pose->bounds.high == glm::vec3(1, 1, 2));
}

TEST_CASE("panoptic COCO: segments are the pixels of their colour") {
  const TemporaryFolder folder;
  picture(folder.path / "images/a.png", 5, 4);
  Image<Rgba8> segments(5, 4, Rgba8(0, 0, 0, 255));
  for (const glm::ivec2 at : {glm::ivec2(2, 1), glm::ivec2(3, 1), glm::ivec2(3, 2)}) {
    segments.at(at.x, at.y) = Rgba8(1, 2, 3, 255);
  }
  picture(folder.path / "annotations/panoptic_train/a.png", segments);
  write(folder.path / "annotations/panoptic_train.json",
        std::string("{") + kImage +
            R"("annotations":[{"image_id":7,"file_name":"a.png","segments_info":[
              {"id":197121,"category_id":4,"area":3,"bbox":[2,1,2,2],"iscrowd":0},
              {"id":5,"category_id":4,"area":3,"bbox":[2,1,2,2],"iscrowd":0}]}]})");
  const Found found = read(folder.path);
  REQUIRE(found.images.size() == 1);
  REQUIRE(found.images[0].labels.size() == 1);
  CHECK(found.images[0].labels[0].mask == three_pixels());
  CHECK(found.rules == Rules{{"mask_empty", 1}});
  CHECK(found.images[0].split == "train");
}

TEST_CASE("YOLO poses: kpt_shape with and without visibility, names of points, swaps") {
  const TemporaryFolder folder;
  picture(folder.path / "images/train/a.png", 10, 20);
  write(folder.path / "labels/train/a.txt", "0 0.5 0.5 1 1 0.1 0.2 0 0\n");
  const std::string head = "train: images/train\nval: images/train\nnames: [p]\nflip_idx: [1, 0]\n";
  write(folder.path / "data.yaml", head + "kpt_shape: [2, 2]\nkpt_names: {0: [left, right]}\n");
  Found found = read(folder.path);
  CHECK(found.rules.empty());
  REQUIRE(found.images.at(0).labels.size() == 1);
  const std::vector<LabelPoint> points = found.images[0].labels[0].keypoints;
  REQUIRE(points.size() == 2);
  CHECK(points[0].visibility == 2);
  CHECK(points[0].position.y == doctest::Approx(4));
  CHECK(points[1] == LabelPoint{});
  CHECK(found.info.keypoints.at(0).points.at(1).name == "right");
  CHECK(found.info.keypoints[0].swaps.at(0) == std::array<std::string, 2>{"left", "right"});
  write(folder.path / "data.yaml", head + "kpt_shape: [2, 3]\n");
  write(folder.path / "labels/train/a.txt", "0 .5 .5 1 1 .1 .2 1 0 0 0\n0 .5 .5 1 1 .1 .2 1\n");
  found = read(folder.path);
  CHECK(found.rules == Rules{{"malformed", 1}});
  CHECK(found.images.at(0).labels.at(0).keypoints.at(0).visibility == 1);
}

TEST_CASE("YOLO: four corners everywhere are oriented boxes, else polygons") {
  const TemporaryFolder folder;
  picture(folder.path / "images/a.png", 10, 20);
  write(folder.path / "data.yaml", "train: images\nnames: {0: p, 1: q}\n");
  write(folder.path / "labels/a.txt", "1 0.2 0.1 0.8 0.1 0.8 0.2 0.2 0.2\n");
  Found found = read(folder.path);
  REQUIRE(found.images.at(0).labels.size() == 1);
  REQUIRE(found.images[0].labels[0].oriented);
  CHECK(found.images[0].labels[0].oriented->size.x == doctest::Approx(6));
  CHECK(found.images[0].labels[0].oriented->size.y == doctest::Approx(2));
  write(folder.path / "labels/a.txt",
        "1 0.2 0.1 0.8 0.1 0.8 0.2 0.2 0.2\n0 0.2 0.1 0.8 0.1 0.8 0.2\n");
  found = read(folder.path);
  REQUIRE(found.images.at(0).labels.size() == 2);
  CHECK(!found.images[0].labels[0].oriented);
  CHECK(found.images[0].labels[1].outline.at(0).size() == 3);
}

TEST_CASE("Darknet's obj.data names classes and lists, wherever the folder was moved") {
  const TemporaryFolder folder;
  picture(folder.path / "obj_train_data/a.png", 10, 10);
  picture(folder.path / "obj_valid_data/b.png", 10, 10);
  write(folder.path / "obj_train_data/a.txt", "1 0.5 0.5 0.5 0.5\n");
  write(folder.path / "obj_valid_data/b.txt", "");
  write(folder.path / "obj.data",
        "classes = 2\ntrain = data/train.txt\nvalid = data/valid.txt\nnames = data/some.names\n"
        "backup = backup/\n");
  write(folder.path / "some.names", "x\ny\n");
  write(folder.path / "train.txt", "data/obj_train_data/a.png\n");
  write(folder.path / "valid.txt", "data/obj_valid_data/b.png\n");
  const Found found = read(folder.path);
  CHECK(found.rules.empty());
  CHECK(found.info.classes == std::vector<std::string>{"x", "y"});
  REQUIRE(found.images.size() == 2);
  CHECK(found.images[0].split == "train");
  CHECK(found.images[1].split == "val");
  CHECK(found.images[0].labels.at(0).box == Rect{2.5, 2.5, 7.5, 7.5});
}

TEST_CASE("KITTI: columns, DontCare, scores and splits") {
  const TemporaryFolder folder;
  picture(folder.path / "training/image_2/000000.png", 100, 50);
  write(folder.path / "training/label_2/000000.txt",
        "Car 0.25 1 -1.5 10 20 30.5 40 1.5 1.6 3.9 1 2 30 0.1\n"
        "DontCare -1 -1 -10 50 10 60 20 -1 -1 -1 -1000 -1000 -1000 -10\n"
        "Van 0 0  1 1 1 5 5 1 1 1 1 1 1 1 0.75\n"
        "Van 0 0 1\n"
        "Van 0 0 1 1 x 5 5 1 1 1 1 1 1 1\n");
  Found found = read(folder.path);
  CHECK(found.rules == Rules{{"blanks", 1}, {"columns", 1}, {"malformed", 1}});
  CHECK(found.info.classes == std::vector<std::string>{"Car", "DontCare", "Van"});
  REQUIRE(found.images.size() == 1);
  CHECK(found.images[0].split == "train");
  REQUIRE(found.images[0].labels.size() == 3);
  const Label& car = found.images[0].labels[0];
  CHECK(car.box == Rect{10, 20, 30.5, 40});
  CHECK(car.truncation == 0.25);
  CHECK(car.more.at("rotation_y") == 0.1);
  CHECK(found.images[0].labels[1].crowd);
  CHECK(!found.images[0].labels[1].truncation);
  CHECK(found.images[0].labels[2].more.at("score") == 0.75);
  // A list of classes need not name what nobody labelled; lists of splits are believed.
  write(folder.path / "training/classes.txt", "Van\nCar\n");
  write(folder.path / "ImageSets/train.txt", "000001\n");
  write(folder.path / "ImageSets/val.txt", "000000\n");
  found = read(folder.path);
  CHECK(found.info.classes == std::vector<std::string>{"Van", "Car", "DontCare"});
  CHECK(found.images.at(0).labels.size() == 3);
  CHECK(found.images[0].split == "val");
}

TEST_CASE("CVAT: rotation, masks, skeletons, points, tags, and several files") {
  const TemporaryFolder folder;
  picture(folder.path / "images/a.png", 5, 4);
  picture(folder.path / "images/b.png", 40, 40);
  write(folder.path / "one.xml", R"(<annotations><version>1.1</version>
    <meta><task><subset>Validation</subset><labels><label><name>m</name></label>
    <label><name>body</name></label><label><name>left</name><parent>body</parent></label>
    <label><name>dots</name></label></labels></task></meta>
    <image id="0" name="a.png" width="5" height="4">
      <mask label="m" rle="0, 2, 1, 1" left="2" top="1" width="2" height="2" occluded="1">
        <attribute name="hard">true</attribute><attribute name="colour">red</attribute></mask>
      <mask label="m" rle="0, 9" left="2" top="1" width="2" height="2"></mask>
      <mask label="m" rle="0, 4" left="4" top="1" width="2" height="2"></mask>
      <tag label="t"><attribute name="session">monday</attribute></tag>
      <polyline label="m" points="1,1;2,2"/>
    </image></annotations>)");
  write(folder.path / "two.xml", R"(<annotations><version>1.1</version>
    <image id="0" name="b.png" subset="test" width="40" height="40">
      <box label="m" xtl="10" ytl="15" xbr="30" ybr="25" rotation="90"/>
      <skeleton label="body"><points label="left" outside="0" occluded="1" points="3,4"/>
        <points label="right" outside="1" occluded="0" points="9,9"/>
        <points label="up" outside="0" occluded="0" points="7,8"/></skeleton>
      <points label="dots" points="1,2;3,5"/>
      <points label="dots" points="1,2;3"/>
    </image></annotations>)");
  const Found found = read(folder.path);
  CHECK(found.rules == Rules{{"mask_malformed", 2}, {"shape_unsupported", 1}, {"malformed", 1}});
  CHECK(found.info.classes == std::vector<std::string>{"m", "body", "dots"});
  REQUIRE(found.images.size() == 2);
  const LabelledImage& a = found.images[0];
  CHECK(a.split == "val");
  REQUIRE(a.labels.size() == 1);
  CHECK(a.labels[0].mask == three_pixels());
  CHECK(a.labels[0].hard);
  CHECK(a.labels[0].more.at("attributes") == Json{{"colour", "red"}});
  CHECK(std::any_of(a.lineage.begin(), a.lineage.end(),
                    [](const Ingredient& i) { return i.kind == "session" && i.name == "monday"; }));
  const LabelledImage& b = found.images[1];
  CHECK(b.split == "test");
  REQUIRE(b.labels.size() == 3);
  REQUIRE(b.labels[0].oriented);
  CHECK(b.labels[0].box.x0 == doctest::Approx(15));
  CHECK(b.labels[0].box.y0 == doctest::Approx(10));
  CHECK(b.labels[1].box == Rect{3, 4, 7, 8});
  CHECK(b.labels[1].loose);
  CHECK(b.labels[1].keypoints == std::vector<LabelPoint>{{{3, 4}, 1}, {}, {{7, 8}, 2}});
  CHECK(found.info.keypoints.at(1).points.at(2).name == "up");
  CHECK(b.labels[2].keypoints == std::vector<LabelPoint>{{{1, 2}, 2}, {{3, 5}, 2}});
}

TEST_CASE("folders of pictures: folders are sessions unless they are splits") {
  const TemporaryFolder folder;
  picture(folder.path / "a.png", 5, 4);
  picture(folder.path / "monday/b.png", 5, 4);
  picture(folder.path / "val/c.png", 5, 4);
  write(folder.path / "val/d.png", "no picture");
  const Found found = read(folder.path);
  CHECK(found.rules == Rules{{"picture_undecodable", 1}});
  REQUIRE(found.images.size() == 3);
  CHECK(found.images[0].lineage == std::vector<Ingredient>{{"photo", "a"}});
  CHECK(found.images[1].lineage ==
        std::vector<Ingredient>{{"photo", "monday/b"}, {"session", "monday"}});
  CHECK(found.images[2].split == "val");
  CHECK(found.images[2].lineage.size() == 1);
}

}  // namespace
}  // namespace orrery
