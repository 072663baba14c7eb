#pragma once

#include <filesystem>
#include <string>

#include "scenes/yaml_reader.hpp"

namespace orrery {

/// Throws Error naming line and column of what is no YAML; `where` names the text.
YAML::Node yaml_from(const std::string& text, const std::string& where);

/// Throws Error if the file cannot be read either; `wanted` says what it should be.
YAML::Node yaml_from_file(const std::filesystem::path& file, const std::string& wanted);

/// Replaces what stands at a path such as camera.fov or objects.0.count: "path.to.key=value".
/// Throws Error (Exit::usage).
void set_at(const YAML::Node& root, const std::string& set);

}  // namespace orrery
