#pragma once

#include <functional>
#include <optional>
#include <string>

#include "generator/farm/farm.hpp"
#include "generator/scene_options.hpp"

namespace orrery {

/// What the options of `farm` are parsed into.
struct RawFarm {
  FarmCommand command;
  std::string out = "dataset";
  bool no_gpu = false;
};

/// `add_machine` adds the options of the device, as `generate` has them; `scene` holds the rest of
/// generate's.
void add_farm(CLI::App& app, RawFarm& raw, RawScene& scene,
              const std::function<void(CLI::App&)>& add_machine);

/// The command, if it was asked for. Where the tasks see the files of this machine the recipe is
/// read, so that what is wrong in it is said here and not by every task: throws Error as
/// recipe_from() does, and with Exit::usage.
std::optional<FarmCommand> farm_from(const CLI::App& app, const RawFarm& raw,
                                     const RawScene& scene);

}  // namespace orrery
