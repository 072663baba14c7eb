#pragma once

#include <filesystem>

namespace YAML {  // as yaml-cpp calls it. NOLINT(readability-identifier-naming)
class Node;
}

namespace orrery {

/// Paths in a scene file are relative to it, those of overrides to where the person stands: turns
/// the former into the latter, in place, wherever a scene file may name files.
void resolve_paths(const YAML::Node& root, const std::filesystem::path& folder);

}  // namespace orrery
