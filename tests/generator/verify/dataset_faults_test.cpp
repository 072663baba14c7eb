#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "generator/data_commands.hpp"
#include "generator/dataset.hpp"
#include "generator/sinks/tar.hpp"
#include "generator/sinks/tar_members.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"
#include "tests/generator/random_sample.hpp"
#include "tests/generator/verify/clean_dataset.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

constexpr const char* kCoco = "annotations/instances_default.json";

std::function<void(const fs::path&)> annotation(std::uint64_t id,
                                                const std::function<void(Json&)>& change) {
  return [=](const fs::path& dataset) { change_annotation(dataset, id, change); };
}

std::function<void(const fs::path&)> rehashed(const std::string& file, const std::string& from,
                                              const std::string& to) {
  return [=](const fs::path& dataset) {
    replace_in(dataset / file, from, to);
    hash_again(dataset);
  };
}

std::vector<std::string> rows_of(const fs::path& dataset) {
  std::vector<std::string> rows;
  std::istringstream in(text_of(dataset / "manifest.jsonl"));
  for (std::string row; std::getline(in, row);) rows.push_back(row);
  return rows;
}

void write_rows(const fs::path& dataset, const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += row + "\n";
  write_text_over(dataset / "manifest.jsonl", text);
  hash_again(dataset);
}

/// A mask with its pixel `from` the other way round.
void flip_pixel(Json& a, bool last) {
  const Json& size = a.at("segmentation").at("size");
  const Rle rle = rle_from_coco(a.at("segmentation").at("counts"), size.at(1), size.at(0));
  Image<std::uint8_t> mask = mask_from_rle(rle);
  const auto set = [](std::uint8_t pixel) { return pixel != 0; };
  auto& pixels = mask.pixels;
  const auto at = last ? std::prev(std::find_if(pixels.rbegin(), pixels.rend(), set).base())
                       : std::find_if(pixels.begin(), pixels.end(), set);
  *at = 0;
  a["segmentation"]["counts"] = coco_counts(rle_from_mask(mask));
}

std::vector<Fault> annotation_faults() {
  return {
      {"box_is_not_extent_of_mask", "a box off by one",
       annotation(1, [](Json& a) { a["bbox"][0] = a["bbox"][0].get<double>() + 1; })},
      {"annotation_id_zero", "an annotation of id 0", annotation(1, [](Json& a) { a["id"] = 0; })},
      {"annotation_id_duplicate", "an id twice", annotation(2, [](Json& a) { a["id"] = 1; })},
      {"annotation_id_gap", "an id left out", annotation(26, [](Json& a) { a["id"] = 27; })},
      {"box_axes_swapped", "y before x",
       annotation(5,
                  [](Json& a) {
                    const Json b = a["bbox"];
                    a["bbox"] = {b[1], b[0], b[3], b[2]};
                  })},
      {"area", "a pixel less in a mask", annotation(5, [](Json& a) { flip_pixel(a, false); })},
      {"area", "an area off by one",
       annotation(6, [](Json& a) { a["area"] = a["area"].get<double>() + 1; })},
      {"mask_size", "a mask lying on its side",
       annotation(5,
                  [](Json& a) {
                    a["segmentation"]["size"] = {64, 48};
                  })},
      {"mask_unreadable", "runs that do not fill the image",
       annotation(5, [](Json& a) { a["segmentation"]["counts"] = "12"; })},
      {"class_range", "a class beyond the last",
       annotation(5, [](Json& a) { a["category_id"] = 4; })},
      {"box_empty", "a box without width",
       annotation(6,
                  [](Json& a) {
                    a["bbox"][2] = 0;
                    a["area"] = 0;
                  })},
      {"box_outside_image", "a box that leaves the image",
       annotation(6, [](Json& a) { a["bbox"][0] = 60; })},
      {"keypoint_count", "two keypoints of three",
       annotation(5, [](Json& a) { a["keypoints"].erase(0); })},
      {"num_keypoints", "keypoints miscounted",
       annotation(5, [](Json& a) { a["num_keypoints"] = 3; })},
      {"keypoint_visibility", "a v of 3", annotation(5, [](Json& a) { a["keypoints"][2] = 3; })},
      {"crowd_with_polygons", "a crowd with polygons",
       annotation(6,
                  [](Json& a) {
                    a["iscrowd"] = 1;
                    a["segmentation"] = {{1, 1, 9, 1, 9, 9}};
                  })},
      {"polygon_numbers", "a polygon of two corners",
       annotation(6,
                  [](Json& a) {
                    a["segmentation"] = {{1, 1, 9, 1}};
                  })},
      {"annotation_image_unknown", "an annotation of no image",
       annotation(26, [](Json& a) { a["image_id"] = 99; })},
      {"instance_id_duplicate", "an instance twice in an image",
       annotation(5, [](Json& a) { a["instance_id"] = 1; })},
      {"object_differs", "a class that is another in the manifest",
       annotation(6, [](Json& a) { a["category_id"] = 1; })},
      {"fraction_range", "more visible than all",
       annotation(5, [](Json& a) { a["visible_fraction"] = 1.2; })},
      {"weight_range", "a weight of 0", annotation(6, [](Json& a) { a["weight"] = 0; })},
  };
}

