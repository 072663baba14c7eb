#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orrery {

/// A regular file in a tar archive.
struct TarMember {
  std::string name;
  std::uint64_t offset = 0;  ///< of its content in the archive
  std::uint64_t size = 0;    ///< bytes
};

/// The regular files of an uncompressed tar archive (POSIX's ustar form) in the order of the
/// archive. Headers alone are read; contents are passed over. Members of other kinds are left out.
/// Throws Error (Exit::io) if the archive cannot be read, is damaged or does not end as one.
std::vector<TarMember> tar_members(const std::filesystem::path& archive);

}  // namespace orrery
