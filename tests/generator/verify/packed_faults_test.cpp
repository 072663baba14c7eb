#include <doctest/doctest.h>

#include "generator/dataset.hpp"
#include "generator/encode.hpp"
#include "generator/sink.hpp"
#include "generator/whole_file.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/verify/clean_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

const std::string kXml = "Annotations/00000002.xml";
const std::string kKitti = "training/label_2/000002.txt";
const std::string kRows = "train/metadata.jsonl";
const std::string kTar = "train/shard-000000.tar";
const std::string kRecords = "train/shard-000000.tfrecord";

/// One byte of a file is another.
std::function<void(const fs::path&)> byte_at(const std::string& file, std::size_t at) {
  return [=](const fs::path& folder) {
    std::string text = text_of(folder / file);
    text.at(at) = static_cast<char>(text.at(at) ^ 1);
    write_text_over(folder / file, text);
  };
}

/// A rendered image of a square, as BOP wants it.
void make_bop(const fs::path& folder, const fs::path& scratch) {
  LabelledImage image;
  image.name = "one";
  image.width = 32;
  image.height = 24;
  image.file = scratch / "one.png";
  image.depth = scratch / "depth.png";
  const Image<Rgba8> color(32, 24, Rgba8(50, 60, 70, 255));
  write_whole_file(image.file.path, png_from(ImageView<Rgba8>{32, 24, color.pixels}, Alpha::drop));
  const Image<std::uint16_t> depth(32, 24, 900);
  write_whole_file(image.depth->path, png_from(ImageView<std::uint16_t>{32, 24, depth.pixels}));
  image.camera = intrinsics_from_fov(32, 24, 1.0);
  Image<std::uint8_t> mask(32, 24, 0);
  for (int y = 5; y < 15; ++y) {
    for (int x = 5; x < 15; ++x) mask.at(x, y) = 1;
  }
  Label label;
  label.id = 1;
  label.mask = label.amodal = rle_from_mask(mask);
  label.box = {5, 5, 15, 15};
  label.amodal_box = label.box;
  label.visible_fraction = 1;
  label.pose =
      ObjectPose{{glm::dmat3(1.0), 1.0, {0, 0, 0.9}}, {glm::vec3(-0.1F), glm::vec3(0.1F)}, "thing"};
  image.labels = {label};
  DatasetInfo info;
  info.classes = {"thing"};
  fs::create_directories(folder);
  const std::unique_ptr<Sink> sink = open_sink("bop", folder, info);
  sink->add(image);
  sink->finish();
}

}  // namespace

