#include <doctest/doctest.h>

#include <cmath>
#include <sstream>
#include <string>

#include "generator/data_commands.hpp"
#include "generator/sample.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/evaluate/truth_drafts.hpp"

using namespace orrery;
using namespace orrery::testing;

namespace {

/// A drafted test set on disk, and the command that scores it.
struct Files {
  TemporaryFolder folder;
  EvaluateCommand command;

  Files() {
    GroundTruth truth = drafted_truth(20);
    for (TestImage& image : truth.images)
      image.track = image.id % 2 == 0 ? "in_scope" : "out_of_scope";
    write_coco(truth, folder.path / "truth.json");
    write_results(truth, drafted_detections(truth, 0.7, 1), folder.path / "found.json");
    write_results(truth, drafted_detections(truth, 0.5, 1), folder.path / "other.json");
    command.truth = folder.path / "truth.json";
    command.detections = folder.path / "found.json";
    command.bootstrap = 100;
  }

  int kpis(const std::string& yaml) {
    write_text(folder.path / "kpi.yaml", yaml);
    command.kpi = folder.path / "kpi.yaml";
    std::ostringstream out;
    return run_evaluate(command, out);
  }

  std::string said() const {
    std::ostringstream out;
    CHECK(run_evaluate(command, out) == 0);
    return out.str();
  }
};

}  // namespace

TEST_SUITE("evaluate: command") {
  TEST_CASE("a missed target ends with 1, a reached or reported one with 0") {
    Files files;
    CHECK(files.kpis("kpis: [{name: a, metric: ap50, target: 0.2}]") == 0);
    CHECK(files.kpis("kpis: [{name: a, metric: ap50, target: 0.99}]") == 1);
    CHECK(files.kpis("kpis: [{name: a, metric: ap50, target: 0.99, in_scope: false}]") == 0);
    CHECK(files.kpis("kpis: [{name: a, metric: ap50, target: 0.99, rule: report}]") == 0);
    CHECK(files.kpis("kpis: [{name: a, metric: ap50, where: {track: nowhere}, target: 0}]") == 1);
  }

  TEST_CASE(
      "the same command says the same, in JSON and for people, and another seed moves only "
      "intervals") {
    Files files;
    files.command.against = files.folder.path / "other.json";
    CHECK(files.said() == files.said());
    files.command.json = true;
    const Json first = Json::parse(files.said());
    files.command.seed = 8;
    const Json second = Json::parse(files.said());
    CHECK(first.at("stats") == second.at("stats"));
    CHECK(first.at("intervals") != second.at("intervals"));
    CHECK(first.at("groups") == 20);
    CHECK(first.at("slices").size() == 9);  // 7 sides, 2 tracks
    const Json& comparison = first.at("comparison");
    const double difference = comparison.at("ap50").at("difference").get<double>();
    const double here = first.at("stats").at("AP50").get<double>();
    CHECK(std::abs(difference -
                   (here - comparison.at("other").at("stats").at("AP50").get<double>())) < 1e-12);
    CHECK(comparison.at("ap50").at("interval").at("low") > 0);
    CHECK(comparison.at("ap50").at("above_zero") == 1);
  }

  TEST_CASE("no detection at all scores 0 and says so") {
    Files files;
    write_text(files.folder.path / "found.json", "[]");
    files.command.json = true;
    const Json said = Json::parse(files.said());
    CHECK(said.at("stats").at("AP") == 0);
    CHECK(said.at("warnings").size() == 1);
  }

  TEST_CASE("without resamples there are no intervals") {
    Files files;
    files.command.bootstrap = 0;
    CHECK(files.said().find("95 %") == std::string::npos);
    files.command.json = true;
    CHECK_FALSE(Json::parse(files.said()).contains("intervals"));
  }
}
