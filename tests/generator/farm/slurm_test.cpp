#include <doctest/doctest.h>

#include <filesystem>

#include "tests/generator/farm/farm_fixture.hpp"

using namespace orrery;
using namespace orrery::testing;
using nlohmann::json;

namespace {

json array_of(const json& job) { return job["options"].value("array", ""); }

/// Exit codes of a job's only run.
int code_of(const json& job) { return job["codes"][0][0]; }

std::string slurm_text(const FakeFarm& farm, std::vector<std::string> words) {
  words.insert(words.begin(), {"--tasks", "4", "-n", "12", "--chunk", "1"});
  return slurm_script(farm.command("slurm", words));
}

}  // namespace

TEST_SUITE("slurm") {
  TEST_CASE("each task makes its shard and a last job finishes, whatever the words hold") {
    const FakeFarm farm;
    FarmCommand command = farm.command(
        "slurm", {"--tasks", "4", "-n", "12", "--seed", "7", "--sbatch=--partition=the 'big' one"});
    command.generate.insert(command.generate.end(), kAwkward.begin(), kAwkward.end());
    farm.plan({{"chunks", 12}, {"fails", json::array()}});
    const std::string script = slurm_script(command);
    CHECK(bash("bash -n " + quoted(farm.write("syntax.sh", script).string())).first == 0);

    const json played = farm.play(script);
    REQUIRE(played["jobs"].size() == 2);
    CHECK(array_of(played["jobs"][0]) == "0-3");
    CHECK(played["jobs"][1]["options"]["dependency"] == "afterany:100");
    CHECK(played["jobs"][0]["options"]["signal"] == "B:TERM@60");
    CHECK(played["jobs"][0]["options"]["gres"] == "gpu:1");
    CHECK(!played["jobs"][1]["options"].contains("gres"));
    for (const json& job : played["jobs"]) {
      CHECK(job["options"].contains("requeue"));
      CHECK(job["options"]["open-mode"] == "append");
      CHECK(job["options"]["partition"] == "the 'big' one");
      // A percent sign in the folder's name is not a variable of Slurm's.
      const std::string log = job["options"]["output"];
      CHECK(log.find("100%%/data set.farm/") != std::string::npos);
    }
    REQUIRE(played["calls"].size() == 5);
    for (std::size_t i = 0; i < 4; ++i) {
      json wanted = command.generate;
      wanted.push_back("--shard");
      wanted.push_back(std::to_string(i) + "/4");
      CHECK(played["calls"][i] == wanted);
    }
    CHECK(played["calls"][4] == json{"finish", (farm.folder / "data set").string()});
    CHECK(played["made"].size() == 12);
    CHECK(code_of(played["jobs"][1]) == 0);
  }

  TEST_CASE("exactly the missing chunks are tried again, by a task each, until all are there") {
    const FakeFarm farm;
    // Shards of 4: chunk 3 stops 3, 7 and 11; chunk 9 stops 9; chunk 10 fails in two rounds.
    farm.plan({{"chunks", 12},
               {"fails", json::array({{{"chunks", {3, 9}}, {"code", 74}, {"times", 2}},
                                      {{"chunks", {10}}, {"code", 69}, {"times", 2}}})}});
    const json played = farm.play(slurm_text(farm, {}));
    REQUIRE(played["jobs"].size() == 6);
    CHECK(code_of(played["jobs"][1]) == 0);
    CHECK(array_of(played["jobs"][2]) == "3,7,9-11");
    CHECK(played["jobs"][3]["options"]["dependency"] == "afterany:102");
    CHECK(array_of(played["jobs"][4]) == "10");
    CHECK(code_of(played["jobs"][5]) == 0);
    CHECK(played["made"].size() == 12);
    CHECK(played["calls"][5].back() == "3");
    CHECK(played["calls"][9].back() == "11");
  }

  TEST_CASE("a job submits the next round though Slurm is away for a while, and counts anew") {
    const FakeFarm farm;
    // The job that finishes is drained twice, then finds no controller.
    farm.plan({{"chunks", 12},
               {"fails", {{{"chunks", {6}}, {"code", 74}, {"times", 1}}}},
               {"finish_fails", 2},
               {"away", 3}});
    std::string script = slurm_text(farm, {});
    const std::string pause = "pause=30";
    REQUIRE(script.find(pause) != std::string::npos);
    script.replace(script.find(pause), pause.size(), "pause=0.1");
    const json played = farm.play(script);
    REQUIRE(played["jobs"].size() == 4);
    CHECK(played["jobs"][1]["codes"] == json{{75, 75, 0}});
    CHECK(played["jobs"][2]["inherited_restarts"] == false);
    CHECK(code_of(played["jobs"].back()) == 0);
    CHECK(played["made"].size() == 12);
  }

  TEST_CASE("a recipe that is wrong is not tried again and ends the last job with 65") {
    const FakeFarm farm;
    for (const int code : {64, 65}) {
      farm.plan({{"chunks", 12}, {"fails", {{{"chunks", {6}}, {"code", code}}}}});
      std::filesystem::remove_all(farm.folder / "queue");
      std::filesystem::remove_all(farm.folder / "made");
      const json played = farm.play(slurm_text(farm, {}));
      REQUIRE(played["jobs"].size() == 2);
      CHECK(code_of(played["jobs"][1]) == 65);
      CHECK(played["made"].size() == 10);
    }
    // Mended and submitted by hand, it goes on.
    farm.plan({{"chunks", 12}, {"fails", json::array()}});
    std::filesystem::remove_all(farm.folder / "queue");
    CHECK(code_of(farm.play(slurm_text(farm, {}))["jobs"][1]) == 0);
  }

  TEST_CASE("chunks that never come are tried --rounds times and end the last job with 1") {
    const FakeFarm farm;
    farm.plan({{"chunks", 12}, {"fails", {{{"chunks", {6}}, {"code", 70}}}}});
    for (const std::size_t rounds : {0U, 3U}) {
      std::filesystem::remove_all(farm.folder / "queue");
      const json played = farm.play(slurm_text(farm, {"--rounds", std::to_string(rounds)}));
      REQUIRE(played["jobs"].size() == 2 + 2 * rounds);
      CHECK(code_of(played["jobs"].back()) == 1);
    }
  }

  TEST_CASE("a drained task is requeued alone, and not for ever") {
    const FakeFarm farm;
    farm.plan({{"chunks", 12}, {"fails", {{{"chunks", {6}}, {"code", 75}, {"times", 2}}}}});
    const json played = farm.play(slurm_text(farm, {}));
    CHECK(played["requeued"] == json::array({{"requeue", "100_2"}, {"requeue", "100_2"}}));
    CHECK(played["jobs"][0]["codes"] == json{{0}, {0}, {75, 75, 0}, {0}});
    CHECK(played["jobs"].size() == 2);

    const FakeFarm endless;
    endless.plan({{"chunks", 12}, {"fails", {{{"chunks", {6}}, {"code", 75}}}}});
    const json tired = endless.play(slurm_text(endless, {"--rounds", "1"}));
    CHECK(tired["requeued"].size() == 40);
    CHECK(code_of(tired["jobs"].back()) == 1);
  }

  TEST_CASE(
      "SIGTERM to the shell reaches the program, and its job goes on unless it was cancelled") {
    const FakeFarm farm;
    farm.plan({{"chunks", 12}, {"fails", json::array()}, {"waits", true}});
    const json played = farm.play(slurm_text(farm, {}), "drain", "RUNNING");
    CHECK(played["code"] == 75);
    CHECK(played["seconds"] < 2);
    CHECK(played["requeued"] == json::array({{"requeue", "100_0"}}));

    const FakeFarm cancelled;
    cancelled.plan({{"chunks", 12}, {"fails", json::array()}, {"waits", true}});
    const json stopped = cancelled.play(slurm_text(cancelled, {}), "drain", "COMPLETING");
    CHECK(stopped["code"] == 75);
    CHECK(stopped["requeued"].empty());
  }

  TEST_CASE("numbers beyond what an array may hold take several arrays") {
    const FakeFarm farm;
    // The task that fails at 1000 does not come to 2500.
    json fails = json::array({{{"chunks", {999, 1000, 1001, 2500}}, {"code", 74}, {"times", 3}}});
    farm.plan({{"chunks", 2600}, {"fails", fails}});
    for (int chunk = 0; chunk < 2600; ++chunk) {
      if (chunk != 999 && chunk != 1000 && chunk != 1001 && chunk != 2500) {
        std::filesystem::create_directories(farm.folder / "made");
        farm.write("made/" + std::to_string(chunk), "");
      }
    }
    const json played = farm.play(slurm_text(farm, {"--at-once", "20"}));
    REQUIRE(played["jobs"].size() == 6);
    CHECK(array_of(played["jobs"][0]) == "0-3%20");
    CHECK(array_of(played["jobs"][2]) == "999%20");
    CHECK(array_of(played["jobs"][3]) == "0-1%20");
    CHECK(array_of(played["jobs"][4]) == "500%20");
    CHECK(played["jobs"][5]["options"]["dependency"] == "afterany:102:103:104");
    CHECK(played["made"].size() == 2600);
    CHECK(code_of(played["jobs"][5]) == 0);

    FarmCommand many = farm.command("slurm", {"--tasks", "2001"});
    const std::string script = slurm_script(many);
    std::filesystem::remove_all(farm.folder / "queue");
    const auto ran = bash("PATH=" + quoted((farm.folder / "bin").string()) + ":$PATH bash " +
                          quoted(farm.write("many.sh", script).string()) + " 2>&1");
    const int code = ran.first;
    const std::string& said = ran.second;
    CHECK_MESSAGE(code == 0, said);
    CHECK(said.find("100:101:102") != std::string::npos);
  }
}
