#include <doctest/doctest.h>

#include <string>

#include "generator/evaluate/coco_truth.hpp"
#include "generator/evaluate/manifest_facts.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/evaluate/truth_drafts.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::holds;
using orrery::testing::write_text;

namespace {

const std::string kHead =
    R"({"images":[{"id":5,"width":10,"height":8}],"categories":[{"id":2,"name":"ball"}],"annotations":[)";

/// The message that reading this ends with; empty if it is read.
std::string refusal_of_truth(const std::string& annotations, Overlap overlap = Overlap::bbox) {
  const TemporaryFolder folder;
  write_text(folder.path / "truth.json", kHead + annotations + "]}");
  try {
    read_ground_truth(folder.path / "truth.json", overlap);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::string refusal_of_results(const std::string& results, Overlap overlap = Overlap::bbox) {
  const TemporaryFolder folder;
  write_text(folder.path / "truth.json", kHead + "]}");
  write_text(folder.path / "found.json", "[" + results + "]");
  const GroundTruth truth = read_ground_truth(folder.path / "truth.json", overlap);
  try {
    read_detections(folder.path / "found.json", truth, overlap);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::string annotation(const std::string& id, const std::string& more = "") {
  return R"({"id":)" + id + R"(,"image_id":5,"category_id":2,"bbox":[1,1,2,2],"area":4)" + more +
         "}";
}

}  // namespace

TEST_SUITE("evaluate: broken files") {
  TEST_CASE("an annotation that would be scored silently wrong is named") {
    CHECK(refusal_of_truth(annotation("1")).empty());
    CHECK(holds(refusal_of_truth(annotation("1") + "," + annotation("0")),
                "annotations[1] (id 0): id is 0, wanted ids from 1"));
    CHECK(holds(refusal_of_truth(annotation("7") + "," + annotation("7")),
                "annotations[1] (id 7): id is that of annotations[0] again"));
    CHECK(holds(
        refusal_of_truth(R"({"id":1,"image_id":6,"category_id":2,"bbox":[1,1,2,2],"area":4})"),
        "annotations[0] (id 1): image_id is 6"));
    CHECK(holds(
        refusal_of_truth(R"({"id":1,"image_id":5,"category_id":3,"bbox":[1,1,2,2],"area":4})"),
        "category_id is 3"));
    CHECK(holds(refusal_of_truth(R"({"id":1,"image_id":5,"category_id":2,"bbox":[1,1,2,2]})"),
                "area is missing"));
    CHECK(holds(
        refusal_of_truth(R"({"id":1,"image_id":5,"category_id":2,"bbox":[1,1,-2,2],"area":4})"),
        "bbox is [1,1,-2,2]"));
    CHECK(
        holds(refusal_of_truth(R"({"id":1,"image_id":5,"category_id":2,"bbox":[1,1,2],"area":4})"),
              "bbox is [1,1,2]"));
    CHECK(holds(refusal_of_truth("3"), "annotations[0] is 3, wanted an object"));
    CHECK(holds(refusal_of_truth(annotation("1") + ",{"), "is no JSON"));
  }

  TEST_CASE("masks of another size and runs that do not fill the image are named") {
    const auto with = [](const std::string& segmentation) {
      return refusal_of_truth(annotation("4", R"(,"segmentation":)" + segmentation), Overlap::segm);
    };
    CHECK(with(R"({"size":[8,10],"counts":[40,40]})").empty());
    CHECK(with("[[1,1,5,1,5,5]]").empty());
    CHECK(holds(with(R"({"size":[10,8],"counts":[40,40]})"), "segmentation.size is [10, 8]"));
    CHECK(
        holds(with(R"({"size":[8,10],"counts":[40,41]})"), "segmentation.counts is of 81 pixels"));
    CHECK(holds(with("[[1,1,5,1]]"), "x, y of three corners or more"));
    CHECK(holds(with("[]"), "annotations[0] (id 4): segmentation is []"));
    CHECK(holds(refusal_of_truth(annotation("4"), Overlap::segm), "segmentation is missing"));
  }

  TEST_CASE("keypoints that contradict themselves are named") {
    const auto with = [](const std::string& more) {
      return refusal_of_truth(annotation("4", more), Overlap::keypoints);
    };
    CHECK(with(R"(,"keypoints":[1,1,2],"num_keypoints":1)").empty());
    CHECK(holds(with(R"(,"keypoints":[1,1])"), "keypoints is 2 numbers"));
    CHECK(holds(with(R"(,"keypoints":[1,1,2],"num_keypoints":0)"), "num_keypoints is 0"));
    CHECK(holds(refusal_of_truth(annotation("1", R"(,"keypoints":[1,1,2])") + "," +
                                     annotation("2", R"(,"keypoints":[1,1,2,3,3,2])"),
                                 Overlap::keypoints),
                "annotation 2 has 2 keypoints, wanted 1"));
  }

  TEST_CASE("a result without a finite score, a known image or a known class is named") {
    CHECK(refusal_of_results(R"({"image_id":5,"category_id":2,"bbox":[1,1,2,2],"score":0.5})")
              .empty());
    CHECK(holds(refusal_of_results(R"({"image_id":5,"category_id":2,"bbox":[1,1,2,2]})"),
                "[0]: score is missing"));
    CHECK(
        holds(refusal_of_results(R"({"image_id":5,"category_id":2,"bbox":[1,1,2,2],"score":null})"),
              "score is null, wanted a number"));
    CHECK(
        holds(refusal_of_results(R"({"image_id":5,"category_id":2,"bbox":[1,1,2,2],"score":NaN})"),
              "has no NaN"));
    CHECK(holds(
        refusal_of_results(R"({"image_id":5,"category_id":2,"bbox":[1,1,2,2],"score":1e999})"),
        "number overflow"));
    CHECK(holds(refusal_of_results(R"({"image_id":9,"category_id":2,"bbox":[1,1,2,2],"score":1})"),
                "image_id is 9"));
    CHECK(holds(refusal_of_results(R"({"image_id":5,"category_id":1,"bbox":[1,1,2,2],"score":1})"),
                "category_id is 1"));
    CHECK(holds(refusal_of_results(R"({"image_id":5,"category_id":2,"score":1})"),
                "wanted one of them"));
  }

  TEST_CASE("images and categories twice, and a file that is something else, are named") {
    const TemporaryFolder folder;
    const auto refusal = [&](const std::string& text) -> std::string {
      write_text(folder.path / "t.json", text);
      try {
        read_ground_truth(folder.path / "t.json", Overlap::bbox);
      } catch (const Error& e) {
        return e.what();
      }
      return "";
    };
    CHECK(holds(refusal(R"({"images":[{"id":1},{"id":1}],"annotations":[],"categories":[]})"),
                "images: id 1 is there twice"));
    CHECK(holds(refusal(R"({"images":[],"annotations":[],"categories":[{"id":1},{"id":1}]})"),
                "categories: id 1 is there twice"));
    CHECK(holds(refusal(R"({"images":[],"annotations":[]})"), "has no array \"categories\""));
    CHECK(holds(refusal("[]"), "wanted a COCO object"));
    CHECK_THROWS_AS(read_ground_truth(folder.path / "none.json", Overlap::bbox), Error);
  }

  TEST_CASE(
      "a manifest gives groups by shared sessions, tracks and splits; a foreign one is refused") {
    const TemporaryFolder folder;
    GroundTruth truth = orrery::testing::drafted_truth(2);
    for (TestImage& image : truth.images) image.group.clear();
    const auto row = [](int image, const std::string& lineage) {
      return R"({"files":{"images/)" + std::to_string(image) +
             R"(.jpg":"aa"},"track":"in_scope","split":"val","lineage":[)" + lineage + "]}\n";
    };
    const std::string a = R"({"kind":"session","name":"a"})";
    const std::string b = R"({"kind":"session","name":"b"})";
    const std::string sky = R"({"kind":"sky","name":"dawn"})";
    // 1 ties a to b.
    write_text(folder.path / "manifest.jsonl",
               row(0, a) + row(1, a + "," + b) + row(2, b) + row(3, sky) + row(4, sky));
    add_manifest_facts(truth, folder.path / "manifest.jsonl");
    CHECK(truth.images[0].group == truth.images[1].group);
    CHECK(truth.images[0].group == truth.images[2].group);
    CHECK_FALSE(truth.images[0].group.empty());
    CHECK(truth.images[3].group.empty());
    CHECK(truth.images[0].track == "in_scope");
    CHECK(truth.images[4].split == "val");
    CHECK(truth.images[5].split.empty());
    REQUIRE(truth.warnings.size() == 1);
    CHECK(holds(truth.warnings[0], "1 of 6 images are not in"));
    write_text(folder.path / "manifest.jsonl", R"({"files":{"images/other.jpg":"aa"}})");
    CHECK_THROWS_AS(add_manifest_facts(truth, folder.path / "manifest.jsonl"), Error);
    write_text(folder.path / "manifest.jsonl", "{}\n");
    CHECK_THROWS_AS(add_manifest_facts(truth, folder.path / "manifest.jsonl"), Error);
  }
}
