#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "generator/verify/findings.hpp"
#include "generator/verify/json_lines.hpp"

namespace orrery {

/// Objects that became no label, as the manifest says: by class id and rule.
using DroppedCount = std::map<std::uint64_t, std::map<std::string, std::uint64_t>>;

/// What the manifest says of an image's objects against its annotations, in both directions. Rows
/// of rendered datasets list every placed object (manifest.hpp), those of mixed ones every label.
/// Broken: object_missing, annotation_missing, object_differs, instance_id_duplicate,
/// row_unreadable.
void check_objects(const JsonLine& row, const std::vector<JsonLine>& annotations,
                   DroppedCount& dropped, Findings& findings);

/// The picture's size and name in the manifest against those of its COCO image. Broken:
/// image_differs, picture_not_in_manifest.
void check_image_row(const JsonLine& row, const JsonLine& image, Findings& findings);

}  // namespace orrery
