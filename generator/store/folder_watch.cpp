#include "generator/store/folder_watch.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "generator/held_signals.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kEvents =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_MODIFY | IN_DELETE | IN_ONLYDIR;

[[noreturn]] void refuse(const std::string& what, const std::string& doing) {
  throw Error(what + ": cannot be " + doing + ": " + std::strerror(errno), Exit::io);
}

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

fs::path stem_of(const fs::path& file) { return fs::absolute(file).replace_extension(); }

}  // namespace

StopSignals::StopSignals() {
  hold_signals({SIGINT, SIGTERM});
  const sigset_t set = stop_signals();
  handle_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (handle_ < 0) refuse("signals", "waited for");
}

StopSignals::~StopSignals() {
  // What has come was answered by stopping: the next one is not to see it.
  signalfd_siginfo taken{};
  while (read(handle_, &taken, sizeof taken) == static_cast<ssize_t>(sizeof taken)) {
  }
  close(handle_);
}

bool StopSignals::asked() const {
  sigset_t pending;
  sigpending(&pending);
  return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}

FolderWatch::FolderWatch(const fs::path& folder)
    : handle_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (handle_ < 0) refuse(folder.string(), "watched");
  try {
    watch(fs::absolute(folder));
  } catch (...) {
    close(handle_);
    throw;
  }
}

FolderWatch::~FolderWatch() { close(handle_); }

void FolderWatch::watch(const fs::path& folder) {
  const int id = inotify_add_watch(handle_, folder.c_str(), kEvents);
  if (id < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return;  // gone meanwhile
    refuse(folder.string(), "watched");
  }
  folders_[id] = folder;
  // What was put into a new folder before it was watched makes no event, but its folders need one.
  std::error_code gone;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, gone)) {
    if (entry.is_directory(gone) && !entry.is_symlink(gone)) watch(entry.path());
  }
}

bool FolderWatch::read_events() {
  bool any = false;
  alignas(inotify_event) std::array<char, 64 * 1024> buffer;
  while (true) {
    const ssize_t size = read(handle_, buffer.data(), buffer.size());
    if (size <= 0) return any;
    for (ssize_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      at += static_cast<ssize_t>(sizeof event + event.len);
      any = true;
      if ((event.mask & IN_Q_OVERFLOW) != 0) being_written_.clear();
      if ((event.mask & IN_IGNORED) != 0) folders_.erase(event.wd);
      const auto folder = folders_.find(event.wd);
      if (folder == folders_.end() || event.len == 0) continue;
      const fs::path path = folder->second / name;
      if ((event.mask & IN_ISDIR) != 0) {
        if ((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0) watch(path);
      } else if ((event.mask & (IN_CREATE | IN_MODIFY)) != 0) {
        being_written_.insert(path);
      } else {
        being_written_.erase(path);
      }
    }
  }
}

bool FolderWatch::wait(const StopSignals& stop, std::chrono::milliseconds quiet,
                       std::chrono::milliseconds patience) {
  // What came during the pass before is among it.
  bool arrived = read_events() || !being_written_.empty();
  Clock::time_point last = Clock::now();
  const Clock::time_point first = last;
  Clock::time_point until = first + patience;
  while (!stop.asked()) {
    const Clock::time_point now = Clock::now();
    if (arrived && (now >= until || (being_written_.empty() && now >= last + quiet))) return true;
    std::array<pollfd, 2> files{pollfd{handle_, POLLIN, 0}, pollfd{stop.handle(), POLLIN, 0}};
    const Clock::time_point next = being_written_.empty() ? std::min(until, last + quiet) : until;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - now).count();
    const int timeout = arrived ? static_cast<int>(std::max<std::int64_t>(left, 0)) : -1;
    if (poll(files.data(), files.size(), timeout) < 0 && errno != EINTR) refuse("files", "awaited");
    if (!read_events()) continue;
    last = Clock::now();
    if (!arrived) until = last + patience;
    arrived = true;
  }
  return false;
}

bool FolderWatch::is_being_written(const fs::path& file) const {
  const fs::path stem = stem_of(file);
  return std::any_of(being_written_.begin(), being_written_.end(), [&stem](const fs::path& other) {
    // Labels lie in a folder of their own in some formats: the name alone must do.
    return stem_of(other).filename() == stem.filename();
  });
}

}  // namespace orrery
