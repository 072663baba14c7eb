#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>

#include "generator/evaluate/coco_truth.hpp"
#include "generator/evaluate/evaluation.hpp"
#include "generator/sample.hpp"
#include "scenes/temporary_folder.hpp"

using namespace orrery;
namespace fs = std::filesystem;

namespace {

const fs::path kMetrics = fs::path(ORRERY_SHARED_DATA) / "real/metrics";
constexpr double kClose = 1e-12;

Json read(const fs::path& file) {
  std::ifstream in(file);
  return Json::parse(in);
}

Overlap overlap_from(const std::string& name) {
  if (name == "segm") return Overlap::segm;
  return name == "keypoints" ? Overlap::keypoints : Overlap::bbox;
}

Evaluation evaluated(const fs::path& truth_file, const fs::path& found_file, Overlap overlap) {
  const GroundTruth truth = read_ground_truth(truth_file, overlap);
  EvaluationParams params;
  params.overlap = overlap;
  return evaluate(truth, read_detections(found_file, truth, overlap), params);
}

void check_stats(const Evaluation& found, const Json& wanted) {
  REQUIRE(found.stats.size() == wanted.size());
  for (std::size_t i = 0; i < found.stats.size(); ++i) {
    CAPTURE(found.stats[i].name);
    CHECK(std::abs(found.stats[i].value - wanted.at(i).get<double>()) <= kClose);
  }
}

}  // namespace

TEST_SUITE("evaluate: pycocotools") {
  TEST_CASE("hundreds of random cases and the real ones score as pycocotools scores them") {
    const std::string python = ORRERY_PYTHON;
    if (std::system((python + " -c 'import pycocotools, numpy' 2>/dev/null").c_str()) != 0) {
      MESSAGE("skipped: " << python << " with pycocotools and numpy is not there (./dev setup)");
      return;
    }
    const TemporaryFolder folder;
    std::string command = python + " " ORRERY_MAKE_CASES " " + folder.path.string() + " 240";
    std::size_t cases = 240;
    const fs::path coco = kMetrics / "coco";
    if (fs::exists(coco)) {
      const auto add = [&](const fs::path& truth, const fs::path& found, const char* iou) {
        command += " " + truth.string() + " " + found.string() + " " + iou;
        ++cases;
      };
      add(coco / "gt_dataset.json", coco / "dt_dataset.json", "bbox");
      add(coco / "gt_dataset.json", coco / "dt_dataset.json", "segm");
      add(coco / "gt_ignore_test.json", coco / "dt_ignore_test.json", "bbox");
    } else {
      MESSAGE("without the real cases: " << coco.string() << " is not there");
    }
    REQUIRE(std::system(command.c_str()) == 0);
    for (std::size_t n = 0; n < cases; ++n) {
      CAPTURE(n);
      const std::string name = "_" + std::to_string(n) + ".json";
      const Json wanted = read(folder.path / ("expected" + name));
      const Overlap overlap = overlap_from(wanted.at("iou").get<std::string>());
      const Evaluation found =
          evaluated(folder.path / ("truth" + name), folder.path / ("found" + name), overlap);
      check_stats(found, wanted.at("stats"));
      REQUIRE(found.classes.size() == wanted.at("ap").size());
      for (std::size_t c = 0; c < found.classes.size(); ++c) {
        for (std::size_t t = 0; t < kThresholds; ++t) {
          const double ap = wanted.at("ap").at(c).at(t).get<double>();
          CHECK(std::abs(found.classes[c].ap_by_overlap[t] - ap) <= kClose);
        }
      }
    }
  }

  TEST_CASE("the published figures of 100 images of COCO come out, of boxes and of masks") {
    const fs::path coco = kMetrics / "coco";
    if (!fs::exists(coco)) {
      MESSAGE("skipped: " << coco.string() << " is not there");
      return;
    }
    const Json wanted = read(coco / "expected_stats.json");
    const fs::path truth = coco / "instances_val2014_100.json";
    check_stats(
        evaluated(truth, coco / "instances_val2014_fakebbox100_results.json", Overlap::bbox),
        wanted.at("bbox"));
    check_stats(
        evaluated(truth, coco / "instances_val2014_fakesegm100_results.json", Overlap::segm),
        wanted.at("segm"));
  }

  TEST_CASE("image ids that are texts of numbers are those numbers") {
    const fs::path coco = kMetrics / "coco";
    if (!fs::exists(coco)) {
      MESSAGE("skipped: " << coco.string() << " is not there");
      return;
    }
    // Its image says "2299", most of its annotations 2299.
    const GroundTruth truth = read_ground_truth(coco / "gt_ignore_test.json", Overlap::bbox);
    CHECK(truth.objects.size() == 14);
    CHECK(truth.images.at(0).id == 2299);
  }
}
