#include "scenes/scene_paths.hpp"

#include <yaml-cpp/yaml.h>

namespace orrery {
namespace {

namespace fs = std::filesystem;

void resolve(YAML::Node path, const fs::path& folder) {
  if (path.IsScalar() && fs::path(path.Scalar()).is_relative()) {
    path = (folder / path.Scalar()).lexically_normal().string();
  }
}

/// One path or a list of them.
void resolve_all(const YAML::Node& paths, const fs::path& folder) {
  if (!paths.IsSequence()) return resolve(paths, folder);
  for (const YAML::Node& path : paths) resolve(path, folder);
}

/// Skies are files or names of our own.
void resolve_skies(const YAML::Node& names, const fs::path& folder) {
  const auto resolve_file = [&](const YAML::Node& name) {
    if (name.IsScalar() && fs::path(name.Scalar()).extension() == ".hdr") resolve(name, folder);
  };
  if (!names.IsSequence()) return resolve_file(names);
  for (const YAML::Node& name : names) resolve_file(name);
}

}  // namespace

void resolve_paths(const YAML::Node& root, const fs::path& folder) {
  if (!root.IsMap()) return;
  if (root["faces"]) resolve(root["faces"], folder);
  if (YAML::Node sky = root["sky"]; sky && sky.IsMap() && sky["names"]) {
    resolve_skies(sky["names"], folder);
  }
  if (YAML::Node plate = root["backplate"]; plate && plate.IsMap()) {
    if (plate["photos"]) resolve_all(plate["photos"], folder);
    if (plate["views"] && plate["views"].IsSequence()) {
      for (YAML::Node view : plate["views"]) {
        if (view.IsMap() && view["photo"]) resolve(view["photo"], folder);
      }
    }
  }
  if (YAML::Node table = root["turntable"]; table && table.IsMap() && table["photos"]) {
    resolve_all(table["photos"], folder);
  }
  if (YAML::Node surface = root["surface"]; surface && surface.IsMap() && surface["images"]) {
    resolve_all(surface["images"], folder);
  }
  if (!root["objects"] || !root["objects"].IsSequence()) return;
  for (YAML::Node set : root["objects"]) {
    if (!set.IsMap()) continue;
    for (const char* key : {"models", "images"}) {
      if (set[key]) resolve_all(set[key], folder);
    }
    if (YAML::Node swap = set["textures"]; swap && swap.IsMap() && swap["images"]) {
      resolve_all(swap["images"], folder);
    }
  }
}

}  // namespace orrery
