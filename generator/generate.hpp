#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "generator/lanes.hpp"
#include "generator/options.hpp"
#include "generator/recipe.hpp"
#include "generator/sample_maker.hpp"

namespace orrery {

/// Renders, labels and writes what the dataset in `out` still lacks, on as many lanes as `machine`
/// says, and finishes it. Chunks are claimed in order and committed in any; the result does not
/// depend on lanes. Signals of DrainSignals, which the caller must have blocked, drain the run:
/// throws Error (Exit::drained) after what is whole has been kept.
RunReport generate(const Recipe& recipe, const std::filesystem::path& out, const Machine& machine,
                   const std::function<void(const std::string&)>& warn,
                   const OnProgress& on_progress);

/// The same of a recipe that is loaded already. Marks of the report count from `start`.
RunReport generate(const SampleMaker& maker, const std::filesystem::path& out,
                   const Machine& machine, const OnProgress& on_progress,
                   std::chrono::steady_clock::time_point start);

}  // namespace orrery
