#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "generator/labelled_image.hpp"
#include "generator/verify/findings.hpp"

namespace orrery {

/// What data.yaml says.
struct YoloYaml {
  std::size_t classes = 0;
  std::size_t keypoints = 0;                             ///< 0: no poses
  std::size_t numbers = 0;                               ///< of each keypoint: 2 or 3
  std::map<std::string, std::filesystem::path> lists{};  ///< list files by split
};

/// Reads data.yaml. `info` has the dataset's classes and keypoints where they are known: no
/// classes, not known. Broken: yaml_unreadable, yaml_nc, yaml_names, yaml_split_missing,
/// yaml_download, yaml_path, yaml_kpt_shape, yaml_flip_identity, yaml_flip.
YoloYaml check_yolo_yaml(const std::filesystem::path& file, bool poses, const DatasetInfo& info,
                         Findings& findings);

}  // namespace orrery
