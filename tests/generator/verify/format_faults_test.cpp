#include <doctest/doctest.h>

#include <sstream>

#include "scenes/error.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/verify/clean_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// A label file of one line, its words changed.
std::function<void(const fs::path&)> words(
    const std::string& file, const std::function<void(std::vector<std::string>&)>& f) {
  return [=](const fs::path& folder) {
    std::istringstream in(text_of(folder / file));
    std::string first;
    std::getline(in, first);
    std::istringstream line(first);
    std::vector<std::string> all;
    for (std::string word; line >> word;) all.push_back(word);
    f(all);
    std::string text;
    for (const std::string& word : all) text += (text.empty() ? "" : " ") + word;
    std::string rest;
    for (std::string more; std::getline(in, more);) rest += more + "\n";
    write_text_over(folder / file, text + "\n" + rest);
  };
}

const std::string kLabels = "labels/00000002.txt";

std::vector<Fault> yolo_faults() {
  return {
      {"value_range", "a value of 1.02", words(kLabels, [](auto& w) { w[1] = "1.02"; })},
      {"label_columns", "six columns", words(kLabels, [](auto& w) { w.push_back("0.5"); })},
      {"label_number", "a word for a number", words(kLabels, [](auto& w) { w[1] = "nan"; })},
      {"class_range", "a class beyond the last", words(kLabels, [](auto& w) { w[0] = "3"; })},
      {"class_not_whole", "half a class", words(kLabels, [](auto& w) { w[0] = "0.5"; })},
      {"box_empty", "a box without width", words(kLabels, [](auto& w) { w[3] = "0"; })},
      {"box_outside_image", "a box that leaves the image",
       words(kLabels, [](auto& w) { w[3] = "0.9"; })},
      {"label_differs", "a box that somebody moved",
       words(kLabels, [](auto& w) { w[1] = "0.171"; })},
      {"label_missing", "a line that is gone",
       [](const fs::path& d) {
         const std::string text = text_of(d / kLabels);
         write_text_over(d / kLabels, text.substr(text.find('\n') + 1));
       }},
      {"label_duplicate", "a line twice",
       [](const fs::path& d) {
         const std::string text = text_of(d / kLabels);
         write_text_over(d / kLabels, text + text.substr(0, text.find('\n') + 1));
       }},
      {"label_file_missing", "a picture without labels",
       [](const fs::path& d) { fs::remove(d / kLabels); }},
      {"picture_missing", "labels without a picture",
       [](const fs::path& d) { fs::remove(d / "images/00000002.jpg"); }},
      {"jpeg_end_marker", "bytes after the end of a JPEG",
       [](const fs::path& d) {
         const std::string text = text_of(d / "images/00000002.jpg");
         write_text_over(d / "images/00000002.jpg", text + "x");
       }},
      {"picture_truncated", "a picture cut off",
       [](const fs::path& d) {
         const std::string text = text_of(d / "images/00000002.jpg");
         write_text_over(d / "images/00000002.jpg", text.substr(0, 700));
       }},
      {"yaml_names", "names changed about",
       [](const fs::path& d) {
         replace_in(d / "data.yaml", "0: \"ball\"", "0: \"face\"");
         replace_in(d / "data.yaml", "1: \"face\"", "1: \"ball\"");
       }},
      {"yaml_nc", "another number of classes", replacing("data.yaml", "nc: 3", "nc: 4")},
      {"yaml_download", "something to run", replacing("data.yaml", "nc: 3", "download: ls\nnc: 3")},
      {"yaml_path", "a path from elsewhere", replacing("data.yaml", "nc: 3", "path: here\nnc: 3")},
      {"yaml_split_missing", "no val", replacing("data.yaml", "\"val\": ", "\"not\": ")},
      {"yaml_unreadable", "no YAML", replacing("data.yaml", "nc: 3", "nc: [3")},
      {"list_picture_missing", "a list of a picture that is not there",
       replacing("train.txt", "00000002", "00000102")},
      {"list_picture_twice", "a picture that is trained and validated on",
       [](const fs::path& d) {
         write_text_over(d / "val.txt", text_of(d / "val.txt") + "./images/00000002.jpg\n");
       }},
      {"picture_in_no_list", "a picture that no list has",
       replacing("train.txt", "./images/00000002.jpg\n", "")},
      {"train_only_in_val", "a mixed image that is validated on",
       [](const fs::path& d) {
         replace_in(d / "train.txt", "./images/00000005.jpg\n", "");
         write_text_over(d / "val.txt", text_of(d / "val.txt") + "./images/00000005.jpg\n");
       }},
      {"list_missing", "no list", [](const fs::path& d) { fs::remove(d / "val.txt"); }},
  };
}

