#pragma once

#include <filesystem>
#include <memory>

#include "generator/source.hpp"

namespace orrery {

/// A store of real photos and their labels is a folder:
///
///   objects/ab/cdef….jpg   pictures as they came, by the SHA-256 of their bytes
///   incoming/              files that are being written
///   index.sqlite           everything else (SQLite in WAL mode; schema in store_index.cpp)
///
/// Any number of processes may read it while one writes.
bool is_store(const std::filesystem::path& path);

/// The pictures of a store, as it is at this moment, in the order in which they were taken in; that
/// order never changes, nor does that of classes. Each has
///   - `file`: the object, which may carry an EXIF orientation; size and labels are upright;
///   - lineage: "photo" (its name, SHA-256 and licence); "session" ("<origin>/<session>", so that
///     sessions of two sources are never the same); "duplicates" (named by the SHA-256 of the
///     group's first picture) where there is another picture that nearly is the same; and what its
///     source said beyond that;
///   - `more`: what its source said, and "origin", "licence" and "ingest" (a number).
/// A picture whose object is gone is a Problem ("picture_missing"). Throws Error if it is no store,
/// or one of a newer orrery.
std::unique_ptr<Source> open_store(const std::filesystem::path& path);

/// Where a store keeps a file: objects/ab/cdef…<extension>.
std::filesystem::path object_path(const std::filesystem::path& store, const std::string& sha256,
                                  const std::string& extension);

}  // namespace orrery
