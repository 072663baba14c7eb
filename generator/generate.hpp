#pragma once

#include <functional>
#include <string>
#include <vector>

#include "generator/options.hpp"
#include "generator/recipe.hpp"

namespace orrery {

/// How far a run had come at some moment.
struct Mark {
  double wall = 0;  ///< seconds since generate() began
  double core = 0;  ///< core seconds of this process
  std::uint64_t samples = 0;
};

/// Where the time of a run went.
struct RunReport {
  std::string dataset_hash;
  std::uint64_t samples = 0;      ///< made by this run; 0 when all was done before
  Mark first;                     ///< after the first sample
  Mark warm;                      ///< after the first sample of the last lane: full speed
  Mark end;                       ///< after the last chunk
  double draw = 0;                ///< core seconds, all lanes: scenes and their physics
  double label = 0;               ///< core seconds, all lanes
  double encode = 0;              ///< core seconds, all lanes
  double sensor = 0;              ///< core seconds, all lanes
  double write = 0;               ///< core seconds, all lanes
  std::vector<double> intervals;  ///< seconds between samples of a lane
};

/// Told after every sample; calls come from one thread at a time.
using OnProgress = std::function<void(std::uint64_t done, std::uint64_t count)>;

/// Renders, labels and writes what the dataset in `out` still lacks, on as many lanes as `machine`
/// says, and finishes it. Chunks are claimed in order and committed in any; the result does not
/// depend on lanes. SIGINT and SIGTERM, which the caller must have blocked, drain the run: throws
/// Error (Exit::drained) after what is whole has been kept.
RunReport generate(Recipe& recipe, const std::filesystem::path& out, const Machine& machine,
                   const std::function<void(const std::string&)>& warn,
                   const OnProgress& on_progress);

/// The same from assets that are loaded already: `recipe` holds their hashes.
RunReport generate(const Recipe& recipe, const Assets& assets, const std::filesystem::path& out,
                   const Machine& machine, const OnProgress& on_progress);

/// Lanes for a machine: its cores (as far as affinity and control groups grant them) on software
/// devices; on GPUs enough to keep the encoders busy, at most 8.
unsigned lanes_for(const Machine& machine, bool software);

/// Cores that this process may use.
unsigned granted_cores();

}  // namespace orrery
