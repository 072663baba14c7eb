#pragma once

#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenes/sha256.hpp"

namespace orrery {

/// What a cache keeps: `magic`, which names kind and version, the body and the SHA-256 of both in
/// hexadecimal.
inline std::vector<std::byte> sealed(std::string_view magic, std::span<const std::byte> body) {
  std::vector<std::byte> bytes;
  const auto append = [&bytes](std::span<const std::byte> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  append(std::as_bytes(std::span(magic)));
  append(body);
  const std::string digest = sha256_hex(bytes);
  append(std::as_bytes(std::span(digest)));
  return bytes;
}

/// The body of what sealed() gave; nothing of anything else.
inline std::optional<std::span<const std::byte>> unsealed(std::string_view magic,
                                                          std::span<const std::byte> bytes) {
  constexpr std::size_t kDigest = 64;
  if (bytes.size() < magic.size() + kDigest) return std::nullopt;
  const std::span<const std::byte> signed_part = bytes.first(bytes.size() - kDigest);
  const std::string digest = sha256_hex(signed_part);
  if (std::memcmp(bytes.data(), magic.data(), magic.size()) != 0 ||
      std::memcmp(bytes.data() + signed_part.size(), digest.data(), kDigest) != 0) {
    return std::nullopt;
  }
  return signed_part.subspan(magic.size());
}

}  // namespace orrery
