#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "generator/farm/farm.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery::testing {

/// Words that a shell, YAML, Kubernetes and Slurm each would take for something else.
inline const std::vector<std::string> kAwkward = {
    "--set=objects.0.name=it's \"a\" cup",
    "--set=objects.0.class=$HOME `id` $(id) $$ ${x}",
    "--set=surface.materials=[wood, 'dark # wood', *]",
    "--set=objects.0.class=back\\slash %A !x ; & | > ü",
};

/// What the command line asks for.
FarmCommand farm_command(const std::vector<std::string>& words);

/// A folder with an awkward name, a scene in it, a fake Slurm and a fake orrery.
class FakeFarm {
  TemporaryFolder scratch_;

 public:
  FakeFarm();

  /// `orrery farm ENGINE SCENE -o …/data set` and these words.
  FarmCommand command(const std::string& engine, const std::vector<std::string>& words) const;
  void plan(const nlohmann::json& plan) const;
  /// Runs the script in the fake Slurm, which is told to `run` or `drain`; what it says.
  nlohmann::json play(const std::string& script, const std::string& how = "run",
                      const std::string& more = "") const;
  std::filesystem::path write(const std::string& name, const std::string& text) const;

  std::filesystem::path folder;  ///< in scratch_, which is there before it
};

/// One word of a shell.
std::string quoted(const std::string& text);
/// Runs a line of bash: its exit status and all it said.
std::pair<int, std::string> bash(const std::string& line);

}  // namespace orrery::testing
