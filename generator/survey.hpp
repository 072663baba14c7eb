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
  std::vector<double> traits;  ///< what a picture's bytes may depend on, as numbers
  double draw = 0;             ///< core seconds
  double look = 0;             ///< core seconds
};

/// Things whose number is known without placing any: those of one class in one set.
struct SurveyGroup {
  double in_all = 0;    ///< in the whole dataset, exactly
  double in_drawn = 0;  ///< in the samples that were drawn
};

struct Survey {
  std::vector<SurveyGroup> groups;  ///< empty before count_groups
  std::vector<SurveyedShot> shots;  ///< by index
};

/// Up to `most` of {0, …, count-1}: one at random from each of as many equal stretches, in random
/// order. However few of them are taken, they are spread evenly, and no step falls in with a
/// turntable's.
std::vector<std::uint64_t> spread_indices(std::uint64_t seed, std::uint64_t count,
                                          std::uint64_t most);

/// Draws samples `indices` of the recipe with `draw`, on `threads` threads for `seconds` at most
/// (but two at least), and reads their labels from what they cover.
Survey surveyed(const Recipe& recipe, const Assets& assets, const DrawShot& draw,
                const std::vector<std::uint64_t>& indices, double seconds, unsigned threads);

/// Fills in the survey's groups: the things of the samples drawn, and those of all.
void count_groups(Survey& survey, const Recipe& recipe);

}  // namespace orrery
