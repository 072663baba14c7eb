#pragma once

#include <filesystem>
#include <string>

namespace orrery {

/// $XDG_CACHE_HOME/orrery/`name`, or the same below ~/.cache. It need not exist.
std::filesystem::path cache_folder(const std::string& name);

}  // namespace orrery
