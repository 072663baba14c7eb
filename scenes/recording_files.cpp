#include "scenes/recording_files.hpp"

#include <assimp/MemoryIOWrapper.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace orrery {
namespace {

constexpr std::size_t kHeader = 12;  ///< magic, version, length
constexpr std::size_t kChunk = 8;    ///< length, type

std::uint32_t word(const std::vector<std::uint8_t>& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void set_word(std::vector<std::uint8_t>& bytes, std::size_t at, std::size_t value) {
  const auto narrow = static_cast<std::uint32_t>(value);
  std::memcpy(bytes.data() + at, &narrow, sizeof narrow);
}

/// A binary glTF whose first chunk, JSON, is not padded: the whole file with spaces added to it.
/// Empty if there is nothing to mend.
std::vector<std::uint8_t> mended_glb(const char* file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes(kHeader + kChunk);
  const auto read = [&](std::size_t from) {
    in.read(reinterpret_cast<char*>(bytes.data() + from),
            static_cast<std::streamsize>(bytes.size() - from));
    return static_cast<bool>(in);
  };
  if (!read(0) || std::memcmp(bytes.data(), "glTF", 4) != 0) return {};
  const std::size_t json = word(bytes, kHeader);
  const std::size_t length = word(bytes, 8);
  const std::size_t padding = (4 - json % 4) % 4;
  std::error_code error;
  if (padding == 0 || std::filesystem::file_size(file, error) != length || error ||
      json > length - kHeader - kChunk) {
    return {};
  }
  bytes.resize(length);
  if (!read(kHeader + kChunk)) return {};
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(kHeader + kChunk + json), padding, ' ');
  set_word(bytes, 8, bytes.size());
  set_word(bytes, kHeader, json + padding);
  return bytes;
}

}  // namespace

Assimp::IOStream* RecordingFiles::Open(const char* file, const char* mode) {
  if (std::find(files_.begin(), files_.end(), file) == files_.end()) files_.emplace_back(file);
  const std::vector<std::uint8_t> mended = mended_glb(file);
  if (mended.empty()) return DefaultIOSystem::Open(file, mode);
  auto* bytes = new std::uint8_t[mended.size()];  // the stream owns them, and Assimp the stream
  std::copy(mended.begin(), mended.end(), bytes);
  return new Assimp::MemoryIOStream(bytes, mended.size(), true);
}

}  // namespace orrery
