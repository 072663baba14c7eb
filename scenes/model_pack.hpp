#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scenes/model.hpp"

namespace orrery {

/// A file that a model was made from.
struct SourceFile {
  std::string path;        ///< absolute
  std::uint64_t size = 0;  ///< bytes
  std::string sha256;      ///< empty: it was looked for and was not there
};

/// Changes whenever the layout does, or what an import makes of a file.
inline constexpr std::uint32_t kPackVersion = 3;

/// Writes a model, and what it was made from, aside and renames it: readers see all or nothing.
/// Throws Error (Exit::io).
void write_pack(const Model& model, const std::filesystem::path& file,
                const std::vector<SourceFile>& sources = {});

/// Throws Error unless the file is a whole and consistent pack of this version.
Model read_pack(const std::filesystem::path& file);

/// Only what the pack was made from. Throws Error like read_pack.
std::vector<SourceFile> read_pack_sources(const std::filesystem::path& file);

}  // namespace orrery
