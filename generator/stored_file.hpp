#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orrery {

/// Where the bytes of a picture lie: in a file of their own, or as a run of bytes in another, a
/// member of a tar archive.
struct StoredFile {
  std::filesystem::path path{};     ///< its name; the extension says how it is encoded
  std::filesystem::path archive{};  ///< the file that holds it; empty: `path` itself
  std::uint64_t offset = 0;         ///< of its first byte in `archive`
  std::uint64_t size = 0;           ///< bytes in `archive`

  StoredFile() = default;
  StoredFile(std::filesystem::path file)  // NOLINT: a file of its own needs no ceremony
      : path(std::move(file)) {}
  StoredFile(std::filesystem::path name, std::filesystem::path in, std::uint64_t at,
             std::uint64_t bytes)
      : path(std::move(name)), archive(std::move(in)), offset(at), size(bytes) {}
  bool operator==(const StoredFile&) const = default;

  /// It has no file of its own, so that it cannot be linked to.
  bool packed() const { return !archive.empty(); }
  /// The file to open.
  const std::filesystem::path& on_disk() const { return packed() ? archive : path; }
  bool empty() const { return path.empty(); }
  void clear() { *this = {}; }
  /// For people: its name.
  std::string string() const { return path.string(); }
  std::filesystem::path extension() const { return path.extension(); }
};

/// All bytes. Throws Error (Exit::io).
std::vector<std::byte> stored_bytes(const StoredFile& file);

/// As many of the first `most` bytes as there are. Throws Error (Exit::io).
std::vector<std::byte> first_bytes(const StoredFile& file, std::uint64_t most);

/// Bytes; 0 if it is not there.
std::uint64_t stored_size(const StoredFile& file);

}  // namespace orrery
