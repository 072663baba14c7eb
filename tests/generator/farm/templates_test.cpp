#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "scenes/error.hpp"
#include "tests/generator/farm/farm_fixture.hpp"

using namespace orrery;
using namespace orrery::testing;
using nlohmann::json;

namespace {

bool python_has(const std::string& module) {
  if (bash(quoted(ORRERY_PYTHON) + " -c 'import " + module + "' 2>/dev/null").first == 0)
    return true;
  MESSAGE("skipped: " << ORRERY_PYTHON << " with " << module << " is not there (./dev setup)");
  return false;
}

FarmCommand kubernetes(const std::vector<std::string>& more) {
  std::vector<std::string> words{
      "kubernetes", "/data/it's a scene.yaml", "-n",      "100", "--seed",  "7",
      "-o",         "/data/My set_1",          "--tasks", "12",  "--image", "registry/orrery:1"};
  words.insert(words.end(), more.begin(), more.end());
  return farm_command(words);
}

json manifest_of(const FakeFarm& farm, const FarmCommand& command) {
  const auto file = farm.write("manifest.yaml", kubernetes_manifest(command));
  const auto ran =
      bash(quoted(ORRERY_PYTHON) + " " + quoted(ORRERY_FARM_TESTS "/read_manifest.py") + " " +
           quoted(file.string()));
  const int code = ran.first;
  const std::string& said = ran.second;
  REQUIRE_MESSAGE(code == 0, said);
  return json::parse(said);
}

/// `openjd WORDS` with the fake orrery in PATH, and no colours of this process's environment.
std::pair<int, std::string> openjd(const FakeFarm& farm, const std::string& words) {
  const std::string python = ORRERY_PYTHON;
  const std::string tool = python.substr(0, python.rfind('/')) + "/openjd";
  return bash("PATH=" + quoted((farm.folder / "bin").string()) + ":\"$PATH\" " + quoted(tool) +
              " " + words + " 2>&1");
}

json calls_of(const FakeFarm& farm) {
  json calls = json::array();
  std::ifstream in(farm.folder / "orrery.log");
  for (std::string line; std::getline(in, line);) calls.push_back(json::parse(line));
  return calls;
}

}  // namespace

