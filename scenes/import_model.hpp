#pragma once

#include <cstdint>
#include <filesystem>

#include "scenes/mesh_file.hpp"
#include "scenes/model.hpp"

namespace orrery {

/// What the child process that parses a file may use.
struct ImportLimits {
  std::uint64_t memory = std::uint64_t{4} << 30;  ///< bytes of address space
  double seconds = 120;                           ///< by the clock, and of CPU time
  /// The program to run, which must hand `--import-child` to import_child_main. Ours by default;
  /// a process that is not ours (an interpreter) names the `orrery` program.
  std::filesystem::path program = "/proc/self/exe";
};

/// $XDG_CACHE_HOME/orrery/models, or the same below ~/.cache.
std::filesystem::path default_model_cache();

/// The model in `file`, cooked. It is parsed once, in a child process with limits, and kept in
/// `cache`; a change of the file, or of any file that it refers to, is noticed by content.
/// A cache that cannot be written is a warning in the report.
/// Throws Error naming the file: what is wrong with it, or that it crashed or exceeded the limits.
Model import_model(const std::filesystem::path& file, const ImportSettings& settings = {},
                   const ImportLimits& limits = {},
                   const std::filesystem::path& cache = default_model_cache());

/// The child's whole life; to be called first in main() if argv[1] is "--import-child". Returns
/// the exit code.
int import_child_main(int argc, char** argv);

}  // namespace orrery
