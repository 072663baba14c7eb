#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scenes/import_model.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery::test {

/// A new folder with a model cache in it, gone with the object.
struct Folder : TemporaryFolder {
  std::filesystem::path cache = path / "cache";

  void put(const std::string& name, const std::string& content) const;
  Model import(const std::string& name, const ImportSettings& settings = {}) const;
  /// When the newest file of the cache was written.
  std::filesystem::file_time_type newest_pack() const;
};

/// A square colour image, three values a pixel, rows from the top.
void put_ppm(const std::filesystem::path& file, int side, const std::vector<int>& rgb);

/// quad.obj, quad.mtl (material "painted") and a.ppm: red, green / blue, white.
void put_textured_quad(const std::filesystem::path& folder);

/// quad.gltf: the unit square in the file's xy plane, facing +z, uv = xy. `node` is put into the
/// node (with a trailing comma); with `texture`, put into the texture info, it shows a.ppm.
void put_gltf(const std::filesystem::path& folder, const std::string& node,
              const std::string& texture = "");

std::string lower_extension(const std::filesystem::path& file);

/// Every file below `folder` whose name says that it is a model, in order.
std::vector<std::filesystem::path> model_files_below(const std::filesystem::path& folder);

/// Of the shared model files: those that are broken on purpose, hold no surface (points) or are of
/// a format that we do not read (STEP).
bool is_meant_to_fail(const std::filesystem::path& file);

}  // namespace orrery::test
