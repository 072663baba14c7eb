#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenes/import_model.hpp"

namespace orrery {

/// Stands before the error's text, the last thing that a failing child writes to stderr.
inline constexpr char kErrorMark = '\x1e';

/// The settings as command line arguments.
std::vector<std::string> child_settings(const ImportSettings& settings);

/// The child's whole command line, its name included.
std::vector<std::string> child_arguments(const std::filesystem::path& file,
                                         const std::filesystem::path& pack,
                                         const ImportSettings& settings,
                                         const ImportLimits& limits);

}  // namespace orrery
