#include "generator/object_store/scratch_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "generator/chunk_files.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "orrery-scratch.";

/// The folder, locked by us for as long as the descriptor is open; -1 if it cannot be.
int locked(const fs::path& folder) {
  const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return -1;
  if (flock(handle, LOCK_EX | LOCK_NB) == 0) return handle;
  close(handle);
  return -1;
}

/// A lock ends with its process, whatever host or container the process was in.
void sweep(const fs::path& place) {
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(place, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix) || !is_abandoned(name)) continue;
    const int lock = locked(entry.path());
    if (lock < 0) continue;
    std::error_code ignored;  // it may be another's
    fs::remove_all(entry.path(), ignored);
    close(lock);
  }
}

}  // namespace

fs::path default_scratch() {
  std::error_code none;
  const fs::path place = fs::temp_directory_path(none);
  return none ? fs::path("/tmp") : place;
}

ScratchFolder::ScratchFolder(const fs::path& place) : path_(place / (kPrefix + unique_name())) {
  create_folder(place);
  sweep(place);
  if (mkdir(path_.c_str(), 0700) != 0) {
    throw Error(path_.string() + ": cannot be created: " + std::strerror(errno) +
                    ", wanted a folder for what is on its way (--scratch)",
                Exit::io);
  }
  lock_ = locked(path_);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // what stays is removed by whoever comes next
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) close(lock_);
}

}  // namespace orrery
