#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "generator/verify/findings.hpp"
#include "generator/verify/yolo_yaml.hpp"

namespace orrery {

/// A line of a label file: the class, then numbers.
struct YoloLine {
  std::size_t class_id = 0;
  std::vector<double> numbers{};
  std::string where{};
};

/// The lines of a label file that are right in themselves. `format` is one of the four; a file of
/// "yolo" has boxes alone. Broken: label_columns, label_number, class_not_whole, class_range,
/// value_range, box_empty, box_outside_image, label_duplicate, keypoint_visibility.
std::vector<YoloLine> check_yolo_labels(const std::filesystem::path& file,
                                        const std::string& format, const YoloYaml& yaml,
                                        Findings& findings);

}  // namespace orrery
