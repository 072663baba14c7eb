#include "generator/chunk_shard.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "generator/sinks/tar.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// A new file that is written from start to end.
class ShardFile {
 public:
  explicit ShardFile(const std::filesystem::path& path)
      : path_(path), file_(std::fopen(path.c_str(), "wbxe")) {
    if (file_ == nullptr) refuse();
  }
  ~ShardFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  ShardFile(const ShardFile&) = delete;
  ShardFile& operator=(const ShardFile&) = delete;

  void write(std::span<const std::byte> bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) refuse();
    bytes_ += bytes.size();
  }
  void write(const std::string& text) { write(std::as_bytes(std::span(text))); }

  /// Durable afterwards.
  std::uint64_t close() {
    if (std::fflush(file_) != 0 || fsync(fileno(file_)) != 0) refuse();
    if (std::fclose(std::exchange(file_, nullptr)) != 0) refuse();
    return bytes_;
  }

 private:
  [[noreturn]] void refuse() const {
    const std::error_code why(errno, std::generic_category());
    throw Error(path_.string() + ": cannot be written: " + why.message(), Exit::io);
  }

  std::filesystem::path path_;
  std::FILE* file_ = nullptr;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::string shard_path(std::uint64_t chunk) {
  std::array<char, 48> path{};
  std::snprintf(path.data(), path.size(), "shards/%08llu.tar",
                static_cast<unsigned long long>(chunk));
  return path.data();
}

std::uint64_t write_shard(const std::filesystem::path& file, std::span<const Sample> samples) {
  ShardFile shard(file);
  for (const Sample& sample : samples) {
    for (const EncodedFile& member : sample.files) {
      shard.write(tar_header(member.path, member.bytes.size()));
      shard.write(member.bytes);
      shard.write(tar_padding(member.bytes.size()));
    }
  }
  shard.write(tar_end());
  return shard.close();
}

}  // namespace orrery
