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
/// scale. Numbered from 1 in the order in which they are met.
class BopModels {
 public:
  explicit BopModels(DatasetInfo info) : info_(std::move(info)) {}

  /// BOP's obj_id of a label with a pose. Throws Error if its class is none, or the model's box
  /// is no longer what it was.
  std::uint32_t id_of(const Label& label, const LabelledImage& image);

  /// Writes the folder `models`:
  ///   obj_000001.ply    binary little endian, millimetres, scale applied: x y z nx ny nz of every
  ///                     vertex, triangles as vertex_indices. Not colours and textures
  ///   models_info.json  {obj_id: {"diameter", "min_x" "min_y" "min_z", "size_x" "size_y"
  ///                     "size_z"}} in millimetres and, beyond BOP, "class", "model", "scale" and
  ///                     "diameter_of": "mesh", or "box" where there is no mesh: its diagonal,
  ///                     which may be too long
  /// A mesh is there if we made the model, or if ObjectPose::model is the path of a file that still
  /// has the box that the poses are of; others are counted in `left_out`.
  void write(const std::filesystem::path& folder,
             std::map<std::string, std::uint64_t>& left_out) const;

 private:
  struct Entry {
    std::uint32_t class_id = 0;
    std::string model;
    double scale = 1;
    Box3 bounds;
  };
  Json info_of(const Entry& entry, const std::filesystem::path& ply) const;

  DatasetInfo info_;
  std::vector<Entry> entries_;  ///< by obj_id - 1
  std::map<std::pair<std::string, std::pair<std::uint32_t, double>>, std::uint32_t> ids_;
};

}  // namespace orrery
