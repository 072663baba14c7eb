#include "generator/stored_file.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "scenes/error.hpp"

namespace orrery {

std::vector<std::byte> first_bytes(const StoredFile& file, std::uint64_t most) {
  std::ifstream in(file.on_disk(), std::ios::binary | std::ios::ate);
  if (!in) throw Error(file.on_disk().string() + ": cannot be opened", Exit::io);
  const auto end = static_cast<std::uint64_t>(std::max<std::streamoff>(0, in.tellg()));
  if (file.packed() && (file.offset > end || file.size > end - file.offset)) {
    throw Error(file.archive.string() + ": has " + std::to_string(end) + " bytes, wanted " +
                    std::to_string(file.size) + " from byte " + std::to_string(file.offset) +
                    " on for " + file.string(),
                Exit::io);
  }
  const std::uint64_t size = std::min(most, file.packed() ? file.size : end);
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  in.seekg(static_cast<std::streamoff>(file.offset));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!in) throw Error(file.on_disk().string() + ": cannot be read to its end", Exit::io);
  return bytes;
}

std::vector<std::byte> stored_bytes(const StoredFile& file) {
  return first_bytes(file, ~std::uint64_t{0});
}

std::uint64_t stored_size(const StoredFile& file) {
  if (file.packed()) return file.size;
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(file.path, failed);
  return failed ? 0 : size;
}

}  // namespace orrery
