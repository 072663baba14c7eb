#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/sample.hpp"

namespace orrery {

/// The objects of a BOP dataset: a model at one scale, of one class, because BOP's poses have no
/// scale. Numbered from 1 in the order in which they are met. They lie in the folder `models`:
///   obj_000001.ply    binary little endian, millimetres, scale applied: x y z nx ny nz of every
///                     vertex, triangles as vertex_indices. Not colours and textures
///   models_info.json  {obj_id: {"diameter", "min_x" "min_y" "min_z", "size_x" "size_y" "size_z"}}
///                     in millimetres and, beyond BOP, "class", "model", "scale" and "diameter_of":
///                     "mesh", or "box" where there is no mesh: its diagonal, which may be too long
/// A mesh is there if we made the model, or if DatasetInfo::models has its file and that has the
/// box that the poses are of.
class BopModels {
 public:
  /// Makes the folder `models` in `folder`.
  BopModels(const std::filesystem::path& folder, DatasetInfo info);

  /// BOP's obj_id of a label with a pose; writes the mesh when it is met first. Throws Error if its
  /// class is none, the model's box is no longer what it was, or its file is there and broken.
  std::uint32_t id_of(const Label& label, const LabelledImage& image);

  /// Writes models_info.json; objects without a mesh are counted in `left_out`.
  void finish(std::map<std::string, std::uint64_t>& left_out) const;

 private:
  Json add(const Label& label, std::uint32_t id) const;

  std::filesystem::path folder_;
  DatasetInfo info_;
  std::vector<Box3> bounds_;  ///< by obj_id - 1
  Json infos_ = Json::object();
  std::map<std::pair<std::string, std::pair<std::uint32_t, double>>, std::uint32_t> ids_;
};

}  // namespace orrery
