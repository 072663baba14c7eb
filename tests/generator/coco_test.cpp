#include "generator/sinks/coco.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "tests/generator/random_sample.hpp"

using namespace orrery;
using orrery::testing::RandomFrame;
using orrery::testing::Scratch;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kCocoClasses{"ball", "box", "cone"};

/// The COCO file of some random frames, their visible masks beside it: for annotation n, h × w
/// bytes in n.mask. Returns the number of annotations.
std::uint64_t write_coco(const fs::path& folder, std::uint64_t images) {
  std::vector<CocoImage> all;
  std::uint64_t annotations = 0;
  for (std::uint64_t i = 0; i < images; ++i) {
    const RandomFrame random(i, 50 + static_cast<int>(i), 40, 6, 15);
    const Annotations labels = annotate(random.frame, {&random.model, 1});
    all.push_back(
        coco_of(i, "images/" + std::to_string(i) + ".png", random.shot.view.intrinsics, labels));
    for (const InstanceLabel& label : labels.instances) {
      // From the pixels, not from the label.
      std::string mask;
      for (const std::uint16_t id : random.id.pixels) mask += id == label.id ? '\1' : '\0';
      std::ofstream(folder / (std::to_string(++annotations) + ".mask"), std::ios::binary) << mask;
    }
  }
  WholeFile out(folder / "coco.json");
  CocoWriter writer(out, kCocoClasses);
  for (const CocoImage& image : all) writer.add_image(image.image.dump());
  for (const CocoImage& image : all) {
    for (const Json& annotation : image.annotations) writer.add_annotation(annotation.dump());
  }
  writer.finish();
  out.commit();
  return annotations;
}

Json read(const fs::path& file) {
  std::ifstream in(file);
  return Json::parse(in);
}

}  // namespace

