#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "generator/options.hpp"
#include "scenes/error.hpp"
#include "tests/generator/farm/farm_fixture.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

/// The text of the usage error; empty if there was none.
std::string farm_refusal(const Words& words) {
  try {
    farm_command(words);
  } catch (const Error& error) {
    CHECK(error.exit() == Exit::usage);
    return error.what();
  }
  return "";
}

const Words kInContainer{"kubernetes", "/data/s.yaml", "--tasks", "2", "--image", "i", "-o"};

Words in_container(const Words& more) {
  Words words = kInContainer;
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_SUITE("farm_options") {
  TEST_CASE("what generate is given is what the tasks give it, in absolute paths") {
    const FakeFarm farm;
    const FarmCommand command = farm.command(
        "slurm", {"-n", "1000", "--seed", "18446744073709551615", "--set", "objects.0.count=3",
                  "--set=objects.0.name=it's \"a\" $cup", "--vary", "lights", "--gpu", "1",
                  "--lanes", "2", "--depth", "--no-ao", "--lod-error", "0.20", "--tasks", "16"});
    const std::string here = farm.folder.string();
    const Words wanted{"generate",
                       here + "/scene.yaml",
                       "-n",
                       "1000",
                       "--seed",
                       "18446744073709551615",
                       "-o",
                       here + "/data set",
                       "--set=objects.0.count=3",
                       "--set=objects.0.name=it's \"a\" $cup",
                       "--vary=lights",
                       "--depth",
                       "--no-ao",
                       "--lod-error=0.20",
                       "--gpu=1",
                       "--lanes=2"};
    Words sorted_wanted(wanted.begin() + 8, wanted.end());
    Words sorted_found(command.generate.begin() + 8, command.generate.end());
    std::sort(sorted_wanted.begin(), sorted_wanted.end());
    std::sort(sorted_found.begin(), sorted_found.end());
    CHECK(Words(command.generate.begin(), command.generate.begin() + 8) ==
          Words(wanted.begin(), wanted.begin() + 8));
    CHECK(sorted_found == sorted_wanted);
    CHECK(command.name == "data set");
    CHECK(command.chunks == 17);  // of 62 images: a sixteenth
  }

  TEST_CASE("the words that are passed on say to generate what they said here") {
    const FakeFarm farm;
    const FarmCommand command =
        farm.command("slurm", {"-n", "50", "--seed", "3", "--set", "objects.0.count=3",
                               "objects.0.name=a cup", "--tasks", "5", "--chunk", "10"});
    std::vector<const char*> words{"orrery"};
    for (const std::string& word : command.generate) words.push_back(word.c_str());
    const Command generate = command_from(static_cast<int>(words.size()), words.data());
    const auto& made = std::get<GenerateCommand>(generate);
    CHECK(made.recipe.count == 50);
    CHECK(made.recipe.seed == 3);
    CHECK(made.recipe.chunk == 10);
    CHECK(made.recipe.scene.objects[0].name == "a cup");
    CHECK(made.out == farm.folder / "data set");
  }

  TEST_CASE("relative paths start where the command was given") {
    const FakeFarm farm;
    const fs::path before = fs::current_path();
    fs::current_path(farm.folder);
    const FarmCommand command = farm_command({"slurm", "./scene.yaml", "--tasks", "2", "-o", "d/"});
    fs::current_path(before);
    CHECK(command.generate[1] == (farm.folder / "scene.yaml").string());
    CHECK(command.dataset == farm.folder / "d");
    CHECK(command.name == "d");
    CHECK(command.working_folder == farm.folder);
  }

  TEST_CASE("a wrong recipe is said before anything is submitted") {
    const FakeFarm farm;
    CHECK_THROWS_WITH_AS(farm.command("slurm", {"--tasks", "2", "--set", "objects.0.cuont=3"}),
                         doctest::Contains("cuont"), Error);
    CHECK_THROWS_AS(farm_command({"openjd", "/nowhere/scene.yaml", "--tasks", "2"}), Error);
  }

  TEST_CASE("a container's paths are absolute and its dataset lies on the volume") {
    CHECK(farm_refusal(in_container({"/data/d"})).empty());
    CHECK(farm_refusal(in_container({"/data/../data/d/"})).empty());
    CHECK(farm_refusal(in_container({"d"})).find("absolute") != std::string::npos);
    for (const char* out : {"/data", "/database", "/data/../d"}) {
      CHECK(farm_refusal(in_container({out})).find("--mount") != std::string::npos);
    }
    CHECK(farm_refusal(in_container({"/scratch/d", "--mount", "/scratch/"})).empty());
  }

  TEST_CASE("wrong command lines name the right ones") {
    const FakeFarm farm;
    const std::string scene = (farm.folder / "scene.yaml").string();
    CHECK(farm_refusal({"slrm", scene}).find("slurm") != std::string::npos);
    CHECK(farm_refusal({"slurm", scene}).find("--tasks") != std::string::npos);
    CHECK(farm_refusal({"slurm", scene, "--tasks", "0"}).find("--tasks") != std::string::npos);
    CHECK(farm_refusal({"slurm", scene, "--tasks", "2", "--sead", "1"}).find("--seed") !=
          std::string::npos);
    CHECK(farm_refusal({"kubernetes", "/data/s.yaml", "--tasks", "2"}).find("--image") !=
          std::string::npos);
    CHECK(farm_refusal({"slurm", scene, "--tasks", "2", "-o", "/"}).find("--out") !=
          std::string::npos);
  }

  TEST_CASE("a script goes to standard output, or whole to the file that is named") {
    const FakeFarm farm;
    FarmCommand command = farm.command("slurm", {"--tasks", "101", "-n", "100", "--chunk", "1"});
    std::ostringstream out;
    std::vector<std::string> warnings;
    const auto warn = [&](const std::string& text) { warnings.push_back(text); };
    CHECK(run_farm(command, out, warn) == 0);
    CHECK(out.str() == slurm_script(command));
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("101") != std::string::npos);
    CHECK(warnings[0].find("100 chunks") != std::string::npos);

    command.script = farm.folder / "bundle" / "job.sh";
    command.tasks = 100;
    std::ostringstream nothing;
    CHECK(run_farm(command, nothing, warn) == 0);
    CHECK(nothing.str().empty());
    CHECK(warnings.size() == 1);
    std::ostringstream written;
    written << std::ifstream(command.script).rdbuf();
    CHECK(written.str() == slurm_script(command));
    command.script = "/proc/orrery-test/job.sh";
    CHECK_THROWS_WITH_AS(run_farm(command, nothing, warn), doctest::Contains("/proc/orrery-test"),
                         Error);
  }
}
