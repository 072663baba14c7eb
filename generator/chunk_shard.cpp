#include "generator/chunk_shard.hpp"

#include <array>
#include <cstdio>
#include <string>

#include "generator/sinks/tar.hpp"

namespace orrery {

std::string shard_path(std::uint64_t chunk) {
  std::array<char, 48> path{};
  std::snprintf(path.data(), path.size(), "shards/%08llu.tar",
                static_cast<unsigned long long>(chunk));
  return path.data();
}

std::uint64_t write_shard(WholeFile& shard, std::span<const Sample> samples) {
  std::uint64_t bytes = 0;
  const auto write = [&](const auto& part) {
    shard.write(part);
    bytes += part.size();
  };
  for (const Sample& sample : samples) {
    for (const EncodedFile& member : sample.files) {
      write(tar_header(member.path, member.bytes.size()));
      write(std::span<const std::byte>(member.bytes));
      write(tar_padding(member.bytes.size()));
    }
  }
  write(tar_end());
  return bytes;
}

}  // namespace orrery
