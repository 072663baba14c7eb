#pragma once

#include <map>
#include <set>
#include <string>

#include "generator/ingest/read_source.hpp"

namespace orrery {

/// Names of instances in one of LabelMe's JSON files, and of their keypoints by class.
void collect_labelme_names(const Json& json, std::set<std::string>& names,
                           std::map<std::string, std::set<std::string>>& points);

/// Adds its shapes; labelme_source.cpp says how they are read.
void add_labelme_shapes(const Json& json, DraftImage& draft, const DatasetInfo& info);

}  // namespace orrery