TEST_SUITE("verify packed formats") {
  TEST_CASE("a rendered dataset in any format breaks no rule of it") {
    const TemporaryFolder scratch;
    const fs::path folder = scratch.path / "rendered";
    Dataset dataset(folder, {{{"what", "a test"}}, "recipe", 7, 20, 64, {"ball", "box", "cone"}});
    std::vector<Sample> samples;
    for (std::uint64_t i = 0; i < 20; ++i) samples.push_back(random_sample(i));
    dataset.commit(0, samples);
    dataset.finish();
    for (const std::string format : {"yolo", "yolo_seg", "yolo_obb", "coco", "voc", "kitti",
                                     "imagefolder", "webdataset", "tfrecord"}) {
      add_format(folder, format);
      CHECK_MESSAGE(verify(folder, format).json.at("findings").dump(1) == "[]", format);
    }
  }

  TEST_CASE("each fault of VOC's files is found by the rule for it") {
    check_format_faults(
        "voc", "voc",
        {{"xml_unreadable", "half a file", replacing(kXml, "</annotation>", "")},
         {"class_unknown", "another class", replacing(kXml, "<name>ball", "<name>bell")},
         {"box_outside_image", "a box from 0", replacing(kXml, "<xmin>", "<xmin>0</xmin><xmin>")},
         {"box_not_whole", "half a pixel", replacing(kXml, "</xmin>", ".5</xmin>")},
         {"flag_range", "twice difficult", replacing(kXml, "<difficult>0", "<difficult>2")},
         {"picture_size", "another size", replacing(kXml, "<width>64", "<width>65")},
         {"mask_missing", "a mask that is gone",
          [](const fs::path& d) { fs::remove(d / "SegmentationClass/00000002.png"); }},
         {"picture_missing", "a picture that is gone",
          [](const fs::path& d) { fs::remove(d / "JPEGImages/00000002.jpg"); }},
         {"annotation_file_missing", "a picture without XML",
          [](const fs::path& d) { fs::remove(d / kXml); }},
         {"list_name_unknown", "a name of nothing",
          replacing("ImageSets/Main/train.txt", "00000002", "00000102")}});
  }

  TEST_CASE("each fault of KITTI's files is found by the rule for it") {
    check_format_faults(
        "kitti", "kitti",
        {{"label_blanks", "two blanks", replacing(kKitti, " ", "  ")},
         {"label_columns", "sixteen columns", replacing(kKitti, "\n", " 0.9\n")},
         {"label_number", "a word for a number", replacing(kKitti, "ball -1", "ball x")},
         {"class_unknown", "another class", replacing(kKitti, "ball", "bell")},
         {"truncated_range", "more than all cut off", replacing(kKitti, "ball -1", "ball 2")},
         {"occluded_range", "occluded 7", replacing(kKitti, "ball -1 3", "ball -1 7")},
         {"angle_range", "more than half a turn", replacing(kKitti, " -10 ", " 4 ")},
         {"box_outside_image", "a box that leaves the image",
          replacing(kKitti, "ball -1 3 -10 ", "ball -1 3 -10 -")},
         {"label_file_missing", "a picture without labels",
          [](const fs::path& d) { fs::remove(d / kKitti); }},
         {"picture_missing", "labels without a picture",
          [](const fs::path& d) { fs::remove(d / "training/image_2/000002.jpg"); }}});
  }

  TEST_CASE("each fault of an image folder is found by the rule for it") {
    check_format_faults(
        "imagefolder", "imagefolder",
        {{"metadata_unreadable", "no JSON", replacing(kRows, "{", "")},
         {"metadata_keys", "a key too many", replacing(kRows, "{", "{\"more\":1,")},
         {"metadata_null", "a null", replacing(kRows, "\"width\":64", "\"width\":null")},
         {"metadata_kinds", "another kind of metadata",
          [](const fs::path& d) { write_text_over(d / "train/metadata.csv", "file_name\n"); }},
         {"metadata_missing", "no metadata", [](const fs::path& d) { fs::remove(d / kRows); }},
         {"objects_lengths", "a list too long", replacing(kRows, "\"hard\":[", "\"hard\":[true,")},
         {"class_range", "a class beyond the last",
          replacing(kRows, "\"category\":[0", "\"category\":[9")},
         {"picture_missing", "a picture that is gone",
          [](const fs::path& d) { fs::remove(d / "train/00000002.jpg"); }},
         {"picture_extra", "a picture without a row", [](const fs::path& d) {
            fs::copy_file(d / "train/00000002.jpg", d / "train/extra.jpg");
          }}});
  }

  TEST_CASE("each fault of WebDataset's shards is found by the rule for it") {
    check_format_faults(
        "webdataset", "webdataset",
        {{"shard_hash", "a byte of a shard", byte_at(kTar, 600)},
         {"tar_unreadable", "a byte of a header", byte_at(kTar, 120)},
         {"shard_size", "a shard cut off",
          [](const fs::path& d) { fs::resize_file(d / kTar, fs::file_size(d / kTar) - 512); }},
         {"shard_missing", "a shard that is gone", [](const fs::path& d) { fs::remove(d / kTar); }},
         {"shard_extra", "a shard that is not listed",
          [](const fs::path& d) { fs::copy_file(d / kTar, d / "train/shard-000001.tar"); }},
         {"shard_samples", "samples miscounted",
          replacing("train/index.json", "\"nsamples\":", "\"nsamples\":1")},
         {"key_apart", "a key in two places",
          [](const fs::path& d) {
            const std::string tar = text_of(d / kTar);
            const std::string all = tar.substr(0, tar.size() - 1024);
            write_text_over(d / kTar, all + tar);
          }},
         {"member_unreadable", "JSON that is none",
          [](const fs::path& d) { replace_in(d / kTar, "\"width\":64", "\"width\";64"); }}});
  }

  TEST_CASE("each fault of TFRecord's shards is found by the rule for it") {
    check_format_faults(
        "tfrecord", "tfrecord",
        {{"record_crc", "a byte of a record", byte_at(kRecords, 300)},
         {"record_length_crc", "a byte of a length", byte_at(kRecords, 0)},
         {"record_truncated", "a record cut off",
          [](const fs::path& d) {
            fs::resize_file(d / kRecords, fs::file_size(d / kRecords) - 10);
          }},
         {"label_map", "names changed about", replacing("label_map.pbtxt", "\"ball\"", "\"face\"")},
         {"label_map", "ids from 0", replacing("label_map.pbtxt", "id: 1", "id: 0")}});
  }

  TEST_CASE("each fault of a BOP scene is found by the rule for it") {
    const TemporaryFolder scratch;
    const fs::path clean = scratch.path / "clean";
    make_bop(clean, scratch.path);
    CHECK(verify(clean, "bop").json.at("findings").dump(1) == "[]");
    const fs::path scene = "unsplit/000000";
    const auto gt = (scene / "scene_gt.json").string();
    const auto info = (scene / "scene_gt_info.json").string();
    const std::vector<Fault> faults{
        {"px_counts", "more visible than all",
         replacing(info, "\"px_count_visib\":100", "\"px_count_visib\":101")},
        {"mask_pixels", "a count off by one",
         replacing(info, "\"px_count_visib\":100", "\"px_count_visib\":99")},
        {"visib_fract", "another fraction",
         replacing(info, "\"visib_fract\":1.0", "\"visib_fract\":0.9")},
        {"gt_object", "an object of no model", replacing(gt, "\"obj_id\":1", "\"obj_id\":2")},
        {"pose", "no rotation", replacing(gt, "\"cam_R_m2c\":[1.0", "\"cam_R_m2c\":[2.0")},
        {"camera", "no depth scale",
         replacing((scene / "scene_camera.json").string(), "\"depth_scale\":1.0",
                   "\"depth_scale\":0.0")},
        {"mask_missing", "a mask that is gone",
         [&](const fs::path& d) { fs::remove(d / scene / "mask_visib/000000_000000.png"); }},
        {"picture_missing", "depth that is gone",
         [&](const fs::path& d) { fs::remove(d / scene / "depth/000000.png"); }},
        {"scene_unreadable", "half a file", replacing(gt, "}", "")},
    };
    for (const Fault& fault : faults) {
      const fs::path folder = scratch.path / "faulty";
      fs::remove_all(folder);
      fs::copy(clean, folder, fs::copy_options::recursive);
      fault.plant(folder);
      const Verdict verdict = verify(folder, "bop");
      CHECK_MESSAGE(verdict.count(fault.rule) > 0, fault.what, ": found only ", verdict.rules());
    }
  }
}
