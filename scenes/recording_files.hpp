#pragma once

#include <assimp/DefaultIOSystem.h>

#include <filesystem>
#include <vector>

namespace orrery {

/// The disk as Assimp sees it. Remembers which files it reads or looks for, so that a change of
/// any is noticed later, and mends binary glTF whose chunks are not padded to four bytes (as some
/// exporters write it), which Assimp refuses.
class RecordingFiles : public Assimp::DefaultIOSystem {
 public:
  explicit RecordingFiles(std::vector<std::filesystem::path>& files) : files_(files) {}
  Assimp::IOStream* Open(const char* file, const char* mode) override;

 private:
  std::vector<std::filesystem::path>& files_;
};

}  // namespace orrery
