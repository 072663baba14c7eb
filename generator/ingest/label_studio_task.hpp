#pragma once

#include <string>
#include <vector>

#include "generator/sample.hpp"

namespace orrery {

/// What shape a result of Label Studio is: "rectangle" for "rectanglelabels" and "rectangle", also
/// "polygon", "brush", "ellipse" and "keypoint"; empty: none of them.
std::string label_studio_shape(const Json& result);
/// The names of a shape: in its value, or in a result of its own for the same region.
std::vector<std::string> label_names(const Json& result, const Json& results);
/// The name of a keypoint of a class, without the class before it.
std::string keypoint_name(const std::string& name, const std::string& class_name);
/// The shape that a keypoint belongs to, or null.
const Json* parent_of(const Json& result, const Json& results);

/// Which of a task's annotations is read, and what else there is.
struct LabelStudioChoice {
  const Json* sheet = nullptr;  ///< within the task; null: none
  bool predicted = false;
  std::size_t others = 0;
  std::size_t skipped = 0;
};

/// The one marked as ground truth, else the one updated last, else the last; of the predictions if
/// there is no annotation.
LabelStudioChoice choose_annotation(const Json& task);

}  // namespace orrery
