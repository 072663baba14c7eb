#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "generator/encode.hpp"
#include "generator/sample.hpp"
#include "renderer/labels/annotate.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "scenes/made_model.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/packed/random_images.hpp"
#include "tests/labels/random_frame.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

constexpr const char* kModel = "made:die/0";

void write(const fs::path& file, const std::vector<std::byte>& bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

/// What a rendered image says of itself, from a frame of random ellipses; its depth has holes.
LabelledImage labelled(const RandomFrame& random, const fs::path& folder, std::uint64_t index) {
  const int w = random.id.width;
  const int h = random.id.height;
  Rng rng(9, index, "depth");
  Image<float> depth(w, h);
  for (float& z : depth.pixels) {
    z = rng.unit() < 0.2 ? std::numeric_limits<float>::infinity()
                         : static_cast<float>(rng.uniform(0.5, 3));
  }
  LabelledImage image;
  image.name = "images/" + std::to_string(index);
  image.file = folder / (std::to_string(index) + ".png");
  image.depth = folder / (std::to_string(index) + "-depth.png");
  image.width = w;
  image.height = h;
  image.camera = random.shot.view.intrinsics;
  write(image.file.path, png_from(Image<Rgba8>(w, h, Rgba8(9, 8, 7, 255)), Alpha::drop));
  write(image.depth->path, png16_from_depth(depth));
  for (const InstanceLabel& found : annotate(random.frame, {&random.model, 1}).instances) {
    Label label;
    label.id = found.id;
    label.class_id = found.class_id;
    label.mask = found.visible;
    label.box = rect_of(found.visible_box);
    label.amodal = found.amodal;
    label.amodal_box = rect_of(found.amodal_box);
    label.visible_fraction = found.visible_fraction;
    label.pose = ObjectPose{found.camera_from_object, made_model(kModel).bounds, kModel};
    label.pose->camera_from_object.scale = found.id % 2 == 0 ? 1 : 2;
    image.labels.push_back(label);
  }
  return image;
}

RandomSet frames(const fs::path& folder, std::uint64_t count) {
  fs::create_directories(folder);
  RandomSet set;
  set.info.classes = {"red", "green", "blue"};
  for (std::uint64_t i = 0; i < count; ++i) {
    const RandomFrame random(i, 40 + static_cast<int>(i), 36, 5, 14);
    set.images.push_back(labelled(random, folder, i));
    set.images.back().split = i % 3 == 0 ? "test" : "train";
  }
  return set;
}

/// The error that a sink gives for the image; empty if it takes it.
std::string refusal(const LabelledImage& image, const fs::path& folder,
                    const SinkOptions& options = {}) {
  RandomSet set;
  set.info.classes = {"red", "green", "blue"};
  set.images = {image};
  for (const char* format : {"bop", "bop_webdataset"}) {
    const std::string text = error_of([&] { write_all(format, folder / format, set, options); });
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace

TEST_SUITE("bop") {
  TEST_CASE("whole silhouettes are counted inside and outside the image, boxes without the one") {
    const TemporaryFolder folder;
    for (std::uint64_t i = 0; i < 25; ++i) {
      CAPTURE(i);
      const RandomFrame random(i, 40, 36, 5, 14);
      RandomSet set;
      set.info.classes = {"red", "green", "blue"};
      set.images = {labelled(random, folder.path, i)};
      const fs::path out = folder.path / ("out" + std::to_string(i));
      write_all("bop", out, set);
      const auto files = files_of(out);
      const Json gt = Json::parse(files.at("unsplit/000000/scene_gt.json")).at("0");
      const Json infos = Json::parse(files.at("unsplit/000000/scene_gt_info.json")).at("0");
      REQUIRE(infos.size() == set.images[0].labels.size());
      for (std::size_t k = 0; k < infos.size(); ++k) {
        const auto id = static_cast<std::uint32_t>(set.images[0].labels[k].id);
        // From the frame's own bits, over the canvas.
        const auto& a = random.frame.amodal;
        int all = 0;
        glm::ivec2 low(1000), high(-1000);
        for (int y = -a.offset_y; y < a.height - a.offset_y; ++y) {
          for (int x = -a.offset_x; x < a.width - a.offset_x; ++x) {
            if (!random.amodal_at(id - 1, x, y)) continue;
            ++all;
            low = glm::min(low, glm::ivec2(x, y));
            high = glm::max(high, glm::ivec2(x, y));
          }
        }
        CHECK(infos[k].at("px_count_all") == all);
        CHECK(infos[k].at("bbox_obj") == Json({low.x, low.y, high.x - low.x, high.y - low.y}));
        CHECK(gt[k].at("cam_t_m2c").at(0).get<double>() == doctest::Approx(100.0 * (id - 1)));
        CHECK(gt[k].at("cam_t_m2c").at(2) == 2000.0);
      }
      const Json camera = Json::parse(files.at("unsplit/000000/scene_camera.json")).at("0");
      CHECK(camera.at("cam_K").at(2) == 19.5);  // the middle of 40 pixels, from the first's centre
      CHECK(camera.at("cam_K").at(5) == 17.5);
    }
  }

  TEST_CASE("a reader finds masks, depth, counts and boxes that agree, the same in the shards") {
    if (!can_import("numpy, PIL, pycocotools, webdataset")) return;
    const TemporaryFolder folder;
    const RandomSet set = frames(folder.path / "in", 24);
    const SinkOptions options{.shard_images = 5};
    write_all("bop", folder.path / "bop", set, options);
    CHECK(run_reader("read_bop.py", {folder.path / "bop"}) == 0);
    write_all("bop_webdataset", folder.path / "web", set, options);
    CHECK(run_reader("read_bop_webdataset.py", {folder.path / "web", folder.path / "bop"}) == 0);
    for (const char* format : {"bop", "bop_webdataset"}) {
      write_all(format, folder.path / "again" / format, set, options);
    }
    CHECK(files_of(folder.path / "bop") == files_of(folder.path / "again/bop"));
    CHECK(files_of(folder.path / "web") == files_of(folder.path / "again/bop_webdataset"));
  }

  TEST_CASE("an object is a model of one class at one scale, numbered as they come") {
    const TemporaryFolder folder;
    const RandomSet set = frames(folder.path / "in", 12);
    CHECK(write_all("bop", folder.path / "out", set).count("model meshes") == 0);
    const auto files = files_of(folder.path / "out");
    const Json models = Json::parse(files.at("models/models_info.json"));
    CHECK(models.size() == 5);  // labels 1 to 5: classes 0 1 2 0 1, scales 2 1 2 1 2
    const Box3 bounds = made_model(kModel).bounds;
    for (const auto& [id, info] : models.items()) {
      const double scale = info.at("scale");
      const double size = 1000 * scale * static_cast<double>(bounds.high.x - bounds.low.x);
      CHECK(info.at("size_x").get<double>() == doctest::Approx(size));
      CHECK(info.at("diameter_of") == "mesh");
      // A die with round corners is longer than its side and shorter than its box's diagonal.
      CHECK(info.at("diameter").get<double>() > size);
      CHECK(info.at("diameter").get<double>() < size * std::sqrt(3));
      CHECK(files.count("models/obj_00000" + id + ".ply") == 1);
    }
    // Which is which: the label's class and scale are those of its object.
    const Json gt = Json::parse(files.at("train/000000/scene_gt.json"));
    std::size_t image_id = 0;
    for (const LabelledImage& image : set.images) {
      if (image.split != "train") continue;
      const Json& list = gt.at(std::to_string(image_id++));
      REQUIRE(list.size() == image.labels.size());
      for (std::size_t k = 0; k < list.size(); ++k) {
        const Json& info = models.at(std::to_string(list[k].at("obj_id").get<int>()));
        CHECK(info.at("class") == set.info.classes[image.labels[k].class_id]);
        CHECK(info.at("scale") == image.labels[k].pose->camera_from_object.scale);
      }
    }
  }

  TEST_CASE("a model without a file has its box alone, and is counted; another box is refused") {
    const TemporaryFolder folder;
    RandomSet set = frames(folder.path / "in", 2);
    for (LabelledImage& image : set.images) {
      for (Label& label : image.labels) label.pose->model = "mug";
    }
    CHECK(write_all("bop", folder.path / "out", set).at("model meshes") > 0);
    const auto files = files_of(folder.path / "out");
    CHECK(files.count("models/obj_000001.ply") == 0);
    const Json info = Json::parse(files.at("models/models_info.json")).at("1");
    const double x = info.at("size_x");
    CHECK(info.at("diameter").get<double>() == doctest::Approx(x * std::sqrt(3)).epsilon(0.01));
    CHECK(info.at("diameter_of") == "box");
    for (Label& label : set.images[1].labels) label.pose->bounds.high.x += 0.01F;
    CHECK_THROWS_AS(write_all("bop", folder.path / "other", set), Error);
  }

  TEST_CASE("images that BOP cannot hold are refused by name, with what they lack") {
    const TemporaryFolder folder;
    const LabelledImage good = labelled(RandomFrame(3, 40, 36, 5, 14), folder.path, 3);
    REQUIRE(good.labels.size() > 1);
    int at = 0;
    const auto check = [&](const std::function<void(LabelledImage&)>& spoil,
                           const std::string& word) {
      LabelledImage bad = good;
      spoil(bad);
      const std::string text = refusal(bad, folder.path / std::to_string(at++));
      CAPTURE(text);
      CHECK(text.find(word) != std::string::npos);
      CHECK(text.find(good.name) != std::string::npos);
    };
    CHECK(refusal(good, folder.path / "good").empty());
    check([](LabelledImage& i) { i.camera.reset(); }, "camera");
    check([](LabelledImage& i) { i.camera->lens = lens_from(LensModel::fisheye, {0.1}); },
          "fisheye");
    check([](LabelledImage& i) { i.depth.reset(); }, "depth");
    check([](LabelledImage& i) { i.depth = i.file; }, ".png");
    check([](LabelledImage& i) { i.labels[1].pose.reset(); }, "pose");
    check([](LabelledImage& i) { i.labels[1].amodal.reset(); }, "amodal");
    check([](LabelledImage& i) { i.labels[1].visible_fraction.reset(); }, "visible");
    check([](LabelledImage& i) { i.labels[1].visible_fraction = 1.5; }, "pixels");
    check([](LabelledImage& i) { i.labels[1].weight = 0.5; }, "weight");
  }

  TEST_CASE("crowds and light labels are left out and counted; a hidden object has boxes of -1") {
    const TemporaryFolder folder;
    RandomSet set;
    set.info.classes = {"red", "green", "blue"};
    set.images = {labelled(RandomFrame(3, 40, 36, 5, 14), folder.path, 3)};
    LabelledImage& image = set.images[0];
    image.labels.resize(2);
    image.labels[0].mask = Rle{40, 36, {40 * 36}};
    image.labels[0].visible_fraction = 0;
    image.labels[1].weight = 0.1;
    Label crowd;
    crowd.id = 99;
    crowd.crowd = true;
    crowd.box = {1, 1, 9, 9};
    image.labels.push_back(crowd);
    const auto left_out = write_all("bop", folder.path / "out", set, {.weights = WeightRule::drop});
    CHECK(left_out.at("crowd regions") == 1);
    CHECK(left_out.at("weight_below_min") == 1);
    const Json info =
        Json::parse(files_of(folder.path / "out").at("unsplit/000000/scene_gt_info.json")).at("0");
    REQUIRE(info.size() == 1);
    CHECK(info[0].at("bbox_obj") == Json({-1, -1, -1, -1}));
    CHECK(info[0].at("bbox_visib") == Json({-1, -1, -1, -1}));
    CHECK(info[0].at("px_count_visib") == 0);
    CHECK(info[0].at("visib_fract") == 0.0);
  }

  TEST_CASE("a scene and a shard have a thousand images and no more") {
    const TemporaryFolder folder;
    RandomSet set;
    set.info.classes = {"red"};
    LabelledImage image = labelled(RandomFrame(3, 16, 16, 1, 5), folder.path, 3);
    image.labels.clear();
    set.images.assign(1001, image);
    write_all("bop", folder.path / "bop", set);
    const auto files = files_of(folder.path / "bop");
    CHECK(files.count("unsplit/000000/rgb/000999.png") == 1);
    CHECK(files.count("unsplit/000000/rgb/001000.png") == 0);
    CHECK(Json::parse(files.at("unsplit/000000/scene_gt.json")).size() == 1000);
    CHECK(Json::parse(files.at("unsplit/000001/scene_gt.json")) == Json({{"0", Json::array()}}));
    write_all("bop_webdataset", folder.path / "web", set, {.shard_images = 5000});
    const Json keys = Json::parse(files_of(folder.path / "web").at("unsplit/key_to_shard.json"));
    CHECK(keys.size() == 1001);
    CHECK(keys.at("000000_000999") == 0);
    CHECK(keys.at("000001_000000") == 1);
  }
}