std::vector<Fault> file_faults() {
  return {
      {"category_order", "classes in another order",
       rehashed(kCoco, "\"name\":\"ball\"", "\"name\":\"box\"")},
      {"dataset_hash", "another hash",
       [](const fs::path& d) {
         replace_in(d / "dataset.json", "dataset_hash\": \"", "dataset_hash\": \"0");
       }},
      {"file_hash", "a picture that was written again",
       [](const fs::path& d) {
         fs::remove(d / "images/00000004.jpg");
         fs::copy_file(d / "images/00000005.jpg", d / "images/00000004.jpg");
       }},
      {"picture_truncated", "a picture cut off",
       [](const fs::path& d) { fs::resize_file(d / "images/00000004.jpg", 700); }},
      {"picture_missing", "a picture that is gone",
       [](const fs::path& d) { fs::remove(d / "images/00000004.jpg"); }},
      {"picture_extra", "a picture that nothing names",
       [](const fs::path& d) { fs::copy_file(d / "images/00000004.jpg", d / "images/extra.jpg"); }},
      {"picture_size", "a size that is not the picture's",
       rehashed(kCoco, "{\"id\":5,\"width\":64", "{\"id\":5,\"width\":65")},
      {"image_differs", "a size that is not the manifest's",
       rehashed(kCoco, "{\"id\":5,\"width\":64", "{\"id\":5,\"width\":65")},
      {"image_id", "an image id left out",
       rehashed(kCoco, "{\"id\":12,\"width\"", "{\"id\":13,\"width\"")},
      {"ledger_unbalanced", "more placed than labelled and dropped",
       rehashed("dataset.json", "\"placed\": ", "\"placed\": 1")},
      {"ledger_recount", "a count off by one",
       [](const fs::path& d) {
         Json json = Json::parse(text_of(d / "dataset.json"));
         Json& line = json["ledger"][1];
         for (const char* key : {"placed", "labelled", "written", "reread"}) {
           line[key] = line[key].get<int>() + 1;
         }
         write_text_over(d / "dataset.json", json.dump());
       }},
      {"image_count", "a count that is not the images'",
       rehashed("dataset.json", "\"count\": 12", "\"count\": 13")},
      {"manifest_row_missing", "a row that is gone",
       [](const fs::path& d) {
         std::vector<std::string> rows = rows_of(d);
         rows.erase(rows.begin() + 4);
         write_rows(d, rows);
       }},
      {"manifest_row_duplicate", "a row twice",
       [](const fs::path& d) {
         std::vector<std::string> rows = rows_of(d);
         rows.insert(rows.begin() + 4, rows[4]);
         write_rows(d, rows);
       }},
      {"manifest_row_order", "two rows changed about",
       [](const fs::path& d) {
         std::vector<std::string> rows = rows_of(d);
         std::swap(rows[4], rows[5]);
         write_rows(d, rows);
       }},
      {"row_of_another_recipe", "a row of another seed",
       rehashed("manifest.jsonl", "{\"index\":4,\"seed\":7", "{\"index\":4,\"seed\":8")},
      {"annotation_missing", "an object without an annotation",
       [](const fs::path& d) {
         replace_in(d / "manifest.jsonl", "\"objects\":[",
                    "\"objects\":[{\"id\":9,\"class\":0,\"box\":[0,0,1,1],\"area\":1},");
         hash_again(d);
       }},
      {"track", "an image in another track",
       rehashed("manifest.jsonl", "\"track\":\"real_only\"", "\"track\":\"in_scope\"")},
  };
}

