#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace orrery {

/// What a labelling interface of Label Studio names, in its order.
struct LabelStudioConfig {
  std::vector<std::string> classes;    ///< of all kinds of labels but points
  std::vector<std::string> keypoints;  ///< as KeyPointLabels has them
  std::string image;                   ///< the key of the picture in a task's data; empty: unknown
};

/// Of the first *.xml file in `folder` that is one; empty if there is none.
LabelStudioConfig label_studio_config(const std::filesystem::path& folder);

}  // namespace orrery
