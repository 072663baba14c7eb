#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>

namespace orrery {

/// Holds SIGINT and SIGTERM (hold_signals) from now on: they stay pending until asked for, so no
/// global is needed.
class StopSignals {
 public:
  /// Throws Error (Exit::io).
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  bool asked() const;
  int handle() const { return handle_; }  ///< readable once one has come

 private:
  int handle_ = -1;
};

/// Sees files arrive in a folder and all below it, however deep and whenever made (inotify).
class FolderWatch {
 public:
  /// Throws Error (Exit::io) if it cannot be watched, for instance because the system allows no
  /// more watches.
  explicit FolderWatch(const std::filesystem::path& folder);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  /// Waits until something has arrived and then nothing more for `quiet`, but no longer than
  /// `patience` after the first arrival. Files that are still being written put it off, too. False
  /// if asked to stop, before that or meanwhile.
  bool wait(const StopSignals& stop, std::chrono::milliseconds quiet,
            std::chrono::milliseconds patience);

  /// The file, or one of the same name with another extension, is being written: it was made or
  /// changed and not closed since.
  bool is_being_written(const std::filesystem::path& file) const;

 private:
  void watch(const std::filesystem::path& folder);
  /// Reads what has happened; true if there was something to look at.
  bool read_events();

  int handle_ = -1;
  std::map<int, std::filesystem::path> folders_;  ///< by watch
  std::set<std::filesystem::path> being_written_;
};

}  // namespace orrery
