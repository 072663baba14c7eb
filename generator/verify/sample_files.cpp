#include "generator/verify/sample_files.hpp"

#include <algorithm>
#include <functional>

#include "generator/chunk_shard.hpp"
#include "generator/sinks/tar_members.hpp"
#include "generator/verify/annotation_rules.hpp"
#include "generator/verify/picture_rules.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// 64 bits: of 10^7 files, two share a number once in 400,000 datasets.
std::uint64_t number_of(const std::string& path) { return std::hash<std::string>{}(path); }

bool stays_inside(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::find(path.begin(), path.end(), "..") == path.end();
}

}  // namespace

SampleFiles::SampleFiles(fs::path folder, const Json& dataset, Findings& findings)
    : folder_(std::move(folder)), files_(folder_, dataset), findings_(findings) {}

void SampleFiles::add_picture(std::uint64_t index, const std::string& file_name,
                              const Json& image) {
  pictures_.push_back(number_of(file_name));
  try {
    check_picture(files_.find(index, file_name),
                  static_cast<int>(whole_of(image, "width").value_or(0)),
                  static_cast<int>(whole_of(image, "height").value_or(0)), false, findings_);
  } catch (const Error& e) {
    findings_.looked_at("pictures");
    findings_.add("picture_missing", (folder_ / file_name).string(), e.what(), "a whole picture");
  }
}

void SampleFiles::add_row(std::uint64_t index, const Json& row, const std::string& where) {
  const Json files = row.value("files", Json());
  if (!files.is_object()) {
    findings_.add("files_unreadable", where, "files " + files.dump(), "paths with their SHA-256");
    return;
  }
  for (const auto& [path, hash] : files.items()) {
    findings_.looked_at("files");
    if (!stays_inside(path)) {
      findings_.add("file_outside_dataset", where, path, "a path below the dataset");
      continue;
    }
    named_.push_back(number_of(path));
    folders_.insert(fs::path(path).begin()->string());
    try {
      check_file(files_.find(index, path), hash, where);
    } catch (const Error& e) {
      findings_.add("file_missing", where, e.what(), "a file that can be read");
    }
  }
}

void SampleFiles::check_file(const StoredFile& file, const Json& hash, const std::string& where) {
  if (!fs::is_regular_file(file.on_disk())) {
    findings_.add("file_missing", where, "no file " + file.string(), "what the row names");
    return;
  }
  const std::string found =
      file.packed() ? sha256_hex(stored_bytes(file)) : sha256_of_file(file.path);
  if (hash == Json(found)) return;
  findings_.add("file_hash", file.string(), "SHA-256 " + found,
                hash.dump() + ", as " + where + " has it");
}

void SampleFiles::take_found(const std::string& path) {
  const std::uint64_t number = number_of(path);
  if (twice_ && number == *twice_) {
    findings_.add("picture_named_twice", (folder_ / path).string(), "two images of this picture",
                  "one");
  }
  if (!std::binary_search(named_.begin(), named_.end(), number)) extra_.push_back(path);
}

void SampleFiles::find_extra_shards() {
  std::set<fs::path> known;
  for (std::uint64_t chunk = 0; chunk < files_.shards(); ++chunk) {
    known.insert(folder_ / shard_path(chunk));
  }
  if (!fs::is_directory(folder_ / "shards")) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "shards")) {
    if (!known.contains(entry.path())) {
      findings_.add("shard_extra", entry.path().string(), "an archive of no chunk",
                    std::to_string(known.size()) + " archives, one a chunk");
      continue;
    }
    try {
      for (const TarMember& member : tar_members(entry.path())) take_found(member.name);
    } catch (const Error&) {
      // Every file that it lacks has been found missing.
    }
  }
}

void SampleFiles::find_extra() {
  std::sort(pictures_.begin(), pictures_.end());
  const auto twice = std::adjacent_find(pictures_.begin(), pictures_.end());
  if (twice != pictures_.end()) twice_ = *twice;
  std::sort(named_.begin(), named_.end());
  if (files_.shards() > 0) find_extra_shards();
  for (const std::string& name : folders_) {
    if (!fs::is_directory(folder_ / name)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_ / name)) {
      if (entry.is_directory()) continue;
      take_found(entry.path().lexically_relative(folder_).generic_string());
    }
  }
  std::sort(extra_.begin(), extra_.end());
  for (const std::string& path : extra_) {
    findings_.add("picture_extra", (folder_ / path).string(), "a file that no row names",
                  "files of the manifest alone");
  }
}

}  // namespace orrery
