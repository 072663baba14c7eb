#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace orrery {

/// A file that appears whole or not at all: written aside, made durable, then renamed into place.
/// Every failure is an Error (Exit::io) with the path and the system's reason.
class WholeFile {
 public:
  /// Writes into `aside` (a folder on the same file system; empty: beside the target).
  explicit WholeFile(std::filesystem::path target, const std::filesystem::path& aside = {});
  /// Leaves nothing behind unless committed.
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  void write(std::string_view text);
  void write(std::span<const std::byte> bytes);
  /// Replaces what was there. Call once, last.
  void commit();
  /// Leaves what was there: false if the target exists already. Call once, last.
  bool commit_new();
  /// Made durable, but left aside for move_into_place(): its path there. Call once, last.
  std::filesystem::path leave_aside();

 private:
  void flush();
  void close();

  std::filesystem::path target_;
  std::filesystem::path aside_;
  int file_ = -1;
  std::string buffer_;
};

void write_whole_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// Renames over what is there. Throws Error (Exit::io).
void move_into_place(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes durable which names a folder holds. Throws Error (Exit::io).
void sync_folder(const std::filesystem::path& folder);
/// Makes durable everything on the file system that holds `folder`. Throws Error (Exit::io).
void sync_file_system(const std::filesystem::path& folder);

/// A name that no other process, thread or call uses: "<host>-<pid>-<random>".
std::string unique_name();
/// The name ends in ".<unique name>" of this process.
bool is_of_this_process(std::string_view name);
/// The name ends in ".<unique name>" of a process of this host that has ended.
bool is_abandoned(std::string_view name);

}  // namespace orrery
