#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace orrery {

/// The files and folders that a pattern with * and ? stands for, in order. Throws Error if there
/// are none: `where` says whose pattern it is, `wanted` what it should name.
std::vector<std::filesystem::path> files_like(const std::string& pattern, const std::string& where,
                                              const std::string& wanted);

}  // namespace orrery
