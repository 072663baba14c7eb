#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "generator/recipe.hpp"
#include "generator/survey.hpp"

namespace orrery {

/// A figure and its standard error.
struct Estimate {
  double value = 0;
  double error = 0;
};

/// How many files the samples of a dataset will be, in either form.
struct FileForecast {
  double loose = 0;
  std::uint64_t archives = 0;
  Pack pack = Pack::files;  ///< which of them it will be
};

/// `each` is the files of one sample; `recipe` one of scenes or a mix.
template <class AnyRecipe>
FileForecast forecast_files(const AnyRecipe& recipe, double each) {
  return {static_cast<double>(recipe.count) * each,
          (recipe.count + recipe.chunk - 1) / recipe.chunk, pack_for(recipe.pack, recipe.count)};
}

/// What a dataset will hold of one class.
struct ClassForecast {
  std::string name;
  Estimate labelled;
  std::map<std::string, Estimate> dropped;  ///< by rule
};

/// Labels whose size or visibility is in [low, high).
struct ForecastBin {
  double low = 0;
  double high = 0;
  Estimate labels;
};

/// Labels of one class, one size and one visibility.
struct Combination {
  std::string class_name;
  std::string size;        ///< small, medium or large, as COCO has it: below 32², 96² pixels
  std::string visibility;  ///< hidden (below 50 %), partial (below 90 %) or clear
  std::uint64_t seen = 0;  ///< in the samples that were drawn
  Estimate labels;
  double at_most = 0;  ///< with 95 % confidence
};

/// What a dataset's labels will be, from samples that were drawn and not rendered.
struct LabelForecast {
  std::vector<ClassForecast> classes;  ///< by class id
  Estimate labels;
  Estimate hard;                          ///< labels tagged so
  Estimate unlabelled;                    ///< images without a label
  std::vector<ForecastBin> sizes;         ///< square root of the visible area, pixels
  std::vector<ForecastBin> visibilities;  ///< visible fraction
  std::vector<Combination> rarest;        ///< rarest first
  std::uint64_t combinations = 0;         ///< that labels can have…
  std::uint64_t unseen = 0;               ///< …and that no sample had
};

/// Every figure is of all `recipe.count` samples. Numbers of things are known before any is placed,
/// so what is estimated is only the share of them that ends up so (a ratio estimator for each group
/// of the survey); errors come from the spread between samples and vanish where all were drawn.
LabelForecast forecast_labels(const Recipe& recipe, const Survey& survey);

}  // namespace orrery