std::vector<Fault> fold_faults() {
  const auto other_fold = [](const fs::path& d, const std::string& image) {
    Json folds = Json::parse(text_of(d / "folds.json"));
    Json& fold = folds["images"][image];
    fold = 1 - fold.get<int>();
    write_text_over(d / "folds.json", folds.dump());
  };
  const auto val_of = [](const fs::path& d, const std::string& image) {
    const Json folds = Json::parse(text_of(d / "folds.json"));
    return d / "folds" / ("fold" + std::to_string(folds["images"][image].get<int>())) / "val.txt";
  };
  return {
      {"leak", "two images of a session in two folds",
       [=](const fs::path& d) { other_fold(d, "00000000"); }},
      {"train_only_in_val", "a mixed image that is validated on",
       [=](const fs::path& d) {
         const fs::path list = val_of(d, "00000005");
         write_text_over(list, text_of(list) + "00000005\n");
       }},
      {"fold_list", "an image that its fold does not list",
       [=](const fs::path& d) { replace_in(val_of(d, "00000000"), "00000000\n", ""); }},
      {"fold_image_unknown", "an image of folds.json that is none",
       [](const fs::path& d) { replace_in(d / "folds.json", "\"00000000\": ", "\"nothing\": "); }},
      {"image_without_fold", "an image that folds.json lacks",
       [](const fs::path& d) { replace_in(d / "folds.json", "\"00000000\": ", "\"nothing\": "); }},
      {"fold_count", "images of a fold miscounted",
       [](const fs::path& d) { replace_in(d / "folds.json", "{\"images\":", "{\"images\":1"); }},
      {"fold_list_missing", "a list that is gone",
       [](const fs::path& d) { fs::remove(d / "folds/fold1/train.txt"); }},
  };
}

std::vector<Fault> archive_faults() {
  const auto change_byte = [](const fs::path& file, std::size_t at) {
    std::string text = text_of(file);
    text[at] = static_cast<char>(text[at] ^ 1);
    write_text_over(file, text);
  };
  return {
      {"file_hash", "a pixel's byte",
       [=](const fs::path& d) {
         const fs::path shard = d / "shards/00000001.tar";
         change_byte(shard, tar_members(shard)[2].offset + tar_members(shard)[2].size - 20);
       }},
      {"picture_missing", "an archive that is gone",
       [](const fs::path& d) { fs::remove(d / "shards/00000002.tar"); }},
      {"file_missing", "an archive that ends too early",
       [](const fs::path& d) { fs::resize_file(d / "shards/00000000.tar", 3000); }},
      {"file_missing", "a header's byte",
       [=](const fs::path& d) { change_byte(d / "shards/00000000.tar", 3); }},
      {"shard_extra", "an archive of no chunk",
       [](const fs::path& d) {
         fs::copy_file(d / "shards/00000002.tar", d / "shards/00000003.tar");
       }},
      {"picture_extra", "a member that no row names",
       [](const fs::path& d) {
         std::string text = text_of(d / "shards/00000002.tar");
         std::string more;
         add_tar_member(more, "images/00000012.jpg", "?");
         write_text_over(d / "shards/00000002.tar", more + text);
       }},
      {"picture_extra", "a loose file that no row names",
       [](const fs::path& d) {
         fs::create_directory(d / "images");
         write_text_over(d / "images/00000012.jpg", "?");
       }},
  };
}

void check_faults(const std::vector<Fault>& faults, Pack pack = Pack::files) {
  const Scratch scratch;
  make_clean_dataset(scratch.path / "clean", pack);
  for (const Fault& fault : faults) {
    const fs::path dataset = scratch.path / "faulty";
    fs::remove_all(dataset);
    fs::copy(scratch.path / "clean", dataset, fs::copy_options::recursive);
    fault.plant(dataset);
    const Verdict verdict = verify(dataset);
    CHECK_MESSAGE(verdict.count(fault.rule) > 0, fault.what, ": found only ", verdict.rules());
    CHECK(verdict.status == 1);
  }
}

}  // namespace

