#pragma once

#include <CLI/App.hpp>

#include "generator/scene_options.hpp"
#include "generator/turntable_options.hpp"

namespace orrery {

/// Options of `bench`: those of a turntable, and --set for scene files.
void add_bench_options(CLI::App& app, RawTurntable& raw, RawScene& raw_scene);

/// The recipe of a turntable of models, or of the scene file (.yaml, .yml) that is given in their
/// place. Throws Error (Exit::usage) for options that say nothing to the one or the other.
Recipe bench_recipe(const CLI::App& app, const RawTurntable& raw, const RawScene& raw_scene);

}  // namespace orrery
