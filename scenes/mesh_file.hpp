#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "scenes/model.hpp"

namespace orrery {

enum class UpAxis : std::uint8_t { y, z };

/// How a model file is to be understood. What is not given is taken from the file, or else from
/// its format's convention: metres (3MF: millimetres); y up (STL, PLY, 3MF, OFF: z up).
struct ImportSettings {
  std::optional<double> unit;  ///< metres per unit of the file, above 0
  std::optional<UpAxis> up;
  bool allow_missing = false;  ///< a texture that is not there is reported, not an Error
  int max_texture = 2048;      ///< longest side of a stored texture, texels
};

/// A model as read, and every file that was read or looked for in vain on the way.
struct ModelFile {
  Model model;
  std::vector<std::filesystem::path> files;
};

/// The triangles, materials and textures of a glTF, OBJ, PLY, STL, FBX, DAE, 3MF or OFF file, in
/// one level of detail and in the file's order: cook() comes next. Skinned meshes are in their
/// rest pose. Throws Error if there is nothing to draw or a texture is missing.
/// Parse hostile files through import_model, which does it in a child process.
ModelFile model_from_file(const std::filesystem::path& file, const ImportSettings& settings);

}  // namespace orrery
