#include "scenes/sky_pack.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "scenes/cache_folder.hpp"
#include "scenes/room.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSkyMagic = "ORRSKY01";

template <class T>
void append(std::vector<std::byte>& bytes, std::span<const T> values) {
  const auto raw = std::as_bytes(values);
  bytes.insert(bytes.end(), raw.begin(), raw.end());
}

std::vector<std::byte> bytes_of(const Sky& sky) {
  std::vector<std::byte> bytes;
  append(bytes, std::span(kSkyMagic));
  const std::array<std::uint32_t, 2> size{static_cast<std::uint32_t>(sky.radiance.width),
                                          static_cast<std::uint32_t>(sky.radiance.height)};
  append<std::uint32_t>(bytes, size);
  append<glm::vec3>(bytes, sky.radiance.pixels);
  append<glm::vec3>(bytes, sky.irradiance);
  for (const Image<glm::vec3>& level : sky.specular) append<glm::vec3>(bytes, level.pixels);
  const std::string digest = sha256_hex(bytes);
  append(bytes, std::span(std::string_view(digest)));
  return bytes;
}

/// Takes elements off the front of `bytes`; their number has been checked.
void take(std::span<const std::byte>& bytes, std::span<glm::vec3> to) {
  std::memcpy(to.data(), bytes.data(), to.size_bytes());
  bytes = bytes.subspan(to.size_bytes());
}

/// Nothing if the bytes are not exactly what bytes_of() writes.
std::optional<Sky> sky_from_bytes(std::span<const std::byte> bytes) {
  constexpr std::size_t kHead = kSkyMagic.size() + 2 * sizeof(std::uint32_t);
  if (bytes.size() < kHead + kSha256Digits) return std::nullopt;
  const std::span<const std::byte> body = bytes.first(bytes.size() - kSha256Digits);
  const std::string digest = sha256_hex(body);
  if (std::memcmp(bytes.data(), kSkyMagic.data(), kSkyMagic.size()) != 0 ||
      std::memcmp(bytes.data() + body.size(), digest.data(), kSha256Digits) != 0) {
    return std::nullopt;
  }
  std::array<std::uint32_t, 2> size{};
  std::memcpy(size.data(), bytes.data() + kSkyMagic.size(), sizeof size);
  constexpr int kSide = Sky::kSpecularWidth;
  const std::uint64_t elements = std::uint64_t{size[0]} * size[1] + 9 +
                                 std::uint64_t{Sky::kSpecularLevels} * kSide * (kSide / 2);
  if (body.size() != kHead + elements * sizeof(glm::vec3)) return std::nullopt;
  Sky sky;
  std::span<const std::byte> rest = body.subspan(kHead);
  sky.radiance = Image<glm::vec3>(static_cast<int>(size[0]), static_cast<int>(size[1]));
  take(rest, sky.radiance.pixels);
  take(rest, sky.irradiance);
  for (Image<glm::vec3>& level : sky.specular) {
    level = Image<glm::vec3>(kSide, kSide / 2);
    take(rest, level.pixels);
  }
  return sky;
}

std::optional<Sky> read_sky(const fs::path& file) {
  const std::optional<std::vector<std::byte>> bytes = read_cached(file);
  return bytes ? sky_from_bytes(*bytes) : std::nullopt;
}

}  // namespace

fs::path default_sky_cache() { return cache_folder("skies"); }

Sky cached_sky(const std::string& name, const fs::path& cache) {
  const bool room = name.rfind(kRoomPrefix, 0) == 0;
  const std::vector<std::string> known = procedural_sky_names();
  const bool procedural =
      std::find(known.begin(), known.end(), name) != known.end() || !fs::exists(name);
  const std::string sha256 = room         ? room_sky_sha256(name)
                             : procedural ? procedural_sky_sha256(name)
                                          : sha256_of_file(name);
  const fs::path file = cache / (sha256 + ".sky");
  if (std::optional<Sky> kept = read_sky(file)) {
    kept->name = procedural ? name : fs::path(name).stem().string();
    kept->sha256 = sha256;
    return *std::move(kept);
  }
  Sky sky = room ? room_sky(name) : procedural ? procedural_sky(name) : sky_from_file(name);
  keep_cached(file, bytes_of(sky));
  return sky;
}

}  // namespace orrery
