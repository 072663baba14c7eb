#include "scenes/cache_folder.hpp"

#include <cstdlib>

namespace orrery {

std::filesystem::path cache_folder(const std::string& name) {
  const std::filesystem::path below = std::filesystem::path("orrery") / name;
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != 0) {
    return cache / below;
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "/nonexistent") / ".cache" / below;
}

}  // namespace orrery
