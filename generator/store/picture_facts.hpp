#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generator/source.hpp"
#include "generator/store/perceptual_hash.hpp"

namespace orrery {

/// A file as it goes into a store.
struct ObjectFile {
  std::string sha256;
  std::string extension;  ///< by content, with its dot
  std::vector<std::byte> bytes;
};

/// A file's bytes with their hash. Throws Error.
ObjectFile read_object(const StoredFile& file);
/// Writes it where the store wants it, whole or not at all; durable only after a
/// sync_file_system(), which many share. Throws Error (Exit::io).
void write_object(const std::filesystem::path& store, const ObjectFile& object);

/// What only the decoded picture tells.
struct PictureFacts {
  int orientation = 1;  ///< EXIF, as stored
  std::string pixels;   ///< SHA-256 of "<width> <height>\n" and the upright RGBA bytes
  std::optional<PerceptualHashes> hashes;
  bool gps = false;
};

/// Decodes a picture to its end. Returns what is wrong with it, if anything is; see Intake for the
/// rules.
std::optional<Problem> find_picture_facts(const LabelledImage& image, const ObjectFile& object,
                                          PictureFacts& facts);

}  // namespace orrery
