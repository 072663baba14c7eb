#pragma once

#include <CLI/App.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generator/recipe.hpp"

namespace orrery {

/// What the options of `turntable` and `bench` are parsed into, as text where CLI11 has no type.
struct RawTurntable {
  std::vector<std::string> models, classes, class_order, skies, photos, elevations, sides;
  std::vector<std::string> backgrounds, grounds, k, distortion, fisheye;
  std::string size, apparent, roll, distance, per_image, lights, sun, sky_light;
  std::string exposure, temperature, offset, format, preset, up, on_failure, pack;
  std::optional<double> fov, jitter, unit, truncated, shadow_only;
  std::optional<std::uint32_t> azimuths, rigs;
  std::optional<int> quality;
  std::uint64_t count = 100, seed = 0;
  std::optional<std::uint64_t> chunk;
  float lod_error_px = 0.2F;
  int max_texture = 2048;
  bool allow_missing = false, depth = false, id = false, normal = false;
  bool all_planes = false, no_aa = false, no_shadows = false, no_ao = false, no_amodal = false;
  bool validate = false, flow = false, panoptic = false;
};

/// The options that every kind of dataset has: files, rendering, chunks.
void add_output_options(CLI::App& app, RawTurntable& raw);
/// …and what they say.
void set_common(Recipe& recipe, const RawTurntable& raw);
/// --on-failure, which was given. Throws Error (Exit::usage).
OnFailure on_failure_from(const RawTurntable& raw);
/// Throws Error (Exit::usage).
Pack pack_from(const RawTurntable& raw);

/// Lists the skies and photos that the recipe's turntable names. Throws Error (Exit::usage).
void list_turntable_files(Recipe& recipe);

/// The options that say how model files are read.
void add_import_options(CLI::App& app, RawTurntable& raw);
ImportSettings import_from(const RawTurntable& raw);

/// Every option of a turntable's recipe.
void add_recipe_options(CLI::App& app, RawTurntable& raw);
/// Throws Error (Exit::usage) that names the option.
Recipe recipe_from(const RawTurntable& raw);

}  // namespace orrery
