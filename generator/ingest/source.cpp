#include "generator/source.hpp"

#include "scenes/error.hpp"

namespace orrery {

const std::vector<std::string>& source_formats() {
  static const std::vector<std::string> formats;
  return formats;
}

std::unique_ptr<Source> open_source(const std::filesystem::path& path, const std::string&) {
  throw Error(path.string() + ": no reader");
}

}  // namespace orrery
