#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "generator/forecast.hpp"
#include "generator/options.hpp"

namespace orrery {

/// What a dataset will be, before it is made.
struct Plan {
  std::uint64_t count = 0;   ///< images
  std::uint64_t drawn = 0;   ///< samples that the figures of labels come from
  std::uint64_t probed = 0;  ///< samples that the figures of bytes, memory and time come from
  std::string device;
  unsigned lanes = 0;
  LabelForecast labels;
  Estimate bytes;  ///< on disk, the report included
  FileForecast files;
  Estimate seconds;       ///< from start to end, if the machine stays as busy as it is
  Estimate core_seconds;  ///< of all cores together, start-up apart; other programs do not matter
  double memory = 0;      ///< bytes, at most at a time
  double draw_share = 0;  ///< of core time, that drawing takes: physics, mostly
};

/// Draws and probes as `command` says, and forecasts the dataset. `warn` receives what imports
/// found worth telling.
Plan planned(PlanCommand& command, const std::function<void(const std::string&)>& warn);

/// For people: tables and bars.
void print_plan(std::ostream& out, const Plan& plan, const Recipe& recipe);

/// For programs: every figure with its standard error.
std::string json_from(const Plan& plan);

}  // namespace orrery
