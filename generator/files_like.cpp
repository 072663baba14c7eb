#include "generator/files_like.hpp"

#include <glob.h>

#include "scenes/error.hpp"

namespace orrery {

std::vector<std::filesystem::path> files_like(const std::string& pattern, const std::string& where,
                                              const std::string& wanted) {
  glob_t found{};
  const int failed = glob(pattern.c_str(), GLOB_MARK, nullptr, &found);
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; failed == 0 && i < found.gl_pathc; ++i) {
    files.emplace_back(found.gl_pathv[i]);
  }
  globfree(&found);
  if (files.empty()) {
    throw Error(where + " is \"" + pattern + "\", which no file is like, wanted " + wanted);
  }
  return files;
}

}  // namespace orrery
