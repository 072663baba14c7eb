#include "scenes/sky_pack.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "scenes/cache_folder.hpp"
#include "scenes/room.hpp"
#include "scenes/sealed.hpp"
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
  const std::array<std::uint32_t, 2> size{static_cast<std::uint32_t>(sky.radiance.width),
                                          static_cast<std::uint32_t>(sky.radiance.height)};
  append<std::uint32_t>(bytes, size);
  append<glm::vec3>(bytes, sky.radiance.pixels);
  append<glm::vec3>(bytes, sky.irradiance);
  for (const Image<glm::vec3>& level : sky.specular) append<glm::vec3>(bytes, level.pixels);
  return sealed(kSkyMagic, bytes);
}

/// Takes elements off the front of `bytes`; their number has been checked.
void take(std::span<const std::byte>& bytes, std::span<glm::vec3> to) {
  std::memcpy(to.data(), bytes.data(), to.size_bytes());
  bytes = bytes.subspan(to.size_bytes());
}

/// Nothing if the bytes are not exactly what bytes_of() writes.
std::optional<Sky> sky_from_bytes(std::span<const std::byte> bytes) {
  std::array<std::uint32_t, 2> size{};
  const auto body = unsealed(kSkyMagic, bytes);
  if (!body || body->size() < sizeof size) return std::nullopt;
  std::memcpy(size.data(), body->data(), sizeof size);
  constexpr int kSide = Sky::kSpecularWidth;
  const std::uint64_t elements = std::uint64_t{size[0]} * size[1] + 9 +
                                 std::uint64_t{Sky::kSpecularLevels} * kSide * (kSide / 2);
  if (body->size() != sizeof size + elements * sizeof(glm::vec3)) return std::nullopt;
  Sky sky;
  std::span<const std::byte> rest = body->subspan(sizeof size);
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
