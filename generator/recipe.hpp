#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generator/pack.hpp"
#include "renderer/renderer.hpp"
#include "scenes/mesh_file.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

/// A model of the recipe.
struct ModelEntry {
  std::filesystem::path path;
  std::string class_name;
  std::string sha256;  ///< Model::sha256; filled when the model is loaded
  ImportSettings import;
  /// The set that draws it, into SceneSpec::objects; without one a surface.
  std::optional<std::uint32_t> set{};
};

/// A sky or a photo of the recipe.
struct FileEntry {
  std::string name;    ///< a file's path; for a sky also a procedural sky's name
  std::string sha256;  ///< of its content; filled when it is loaded
};

/// A picture that objects of a scene file may show.
struct PictureEntry {
  std::string name;                  ///< for read_picture()
  std::string sha256;                ///< PictureTexture::sha256; filled when it is loaded
  int side = 512;                    ///< greatest, texels
  std::vector<std::string> used_by;  ///< lists of the scene file: see scene_pictures.hpp
};

enum class ImageFormat : std::uint8_t { jpeg, png };

/// Which files a sample has.
struct Outputs {
  ImageFormat image_format = ImageFormat::jpeg;
  int jpeg_quality = 92;
  bool jpeg_subsample = true;  ///< colour at half resolution (4:2:0)
  bool depth = false;
  bool id = false;
  bool normal = false;
};

/// All that a dataset is made from: with the same recipe, driver and device, the same bytes.
struct Recipe {
  std::vector<ModelEntry> models;
  std::vector<std::string> classes;  ///< by class id; the order is the user's and never changes
  std::vector<FileEntry> skies;
  std::vector<FileEntry> photos;
  std::vector<PictureEntry> pictures;
  SceneSpec scene;  ///< what shots are drawn from
  Outputs outputs;
  RenderSettings render;
  std::uint64_t seed = 0;
  std::uint64_t count = 100;
  std::uint64_t chunk = 64;
  Pack pack = Pack::automatic;
  std::string split = "default";
};

/// A recipe without models, of whole scenes: every default that files start from.
Recipe default_recipe();

/// A recipe without models whose scene is a turntable with one set of them, set 0: every default
/// that `orrery turntable` starts from. No instance with a visible pixel is dropped, and the camera
/// has no flaws.
Recipe turntable_recipe();

/// Every field; `recipe_from_json` of it gives the recipe back.
nlohmann::ordered_json json_from(const Recipe& recipe);

/// Fields that are not there keep their defaults. Throws Error for an unknown key (naming the
/// nearest), a wrong type or a value out of range; `where` names the file.
Recipe recipe_from_json(const nlohmann::ordered_json& json, const std::string& where);

/// Throws Error naming the field, what was found and what is wanted.
void require_valid(const Recipe& recipe, const std::string& where);

/// What the dataset's identity is: SHA-256 of the canonical JSON in which files stand for their
/// content. Count, chunk size and how files are kept are not in it: a longer dataset continues a
/// shorter one.
std::string recipe_hash(const Recipe& recipe);

}  // namespace orrery
