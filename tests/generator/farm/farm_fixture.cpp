#include "tests/generator/farm/farm_fixture.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>

#include "generator/options.hpp"

namespace orrery::testing {
namespace {

namespace fs = std::filesystem;

/// An object that needs no file.
constexpr const char* kScene = R"(objects:
  - shapes: [box]
    count: 2
)";

}  // namespace

FarmCommand farm_command(const std::vector<std::string>& words) {
  std::vector<const char*> pointers{"orrery", "farm"};
  for (const std::string& word : words) pointers.push_back(word.c_str());
  return std::get<FarmCommand>(command_from(static_cast<int>(pointers.size()), pointers.data()));
}

FakeFarm::FakeFarm() : folder(scratch_.path / "it's a \"farm\" $HOME 100%") {
  fs::create_directories(folder / "bin");
  std::ofstream(folder / "scene.yaml") << kScene;
  for (const char* name : {"sbatch", "scontrol", "squeue", "orrery"}) {
    const fs::path program =
        write(std::string("bin/") + name, "#!/bin/sh\nexec " + quoted(ORRERY_PYTHON) + " " +
                                              quoted(ORRERY_FARM_TESTS "/fake_farm.py") + " " +
                                              quoted(folder.string()) + " " + name + " \"$@\"\n");
    fs::permissions(program, fs::perms::owner_all);
  }
}

FarmCommand FakeFarm::command(const std::string& engine,
                              const std::vector<std::string>& words) const {
  std::vector<std::string> all{engine, (folder / "scene.yaml").string(), "-o",
                               (folder / "data set").string()};
  all.insert(all.end(), words.begin(), words.end());
  return farm_command(all);
}

void FakeFarm::plan(const nlohmann::json& plan) const { write("plan.json", plan.dump()); }

nlohmann::json FakeFarm::play(const std::string& script, const std::string& how,
                              const std::string& more) const {
  const fs::path file = write("job.sh", script);
  const auto ran = bash(quoted(ORRERY_PYTHON) + " " + quoted(ORRERY_FARM_TESTS "/fake_farm.py") +
                        " " + quoted(folder.string()) + " " + how + " " + quoted(file.string()) +
                        " " + more + " 2>/dev/null");
  const int code = ran.first;
  const std::string& said = ran.second;
  REQUIRE_MESSAGE(code == 0, said);
  return nlohmann::json::parse(said);
}

fs::path FakeFarm::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder / name) << text;
  return folder / name;
}

std::string quoted(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::pair<int, std::string> bash(const std::string& line) {
  std::FILE* pipe = popen(line.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string said;
  char block[4096];
  while (const std::size_t got = std::fread(block, 1, sizeof block, pipe)) said.append(block, got);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

}  // namespace orrery::testing
