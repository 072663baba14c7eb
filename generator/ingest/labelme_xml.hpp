#pragma once

#include <filesystem>
#include <pugixml.hpp>
#include <set>
#include <string>

#include "generator/ingest/read_source.hpp"

namespace orrery {

/// Whether an XML file is one of LabelMe's web tool: <annotation> with <imagesize>, or with an
/// <object> that has a <polygon> or <segm> and no <bndbox>.
bool is_labelme_xml(const pugi::xml_node& annotation);

/// Names of objects that are not deleted.
void collect_labelme_names(const pugi::xml_node& annotation, std::set<std::string>& names);

/// The picture of an annotation file that lies in Annotations/<folder> or beside its picture.
std::filesystem::path labelme_picture(const pugi::xml_node& annotation,
                                      const std::filesystem::path& file,
                                      const std::filesystem::path& root);

/// Adds an <object>. `masks`: folders that its mask may lie in.
void add_labelme_object(const pugi::xml_node& object, DraftImage& draft, const std::string& at,
                        const std::vector<std::filesystem::path>& masks);

}  // namespace orrery
