#include "scenes/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "scenes/error.hpp"

namespace orrery {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  // mkdtemp puts a name of its own in place of the six letters.
  std::string name = (fs::temp_directory_path() / "orrery-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw Error(name + ": cannot be made (" + std::strerror(errno) +
                    "), wanted a folder among the temporary files",
                Exit::io);
  }
  path = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // what is left is among the temporary files
  fs::remove_all(path, ignored);
}

}  // namespace orrery
