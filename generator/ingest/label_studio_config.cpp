#include "generator/ingest/label_studio_config.hpp"

#include <algorithm>

#include "generator/ingest/xml_file.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
  names.push_back(name);
}

void take(const pugi::xml_node& node, LabelStudioConfig& config) {
  const std::string kind = node.name();
  if (kind == "Image" && config.image.empty()) {
    const std::string value = node.attribute("value").value();
    if (value.starts_with('$')) config.image = value.substr(1);
  }
  const bool shapes = kind == "Labels" || kind == "RectangleLabels" || kind == "PolygonLabels" ||
                      kind == "BrushLabels" || kind == "EllipseLabels";
  for (const pugi::xml_node& child : node.children("Label")) {
    const std::string alias = child.attribute("alias").value();  // what results say instead
    const std::string name = alias.empty() ? child.attribute("value").value() : alias;
    if (shapes) add_new(config.classes, name);
    if (kind == "KeyPointLabels") add_new(config.keypoints, name);
  }
  for (const pugi::xml_node& child : node.children()) take(child, config);
}

}  // namespace

LabelStudioConfig label_studio_config(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    if (it->path().extension() == ".xml") files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    pugi::xml_document document;
    std::string fault;
    if (!read_xml(file, document, fault) || !document.child("View")) continue;
    LabelStudioConfig config;
    take(document.child("View"), config);
    return config;
  }
  return {};
}

}  // namespace orrery
