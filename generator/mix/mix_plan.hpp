#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "generator/forecast.hpp"
#include "generator/lanes.hpp"
#include "generator/mix/mix_recipe.hpp"
#include "generator/splits/folds.hpp"

namespace orrery {

/// Images that are made the same way.
struct MakingForecast {
  std::string name;  ///< as of Making; "photos" are real ones as they are
  std::uint64_t images = 0;
  std::uint64_t probed = 0;
  Estimate labels;
};

/// What a recipe's dataset will be, before it is made.
struct MixPlan {
  std::uint64_t count = 0;
  std::uint64_t probed = 0;  ///< images that were made
  std::string device;
  unsigned lanes = 0;
  std::vector<MakingForecast> makings;
  std::vector<ClassForecast> classes;  ///< by class id; crowd regions are not counted
  std::vector<SplitPart> parts;
  std::vector<PartCount> photos;  ///< by part; exact
  FileForecast files;             ///< without those of formats
  Estimate bytes;                 ///< on disk, all formats
  Estimate seconds;
  Estimate core_seconds;
  double memory = 0;  ///< bytes, at most at a time
};

/// Makes about `probe` images, some of every making, and forecasts the rest from them. Nothing of
/// it stays.
MixPlan planned_mix(MixRecipe& recipe, const Machine& machine, std::uint64_t probe,
                    const std::function<void(const std::string&)>& warn);

void print_plan(std::ostream& out, const MixPlan& plan);
std::string json_from(const MixPlan& plan);

}  // namespace orrery
