#include "scenes/cache_folder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <system_error>

namespace orrery {

std::filesystem::path cache_folder(const std::string& name) {
  const std::filesystem::path below = std::filesystem::path("orrery") / name;
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != 0) {
    return cache / below;
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "/nonexistent") / ".cache" / below;
}

std::filesystem::path aside_of(const std::filesystem::path& file) {
  std::random_device random;
  char unique[32];
  std::snprintf(unique, sizeof unique, ".%08x%08x.part", random(), random());
  std::filesystem::path aside = file;
  aside += unique;
  return aside;
}

std::optional<std::vector<std::byte>> read_cached(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return std::nullopt;
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0)));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!in) return std::nullopt;
  return bytes;
}

void keep_cached(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  const std::filesystem::path aside = aside_of(file);
  std::ofstream out(aside, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out) std::filesystem::rename(aside, file, ignored);
  std::filesystem::remove(aside, ignored);
}

}  // namespace orrery