std::vector<Fault> pose_faults() {
  return {
      {"yaml_flip_identity", "a mirror that moves no point",
       replacing("data.yaml", "flip_idx: [1, 0, 2]", "flip_idx: [0, 1, 2]")},
      {"yaml_flip", "a mirror of other points",
       replacing("data.yaml", "flip_idx: [1, 0, 2]", "flip_idx: [2, 1, 0]")},
      {"yaml_kpt_shape", "keypoints more than there are",
       replacing("data.yaml", "kpt_shape: [3, 3]", "kpt_shape: [4, 3]")},
      {"label_columns", "a keypoint too few", words(kLabels, [](auto& w) { w.pop_back(); })},
      {"keypoint_visibility", "a v of 5", words(kLabels, [](auto& w) { w.back() = "5"; })},
  };
}

std::vector<Fault> polygon_faults() {
  return {
      {"label_columns", "a polygon of two corners", words(kLabels, [](auto& w) { w.resize(5); })},
      {"value_range", "a corner outside", words(kLabels, [](auto& w) { w[3] = "-0.1"; })},
      {"label_differs", "a corner that somebody moved",
       words(kLabels,
             [](auto& w) {
               for (std::size_t i = 1; i < w.size(); i += 2) w[i] = "0." + w[i].substr(3);
             })},
  };
}

std::vector<Fault> coco_faults() {
  const std::string file = "annotations/instances_train.json";
  return {
      {"annotation_id_zero", "an annotation of id 0",
       replacing(file, "{\"id\":1,\"image_id", "{\"id\":0,\"image_id")},
      {"annotation_id_duplicate", "an id twice",
       replacing(file, "{\"id\":2,\"image_id", "{\"id\":1,\"image_id")},
      {"image_id_duplicate", "an image id twice",
       replacing(file, "{\"id\":2,\"width", "{\"id\":1,\"width")},
      {"image_unknown", "an annotation of no image",
       replacing(file, "\"image_id\":1,", "\"image_id\":77,")},
      {"class_range", "a category that is none",
       replacing(file, "\"category_id\":1,", "\"category_id\":9,")},
      {"mask_size", "a mask lying on its side",
       replacing(file, "\"size\":[48,64]", "\"size\":[64,48]")},
      {"ignore_key", "a key that pycocotools overwrites",
       replacing(file, "\"iscrowd\":0", "\"ignore\":1,\"iscrowd\":0")},
      {"category_order", "classes in another order",
       replacing(file, "\"name\":\"ball\"", "\"name\":\"box\"")},
      {"coco_unreadable", "half a file", replacing(file, "\"annotations\":[", "\"annotations\":")},
      {"picture_missing", "a picture that is gone",
       [](const fs::path& d) { fs::remove(d / "images/00000002.jpg"); }},
  };
}

}  // namespace

TEST_SUITE("verify formats") {
  TEST_CASE("each fault of YOLO's files is found by the rule for it") {
    check_format_faults("yolo", "ultralytics", yolo_faults());
  }

  TEST_CASE("each fault of YOLO's poses is found by the rule for it") {
    check_format_faults("yolo_pose", "ultralytics", pose_faults());
  }

  TEST_CASE("each fault of YOLO's polygons is found by the rule for it") {
    check_format_faults("yolo_seg", "yolo_seg", polygon_faults());
    check_format_faults(
        "yolo_obb", "yolo_obb",
        {{"label_columns", "a corner too few", words(kLabels, [](auto& w) { w.resize(7); })}});
  }

  TEST_CASE("what pycocotools gets wrong without a word is found by the rule for it") {
    check_format_faults("coco", "coco", coco_faults());
  }

  TEST_CASE("a format's folder is checked where no dataset lies beside it") {
    const Scratch scratch;
    make_clean_dataset(scratch.path / "dataset");
    add_format(scratch.path / "dataset", "yolo");
    fs::copy(scratch.path / "dataset/formats/yolo", scratch.path / "yolo",
             fs::copy_options::recursive);
    CHECK(verify(scratch.path / "yolo", "ultralytics").rules() == "");
    replace_in(scratch.path / "yolo" / kLabels, "0 0.", "9 0.");
    const Verdict verdict = verify(scratch.path / "yolo", "ultralytics");
    CHECK(verdict.rules() == "class_range");
    CHECK(verdict.where("class_range") == (scratch.path / "yolo" / kLabels).string() + ":1");
  }
}
