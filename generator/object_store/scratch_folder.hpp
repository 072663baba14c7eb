#pragma once

#include <filesystem>

namespace orrery {

/// Where scratch folders go unless said otherwise: TMPDIR, or /tmp.
std::filesystem::path default_scratch();

/// A folder of this attempt alone, for what is on its way elsewhere; gone with the object. Its name
/// ends as that of this process's files do (is_of_this_process()). What attempts that were killed
/// have left in the same place is removed too.
class ScratchFolder {
 public:
  /// Makes one in `place`. Throws Error (Exit::io).
  explicit ScratchFolder(const std::filesystem::path& place);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace orrery
