#include "generator/verify/sample_files.hpp"

#include <algorithm>
#include <functional>

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

SampleFiles::SampleFiles(fs::path folder, Findings& findings)
    : folder_(std::move(folder)), findings_(findings) {}

void SampleFiles::add_picture(const std::string& file_name, const Json& image) {
  pictures_.push_back(number_of(file_name));
  check_picture(folder_ / file_name, static_cast<int>(whole_of(image, "width").value_or(0)),
                static_cast<int>(whole_of(image, "height").value_or(0)), false, findings_);
}

void SampleFiles::add_row(const Json& row, const std::string& where) {
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
    const fs::path file = folder_ / path;
    if (!fs::is_regular_file(file)) {
      findings_.add("file_missing", where, "no file " + file.string(), "what the row names");
      continue;
    }
    try {
      const std::string found = sha256_of_file(file);
      if (hash == Json(found)) continue;
      findings_.add("file_hash", file.string(), "SHA-256 " + found,
                    hash.dump() + ", as " + where + " has it");
    } catch (const Error& e) {
      findings_.add("file_missing", where, e.what(), "a file that can be read");
    }
  }
}

void SampleFiles::find_extra() {
  std::sort(pictures_.begin(), pictures_.end());
  const auto twice = std::adjacent_find(pictures_.begin(), pictures_.end());
  std::sort(named_.begin(), named_.end());
  std::vector<std::string> extra;
  for (const std::string& name : folders_) {
    if (!fs::is_directory(folder_ / name)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_ / name)) {
      if (entry.is_directory()) continue;
      const std::string path = entry.path().lexically_relative(folder_).generic_string();
      const std::uint64_t number = number_of(path);
      if (twice != pictures_.end() && number == *twice) {
        findings_.add("picture_named_twice", entry.path().string(), "two images of this picture",
                      "one");
      }
      if (!std::binary_search(named_.begin(), named_.end(), number)) extra.push_back(path);
    }
  }
  std::sort(extra.begin(), extra.end());
  for (const std::string& path : extra) {
    findings_.add("picture_extra", (folder_ / path).string(), "a file that no row names",
                  "files of the manifest alone");
  }
}

}  // namespace orrery
