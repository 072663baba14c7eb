#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "generator/options.hpp"
#include "generator/recipe.hpp"

namespace orrery {

/// What rendering a few samples told.
struct Probe {
  std::uint64_t images = 0;
  unsigned lanes = 0;
  std::string device;
  std::vector<double> bytes;  ///< of each image, with its labels and its line of the manifest
  double files = 0;           ///< of one image, its planes with it
  double fixed_bytes = 0;     ///< of a dataset, whatever its length
  double report_bytes = 0;    ///< of each image that the report shows
  double start = 0;           ///< seconds until all lanes are at full speed
  double wall = 0;            ///< seconds an image, at full speed, all lanes together
  double core = 0;            ///< core seconds an image, drawing included
  double core_error = 0;      ///< standard deviation of that between images
  double draw = 0;            ///< core seconds an image, of drawing alone
  double finish = 0;          ///< seconds an image that finishing the dataset takes
  double peak_bytes = 0;      ///< memory of the process
};

/// Makes the first `images` samples of `recipe` into a dataset in a folder of its own, which is
/// gone afterwards: the true bytes, and the true time on this machine.
Probe probed(Recipe recipe, const Assets& assets, const Machine& machine, std::uint64_t images);

}  // namespace orrery
