#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace orrery {

enum class FarmEngine { slurm, kubernetes, openjd };

/// `orrery farm`: the script, manifest or template that has a dataset made on many machines. Every
/// task of it runs `orrery generate` with its share of the chunks, a last one `orrery finish`.
struct FarmCommand {
  FarmEngine engine = FarmEngine::slurm;
  std::string program = "orrery";        ///< as the tasks find it
  std::vector<std::string> generate;     ///< the program's arguments but for what a task makes
  std::filesystem::path dataset;         ///< absolute, as the tasks see it
  std::filesystem::path working_folder;  ///< where relative paths among the arguments start
  std::string name;                      ///< of the job
  std::filesystem::path script;          ///< where to write; empty: standard output
  std::uint32_t tasks = 1;
  std::uint64_t chunks = 0;    ///< of the dataset; 0: not known here
  std::uint32_t at_once = 0;   ///< tasks that may run at a time; 0: as many as there is room for
  std::uint32_t cores = 4;     ///< of one task
  std::uint32_t memory = 8;    ///< of one task, GiB
  bool gpu = true;             ///< ask for one GPU a task
  std::uint32_t minutes = 60;  ///< longest time of a task; not on Kubernetes
  std::uint32_t rounds = 5;    ///< how often missing chunks are tried again; Slurm
  std::vector<std::string> sbatch;        ///< further options for every job; Slurm
  std::string image;                      ///< of the containers; Kubernetes
  std::string claim = "orrery";           ///< persistent volume claim; Kubernetes
  std::filesystem::path mount = "/data";  ///< where the containers see it; Kubernetes
};

/// A script for bash. Run by hand it submits an array of tasks, and a job that looks at what they
/// left and submits the chunks that are missing again, a bounded number of times.
std::string slurm_script(const FarmCommand& command);

/// Two jobs of batch/v1: an indexed one for the tasks, and a suspended one that finishes. Throws
/// Error (Exit::usage) for text that is not UTF-8.
std::string kubernetes_manifest(const FarmCommand& command);

/// A job template of Open Job Description, 2023-09, with a step for the tasks and one that
/// finishes. Throws Error (Exit::usage) for text that is not UTF-8 or that the format would take
/// for an expression.
std::string openjd_template(const FarmCommand& command);

/// `text` as a scalar of YAML and JSON. Throws Error (Exit::usage) for what is not UTF-8.
std::string yaml_quoted(const std::string& text);

/// Writes what the engine wants; returns 0. What deserves a second look goes to `warn`. Throws
/// Error (Exit::io).
int run_farm(const FarmCommand& command, std::ostream& out,
             const std::function<void(const std::string&)>& warn);

}  // namespace orrery
