#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "generator/turntable_options.hpp"

namespace orrery {

/// What the options of `generate` are parsed into; output and quality are those of a turntable.
struct RawScene {
  std::string file;
  std::vector<std::string> sets, vary;
  RawTurntable common;
};

void add_scene_options(CLI::App& app, RawScene& raw);

/// Reads the scene file and lists the files that it names. Throws Error, with Exit::data for what
/// is wrong in the file and Exit::usage for what is wrong on the command line.
Recipe recipe_from(const RawScene& raw);

}  // namespace orrery
