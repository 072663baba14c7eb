#include "scenes/cache_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

namespace orrery {

std::filesystem::path cache_folder(const std::string& name) {
  const std::filesystem::path below = std::filesystem::path("orrery") / name;
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != 0) {
    return cache / below;
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "/nonexistent") / ".cache" / below;
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
  std::filesystem::path aside = file;
  std::ostringstream unique;
  unique << '.' << getpid() << '-' << std::this_thread::get_id();
  aside += unique.str();
  std::ofstream out(aside, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out) std::filesystem::rename(aside, file, ignored);
  std::filesystem::remove(aside, ignored);
}

}  // namespace orrery