TEST_SUITE("coco") {
  TEST_CASE("the stream is one JSON object with ids from 1 and every annotation's image present") {
    const Scratch scratch;
    const std::uint64_t annotations = write_coco(scratch.path, 5);
    const Json coco = read(scratch.path / "coco.json");
    CHECK(coco.at("images").size() == 5);
    CHECK(coco.at("annotations").size() == annotations);
    CHECK(coco.at("categories").at(2) ==
          Json({{"id", 3}, {"name", "cone"}, {"supercategory", ""}}));
    std::uint64_t id = 0;
    for (const Json& annotation : coco.at("annotations")) {
      CHECK(annotation.at("id") == ++id);
      CHECK(annotation.at("image_id") >= 1);
      CHECK(annotation.at("image_id") <= 5);
    }
  }

  TEST_CASE("no image and no annotation is still a COCO file") {
    const Scratch scratch;
    CHECK(write_coco(scratch.path, 0) == 0);
    const Json coco = read(scratch.path / "coco.json");
    CHECK(coco.at("images").empty());
    CHECK(coco.at("annotations").empty());
  }

  TEST_CASE("counting a stream equals counting the parsed file; broken files are refused") {
    const Scratch scratch;
    const fs::path file = scratch.path / "coco.json";
    write_coco(scratch.path, 9);
    std::map<std::uint64_t, std::uint64_t> wanted;
    const Json coco = read(file);
    for (const Json& a : coco.at("annotations")) ++wanted[a.at("category_id").get<std::uint64_t>()];
    const CocoCounts counts = counts_of_coco(file);
    CHECK(counts.images == 9);
    CHECK(counts.annotations == wanted);
    fs::resize_file(file, fs::file_size(file) - 10);
    CHECK_THROWS_AS(counts_of_coco(file), Error);
    std::ofstream(file) << R"({"annotations":[{"id":2,"category_id":1}]})";
    CHECK_THROWS_AS(counts_of_coco(file), Error);
    CHECK_THROWS_AS(counts_of_coco(scratch.path / "none.json"), Error);
  }

  TEST_CASE("the 3D box's corners, moved by the pose, are the scaled model's in the camera frame") {
    Annotations labels;
    InstanceLabel label;
    label.id = 4;
    label.class_id = 2;
    label.visible = {2, 1, {1, 1}};
    label.amodal = label.visible;
    label.bounds = {glm::vec3(-1, 0, 2), glm::vec3(3, 1, 5)};
    label.camera_from_object.rotation = glm::dmat3(0, 1, 0, -1, 0, 0, 0, 0, 1);
    label.camera_from_object.scale = 0.5;
    label.camera_from_object.translation = {1, 2, 3};
    labels.instances.push_back(label);
    const Json a = coco_of(8, "x.png", Intrinsics{2, 1, 5, 6, 1, 0.5}, labels).annotations.at(0);
    CHECK(a.at("image_id") == 9);
    CHECK(a.at("category_id") == 3);
    const auto at = [&](const char* key, std::size_t i) { return a.at(key).at(i).get<double>(); };
    glm::dvec3 corner(0.0);
    for (std::size_t row = 0; row < 3; ++row) {
      double sum = at("cam_t_m2c", row);
      for (std::size_t i = 0; i < 3; ++i) {
        sum += at("cam_R_m2c", 3 * row + i) * (at("bbox3d_center", i) + at("bbox3d_size", i) / 2);
      }
      corner[static_cast<int>(row)] = sum;
    }
    CHECK(glm::distance(corner, label.camera_from_object(glm::dvec3(label.bounds.high))) < 1e-12);
  }

  TEST_CASE("keypoints follow the class's list, half a pixel less, and count by COCO's rule") {
    Keypoints of_class;
    for (const char* name : {"a", "b", "c", "d", "e"}) of_class.points.push_back({name, {}, false});
    of_class.skeleton = {{"b", "d"}};
    of_class.swaps = {{"a", "e"}};
    const std::vector<Keypoints> keypoints{{}, of_class, {}};
    Annotations labels;
    InstanceLabel label;
    label.class_id = 1;
    label.visible = {2, 1, {1, 1}};
    label.amodal = label.visible;
    using S = KeypointState;
    label.keypoints = {{"e", S::visible, glm::dvec2(10, 20)},
                       {"b", S::hidden_by_another, glm::dvec2(1, 2)},
                       {"a", S::hidden_by_itself, glm::dvec2(0.25, 4)},
                       {"c", S::outside, glm::dvec2(-3, 4)}};
    labels.instances = {label, label};
    labels.instances[1].class_id = 2;
    const CocoImage image = coco_of(0, "x.png", Intrinsics{2, 1, 5, 6, 1, 0.5}, labels, keypoints);
    const Json& a = image.annotations.at(0);
    CHECK(a.at("keypoints") == Json({-0.25, 3.5, 1, 0.5, 1.5, 1, 0, 0, 0, 0, 0, 0, 9.5, 19.5, 2}));
    CHECK(a.at("num_keypoints") == 3);
    CHECK(a.at("keypoint_states") ==
          Json({"hidden_by_itself", "hidden_by_another", "outside", "absent", "visible"}));
    CHECK(a.at("keypoint_positions").at(2) == Json({-3.0, 4.0}));
    CHECK(a.at("keypoint_positions").at(3).is_null());
    CHECK_FALSE(image.annotations.at(1).contains("keypoints"));
    const Scratch scratch;
    WholeFile out(scratch.path / "coco.json");
    CocoWriter writer(out, kCocoClasses, keypoints);
    writer.finish();
    out.commit();
    const Json categories = read(scratch.path / "coco.json").at("categories");
    CHECK_FALSE(categories.at(0).contains("keypoints"));
    CHECK(categories.at(1).at("keypoints") == Json({"a", "b", "c", "d", "e"}));
    CHECK(categories.at(1).at("skeleton") == Json::array({Json({2, 4})}));
    CHECK(categories.at(1).at("keypoint_swaps") == Json::array({Json({1, 5})}));
  }

  TEST_CASE("an image through a lens carries its distortion as OpenCV takes it, a pinhole none") {
    const std::array<double, 8> k{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
    const auto image = [&](const Lens& lens) {
      return coco_of(0, "x.png", Intrinsics{2, 1, 5, 6, 1, 0.5, lens}, {}).image;
    };
    const Json brown = image(lens_from(LensModel::brown_conrady, k));
    CHECK(brown.at("cam_model") == "brown_conrady");
    CHECK(brown.at("cam_dist") == Json(k));
    const Json fisheye = image(lens_from(LensModel::fisheye, k));
    CHECK(fisheye.at("cam_model") == "fisheye");
    CHECK(fisheye.at("cam_dist") == Json({0.1, 0.2, 0.3, 0.4}));
    CHECK_FALSE(image({}).contains("cam_dist"));
    CHECK_FALSE(image({}).contains("cam_model"));
  }

  TEST_CASE("pycocotools reads the same masks, areas and boxes") {
    const std::string python = ORRERY_PYTHON;
    if (std::system((python + " -c 'import pycocotools, numpy' 2>/dev/null").c_str()) != 0) {
      MESSAGE("skipped: " << python << " with pycocotools and numpy is not there (./dev setup)");
      return;
    }
    const Scratch scratch;
    const std::uint64_t annotations = write_coco(scratch.path, 12);
    const std::string command = python + " " ORRERY_READ_COCO " " + scratch.path.string() + " " +
                                std::to_string(annotations) + " ball box cone";
    CHECK(std::system(command.c_str()) == 0);
  }
}
