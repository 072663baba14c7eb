#pragma once

#include <filesystem>

namespace orrery {

/// A folder of its own among the temporary files, gone with the object.
struct TemporaryFolder {
  /// Throws Error (Exit::io) if it cannot be made.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path path;
};

}  // namespace orrery