TEST_SUITE("verify") {
  TEST_CASE("a clean dataset breaks no rule, and all of it is looked at") {
    const Scratch scratch;
    make_clean_dataset(scratch.path / "clean");
    const Verdict verdict = verify(scratch.path / "clean");
    CHECK(verdict.rules() == "");
    CHECK(verdict.json.at("findings").dump(1) == "[]");
    CHECK(verdict.json.at("looked_at").at("images") == 12);
    CHECK(verdict.json.at("looked_at").at("annotations") == 26);
    CHECK(verdict.json.at("looked_at").at("pictures") == 12);
    CHECK(verdict.json.at("looked_at").at("rows") == 12);
    CHECK(verdict.json.at("looked_at").at("folds") == 2);
  }

  TEST_CASE("each fault of an annotation is found by the rule for it") {
    check_faults(annotation_faults());
  }

  TEST_CASE("each fault of the files is found by the rule for it") { check_faults(file_faults()); }

  TEST_CASE("each fault of the archives is found by the rule for it, and sound ones break none") {
    const Scratch scratch;
    make_clean_dataset(scratch.path / "d", Pack::tar);
    const Verdict verdict = verify(scratch.path / "d");
    CHECK(verdict.json.at("findings").dump(1) == "[]");
    CHECK(verdict.json.at("looked_at").at("pictures") == 12);
    add_format(scratch.path / "d", "yolo");
    CHECK(verify(scratch.path / "d", "yolo").rules() == "");
    CHECK_THROWS_WITH_AS(verify(scratch.path / "d", "coco"), doctest::Contains("convert --to coco"),
                         Error);
    check_faults(archive_faults(), Pack::tar);
  }

  TEST_CASE("each fault of the folds is found by the rule for it") { check_faults(fold_faults()); }

  TEST_CASE("a fault is told with its line, what is there and what should be") {
    const Scratch scratch;
    make_clean_dataset(scratch.path / "d");
    change_annotation(scratch.path / "d", 5, [](Json& a) { a["num_keypoints"] = 3; });
    std::ostringstream out;
    CHECK(run_verify({scratch.path / "d", "", false}, out) == 1);
    const std::string text = out.str();
    CHECK(text.find("num_keypoints: ") == 0);
    // 2 lines of heads, the images' opening, 12 images, their end, the annotations' opening.
    CHECK(text.find("instances_default.json:22: found num_keypoints 3, wanted 2") !=
          std::string::npos);
    CHECK(text.find("1 findings:\n  1 num_keypoints\n") != std::string::npos);
  }

  TEST_CASE("a rendered dataset breaks no rule until its drops are miscounted") {
    const Scratch scratch;
    const fs::path folder = scratch.path / "rendered";
    Dataset dataset(folder, {{{"what", "a test"}}, "recipe", 7, 20, 64, {"ball", "box", "cone"}});
    std::vector<Sample> samples;
    for (std::uint64_t i = 0; i < 20; ++i) samples.push_back(random_sample(i));
    dataset.commit(0, samples);
    dataset.finish();
    CHECK(verify(folder).json.at("findings").dump(1) == "[]");
    Json json = Json::parse(text_of(folder / "dataset.json"));
    Json& line = json["ledger"][0];
    line["dropped"]["invented"] = 1;
    line["placed"] = line["placed"].get<int>() + 1;
    write_text_over(folder / "dataset.json", json.dump());
    CHECK(verify(folder).rules() == "ledger_dropped");
  }

  TEST_CASE("more findings of a rule than are told are counted") {
    const Scratch scratch;
    make_clean_dataset(scratch.path / "d");
    for (std::uint64_t id = 1; id <= 26; ++id) {
      change_annotation(scratch.path / "d", id, [](Json& a) { a["iscrowd"] = 7; });
    }
    const Verdict verdict = verify(scratch.path / "d");
    CHECK(verdict.count("iscrowd") == 26);
    const Json& findings = verdict.json.at("findings");
    CHECK(std::count_if(findings.begin(), findings.end(),
                        [](const Json& f) { return f.at("rule") == "iscrowd"; }) == 20);
  }

  TEST_CASE("what has no rules is an error that names what has") {
    const Scratch scratch;
    make_clean_dataset(scratch.path / "d");
    CHECK_THROWS_WITH_AS(verify(scratch.path / "d", "yolo_sge"),
                         doctest::Contains("wanted one such as \"yolo_seg\""), Error);
    CHECK_THROWS_AS(verify(scratch.path / "d", "yolo_seg"), Error);
    CHECK_THROWS_AS(verify(scratch.path), Error);
  }
}