TEST_SUITE("templates") {
  TEST_CASE("a manifest is what Kubernetes' schemas allow, and its words arrive as they were") {
    if (!python_has("kubernetes_validate")) return;
    const FakeFarm farm;
    FarmCommand command = kubernetes({"--at-once", "5", "--cores", "6", "--memory", "20"});
    command.generate.insert(command.generate.end(), kAwkward.begin(), kAwkward.end());
    command.generate.push_back("--set=a=$(JOB_COMPLETION_INDEX)");
    const json jobs = manifest_of(farm, command);
    REQUIRE(jobs.size() == 2);
    CHECK(jobs[0]["metadata"]["name"] == "my-set-1");
    const json& spec = jobs[0]["spec"];
    CHECK(spec["completionMode"] == "Indexed");
    CHECK(spec["completions"] == 12);
    CHECK(spec["parallelism"] == 5);
    CHECK(spec["backoffLimitPerIndex"] == 3);
    const json& pod = spec["template"]["spec"];
    CHECK(pod["restartPolicy"] == "Never");
    CHECK(pod["terminationGracePeriodSeconds"] >= 2);
    const json& container = pod["containers"][0];
    json wanted = command.generate;
    wanted.push_back("--shard");
    wanted.push_back("3/12");
    CHECK(container["command"] == json::array({"orrery"}));
    CHECK(container["args"] == wanted);
    CHECK(container["image"] == "registry/orrery:1");
    CHECK(container["resources"]["limits"]["nvidia.com/gpu"] == "1");
    CHECK(container["resources"]["requests"] == json{{"cpu", "6"}, {"memory", "20Gi"}});
    CHECK(container["volumeMounts"][0]["mountPath"] == "/data");

    const json& finish = jobs[1]["spec"];
    CHECK(finish["suspend"] == true);
    CHECK(finish["template"]["spec"]["containers"][0]["args"] ==
          json::array({"finish", "/data/My set_1"}));
    CHECK(!finish["template"]["spec"]["containers"][0]["resources"]["limits"].contains(
        "nvidia.com/gpu"));
  }

  TEST_CASE("pods that were drained or evicted do not count, wrong recipes end the whole job") {
    if (!python_has("kubernetes_validate")) return;
    const FakeFarm farm;
    const json jobs = manifest_of(farm, kubernetes({"--no-gpu"}));
    const auto action = [](const json& job, int code) -> std::string {
      for (const json& rule : job["spec"]["podFailurePolicy"]["rules"]) {
        if (!rule.contains("onExitCodes")) continue;
        CHECK(rule["onExitCodes"]["operator"] == "In");
        CHECK(rule["onExitCodes"]["containerName"] ==
              job["spec"]["template"]["spec"]["containers"][0]["name"]);
        for (const json& value : rule["onExitCodes"]["values"]) {
          if (value == code) return rule["action"];
        }
      }
      return "counts";
    };
    for (const json& job : jobs) {
      CHECK(action(job, 64) == "FailJob");
      CHECK(action(job, 65) == "FailJob");
      CHECK(action(job, 75) == "Ignore");
      for (const int code : {69, 70, 74, 137}) CHECK(action(job, code) == "counts");
      const json& last = job["spec"]["podFailurePolicy"]["rules"].back();
      CHECK(last["action"] == "Ignore");
      CHECK(last["onPodConditions"][0]["type"] == "DisruptionTarget");
      CHECK(job["spec"]["podReplacementPolicy"] == "Failed");
      CHECK(!job["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"].contains(
          "nvidia.com/gpu"));
    }
    CHECK(action(jobs[0], 1) == "counts");
    CHECK(action(jobs[1], 1) == "FailJob");
    CHECK(jobs[0]["spec"]["parallelism"] == 12);
  }

  TEST_CASE("a name that a job may not have becomes one that it may") {
    const auto name = [](const std::string& text) {
      FarmCommand command = kubernetes({});
      command.name = text;
      const std::string manifest = kubernetes_manifest(command);
      const std::size_t at = manifest.find("  name: \"") + 9;
      return manifest.substr(at, manifest.find('"', at) - at);
    };
    CHECK(name("Kitchen, top_1") == "kitchen-top-1");
    CHECK(name("--ü--") == "orrery");
    CHECK(name(std::string(45, 'a') + "-b").size() == 45);
    CHECK(name(std::string(90, 'a')).size() == 46);
  }

  TEST_CASE("a template is valid to openjd, which runs it to the end with the words as they were") {
    if (!python_has("openjd.cli")) return;
    const FakeFarm farm;
    farm.plan({{"chunks", 7}, {"fails", json::array()}});
    FarmCommand command = farm.command("openjd", {"--tasks", "3", "-n", "7", "--chunk", "1"});
    command.generate.insert(command.generate.end(), kAwkward.begin(), kAwkward.end());
    const std::string file = quoted(farm.write("template.yaml", openjd_template(command)).string());
    const auto looked_at = openjd(farm, "check " + file);
    const int checked = looked_at.first;
    const std::string& complaint = looked_at.second;
    CHECK_MESSAGE(checked == 0, complaint);
    const auto ran = openjd(farm, "run " + file + " --step Finish --run-dependencies");
    const int code = ran.first;
    const std::string& said = ran.second;
    CHECK_MESSAGE(code == 0, said);
    const json calls = calls_of(farm);
    REQUIRE_MESSAGE(calls.size() == 4, said);
    for (std::size_t i = 0; i < 3; ++i) {
      json wanted = command.generate;
      wanted.push_back("--progress=openjd");
      wanted.push_back("--shard");
      wanted.push_back(std::to_string(i) + "/3");
      CHECK(calls[i] == wanted);
    }
    CHECK(calls[3] == json{"finish", (farm.folder / "data set").string()});
  }

  TEST_CASE("a failed task or a missing chunk fails the run of a template") {
    if (!python_has("openjd.cli")) return;
    const FakeFarm farm;
    farm.plan({{"chunks", 7}, {"fails", {{{"chunks", {4}}, {"code", 74}, {"times", 1}}}}});
    const FarmCommand command = farm.command("openjd", {"--tasks", "3", "-n", "7"});
    const std::string file = quoted(farm.write("template.yaml", openjd_template(command)).string());
    CHECK(openjd(farm, "run " + file + " --step Make").first != 0);
    CHECK(openjd(farm, "run " + file + " --step Finish --no-run-dependencies").first != 0);
    CHECK(openjd(farm, "run " + file + " --step Finish --run-dependencies").first == 0);
  }

  TEST_CASE("a template whose task is cancelled sends it SIGTERM and waits") {
    const FakeFarm farm;
    const std::string text = openjd_template(farm.command("openjd", {"--tasks", "3"}));
    std::size_t found = 0;
    for (std::size_t at = text.find("NOTIFY_THEN_TERMINATE"); at != std::string::npos;
         at = text.find("NOTIFY_THEN_TERMINATE", at + 1)) {
      ++found;
    }
    CHECK(found == 2);
    CHECK(text.find("exec \"$@\"") != std::string::npos);
  }

  TEST_CASE("words that a format cannot hold are refused") {
    const FakeFarm farm;
    FarmCommand command = farm.command("openjd", {"--tasks", "3"});
    command.generate.push_back("--set=name={{Task.Param.Shard}}");
    CHECK_THROWS_WITH_AS(openjd_template(command), doctest::Contains("{{"), Error);
    command.generate.back() = "--set=name=\xff";
    CHECK_THROWS_WITH_AS(openjd_template(command), doctest::Contains("UTF-8"), Error);
    CHECK_THROWS_WITH_AS(kubernetes_manifest(command), doctest::Contains("UTF-8"), Error);
  }
}
