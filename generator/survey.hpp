#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/draw_shot.hpp"
#include "generator/recipe.hpp"

namespace orrery {

/// What becomes of one placed instance, as labels_of says.
struct SurveyedInstance {
  std::uint32_t group = 0;  ///< into Survey::groups
  std::uint32_t class_id = 0;
  std::string rule;    ///< that drops it; empty: it is a label
  double area = 0;     ///< visible pixels
  double visible = 0;  ///< fraction
  bool hard = false;
};

/// One sample, drawn and looked at but not rendered.
struct SurveyedShot {
  std::uint64_t index = 0;
  std::vector<double> wanted;  ///< things that it was to hold, of each of Survey::groups
  std::vector<SurveyedInstance> instances;
  double draw = 0;  ///< core seconds
  double look = 0;  ///< core seconds
};

/// Things whose number is known without placing any: those of one class in one set.
struct SurveyGroup {
  double in_all = 0;    ///< in the whole dataset, exactly
  double in_drawn = 0;  ///< in the samples that were drawn
};

struct Survey {
  std::vector<SurveyGroup> groups;
  std::vector<SurveyedShot> shots;  ///< by index
};

/// Draws up to `most` of the recipe's samples, spread evenly over its indices, on `threads` threads
/// for `seconds` at most (but two samples at least), and reads their labels from what they cover.
Survey surveyed(const Recipe& recipe, const Assets& assets, std::uint64_t most, double seconds,
                unsigned threads);

}  // namespace orrery
