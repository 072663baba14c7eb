#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scenes/enum_names.hpp"

namespace orrery {

/// How a dataset keeps the files of its samples.
enum class Pack : std::uint8_t {
  automatic,  ///< as pack_for() says
  files,      ///< each file by itself
  tar,        ///< those of a chunk in one tar archive, under the paths that they would have
};

template <>
struct EnumNames<Pack> {
  static constexpr std::array<const char*, 3> kNames{"auto", "files", "tar"};
};

/// Images from which on file systems suffer from a file for each: backups, copies and quotas count
/// files.
constexpr std::uint64_t kMostLooseImages = 100'000;

/// What a dataset of `count` images is kept as; never automatic.
constexpr Pack pack_for(Pack asked, std::uint64_t count) {
  if (asked != Pack::automatic) return asked;
  return count > kMostLooseImages ? Pack::tar : Pack::files;
}

/// The one of that name; automatic for any other text.
constexpr Pack pack_named(std::string_view name) {
  if (name == "files") return Pack::files;
  return name == "tar" ? Pack::tar : Pack::automatic;
}

/// As options and JSON have it.
constexpr const char* name_of(Pack pack) {
  return EnumNames<Pack>::kNames[static_cast<std::size_t>(pack)];
}

}  // namespace orrery
