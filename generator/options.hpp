#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "generator/chunk_choice.hpp"
#include "generator/data_options.hpp"
#include "generator/farm/farm.hpp"
#include "generator/mix/mix_recipe.hpp"
#include "generator/placement.hpp"
#include "generator/recipe.hpp"

namespace orrery {

/// Which device and how many renderers at a time.
struct Machine {
  GpuRequest gpu;
  unsigned lanes = 0;   ///< 0: as many as suit the machine
  ChunkChoice share{};  ///< of the work
  /// Told once, before anything is rendered, which devices were chosen and why.
  std::function<void(const std::string&)> on_placement{};
  /// Told once, before anything is rendered, that the dataset's folder holds its plan.
  std::function<void()> on_begin{};
  /// Told of every chunk that the folder then holds, by the thread that made it.
  std::function<void(std::uint64_t chunk)> on_commit{};
};

/// `orrery turntable` and `orrery generate`: make a dataset.
struct GenerateCommand {
  Recipe recipe;              ///< content hashes are still empty
  std::filesystem::path out;  ///< a folder, or an address of an object store
  Machine machine;
  bool quiet = false;
  std::filesystem::path scratch{};  ///< for what is on its way to or from an object store
};

/// `orrery generate` with a recipe: make a dataset of scenes and photos.
struct MixCommand {
  MixRecipe recipe;  ///< content hashes are still empty
  std::filesystem::path out;
  Machine machine;
  bool quiet = false;
  std::filesystem::path scratch{};  ///< as of GenerateCommand
};

/// `orrery plan`: what a dataset will hold and cost.
struct PlanCommand {
  Recipe recipe;
  Machine machine;
  std::uint64_t draws = 600;  ///< samples to draw at most…
  double seconds = 60;        ///< …and seconds to draw for
  std::uint64_t probe = 64;   ///< samples to render
  bool json = false;
};

/// `orrery plan` with a recipe.
struct PlanMixCommand {
  MixRecipe recipe;
  Machine machine;
  std::uint64_t probe = 64;  ///< images to make
  bool json = false;
};

/// `orrery finish`: chunks that several runs have made become a dataset.
struct FinishCommand {
  std::filesystem::path dataset;
  std::filesystem::path scratch{};  ///< as of GenerateCommand
};

/// `orrery status`: how far a dataset is that is being made.
struct StatusCommand {
  std::filesystem::path dataset;
  bool json = false;
  std::filesystem::path scratch{};  ///< as of GenerateCommand
};

/// `orrery inspect`: what a model file holds.
struct InspectCommand {
  std::filesystem::path model;
  ImportSettings import;
  bool json = false;
};

/// `orrery replay`: make one sample of a finished dataset again.
struct ReplayCommand {
  std::filesystem::path dataset;
  std::uint64_t index = 0;
  std::filesystem::path out;
  Machine machine;
};

/// `orrery report`: what a dataset holds.
struct ReportCommand {
  std::filesystem::path dataset;
};

/// `orrery doctor`: what this machine can do.
struct DoctorCommand {};

/// `orrery bench`: how fast this machine makes the recipe's dataset, as JSON.
struct BenchCommand {
  Recipe recipe;
  Machine machine;
};

/// Help, version or schema: print it and exit with 0.
struct TextCommand {
  std::string text;
};

using Command =
    std::variant<GenerateCommand, MixCommand, PlanCommand, PlanMixCommand, FinishCommand,
                 StatusCommand, FarmCommand, InspectCommand, ReplayCommand, ReportCommand,
                 DoctorCommand, BenchCommand, DataCommand, TextCommand>;

/// What the command line asks for. Reads nothing but the listings of folders of photos. Throws
/// Error (Exit::usage) that names the nearest option.
Command command_from(int argc, const char* const* argv);

/// Classes for models without a name of their own: the file's stem; the folder's name where the
/// stem says nothing (model, mesh, textured, scene…) or two files share it.
std::vector<std::string> default_class_names(const std::vector<std::filesystem::path>& models);

}  // namespace orrery
