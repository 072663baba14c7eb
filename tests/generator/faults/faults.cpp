// Preloaded into the program: the world's faults, on demand. FAULT names one:
//   disk:ERRNO:N     from the N-th write on, every write fails with this error number
//   sync:ERRNO:N     the same of making durable
//   rename:ERRNO:N   the same of putting into place
//   power:N          at the N-th file made durable the power fails: what was not made durable is
//   lost clock            the clock of the day jumps by up to ten years, to and fro lost:N the N-th
//   submission to the device, and no other, loses the device gone:N           from the N-th
//   submission on the device is lost hang:N           the N-th wait for the device never ends
//   importer         the child that reads model files crashes

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
#include <vulkan/vulkan.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace {

struct Fault {
  std::string kind;
  long number = 0;
  long at = 0;
};

const Fault& fault() {
  static const Fault parsed = [] {
    Fault f;
    const char* text = std::getenv("FAULT");
    const std::string said = text == nullptr ? "" : text;
    const std::size_t first = said.find(':');
    const std::size_t last = said.rfind(':');
    f.kind = said.substr(0, first);
    if (first == std::string::npos) return f;
    f.at = std::atol(said.c_str() + last + 1);
    if (last != first) f.number = std::atol(said.c_str() + first + 1);
    return f;
  }();
  return parsed;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// Counts an event of a kind; true from the fault's N-th on.
bool struck(const char* kind) {
  static std::atomic<long> count{0};
  return fault().kind == kind && ++count >= fault().at;
}

/// What a power cut would take.
struct Unsynced {
  std::mutex mutex;
  std::set<std::string> written;
  std::map<std::string, std::string> moved;  // new name, its folder
  long syncs = 0;
};

Unsynced& unsynced() {
  static Unsynced all;
  return all;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string path_of(int file) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  return readlink(link.c_str(), path.data(), path.size() - 1) < 0 ? "" : path.data();
}

void note_written(int file) {
  if (fault().kind != "power" || file < 0) return;
  const std::string path = path_of(file);
  if (path.rfind("/", 0) != 0 || path.rfind("/dev/", 0) == 0 || path.rfind("/proc/", 0) == 0)
    return;
  const std::lock_guard lock(unsynced().mutex);
  unsynced().written.insert(path);
}

void cut_power() {
  for (const std::string& path : unsynced().written) {
    if (truncate(path.c_str(), 0) != 0) continue;  // it was only a name aside
  }
  for (const auto& [path, folder] : unsynced().moved) unlink(path.c_str());
  kill(getpid(), SIGKILL);
}

void note_synced(int file) {
  if (fault().kind != "power") return;
  const std::string path = path_of(file);
  const std::lock_guard lock(unsynced().mutex);
  if (++unsynced().syncs >= fault().at) cut_power();
  unsynced().written.erase(path);
  std::erase_if(unsynced().moved, [&](const auto& move) { return move.second == path; });
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
  if (file > STDERR_FILENO && struck("disk")) {
    errno = static_cast<int>(fault().number);
    return -1;
  }
  if (file > STDERR_FILENO) note_written(file);
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  return next(file, bytes, size);
}

size_t fwrite(const void* bytes, size_t size, size_t count, FILE* file) {
  const bool ours = fileno(file) > STDERR_FILENO;
  if (ours && struck("disk")) {
    errno = static_cast<int>(fault().number);
    return 0;
  }
  if (ours) note_written(fileno(file));
  static auto* const next = real<size_t(const void*, size_t, size_t, FILE*)>("fwrite");
  return next(bytes, size, count, file);
}

int fsync(int file) {
  if (struck("sync")) {
    errno = static_cast<int>(fault().number);
    return -1;
  }
  note_synced(file);
  static auto* const next = real<int(int)>("fsync");
  return next(file);
}

int syncfs(int file) {
  if (fault().kind == "power") {
    const std::lock_guard lock(unsynced().mutex);
    unsynced().written.clear();
    unsynced().moved.clear();
  }
  static auto* const next = real<int(int)>("syncfs");
  return next(file);
}

int rename(const char* from, const char* to) {
  if (struck("rename")) {
    errno = static_cast<int>(fault().number);
    return -1;
  }
  static auto* const next = real<int(const char*, const char*)>("rename");
  const int status = next(from, to);
  if (status != 0 || fault().kind != "power") return status;
  const std::lock_guard lock(unsynced().mutex);
  if (unsynced().written.erase(from) > 0) unsynced().written.insert(to);
  unsynced().moved[to] = folder_of(to);
  return status;
}

int clock_gettime(clockid_t clock, struct timespec* time) {
  static auto* const next = real<int(clockid_t, struct timespec*)>("clock_gettime");
  const int status = next(clock, time);
  static std::atomic<unsigned> calls{0};
  if (clock == CLOCK_REALTIME && fault().kind == "clock") {
    time->tv_sec += static_cast<long>(++calls * 2654435761U % 630000000U) - 315000000L;
  }
  return status;
}

VkResult vkQueueSubmit2(VkQueue queue, uint32_t count, const VkSubmitInfo2* submits,
                        VkFence fence) {
  static std::atomic<long> calls{0};
  const long call = ++calls;
  if (fault().kind == "lost" && call == fault().at) return VK_ERROR_DEVICE_LOST;
  if (fault().kind == "gone" && call >= fault().at) return VK_ERROR_DEVICE_LOST;
  static auto* const next = real<decltype(vkQueueSubmit2)>("vkQueueSubmit2");
  return next(queue, count, submits, fence);
}

VkResult vkWaitSemaphores(VkDevice device, const VkSemaphoreWaitInfo* info, uint64_t timeout) {
  static std::atomic<long> calls{0};
  if (fault().kind == "hang" && ++calls == fault().at) {
    while (true) pause();
  }
  static auto* const next = real<decltype(vkWaitSemaphores)>("vkWaitSemaphores");
  return next(device, info, timeout);
}

__attribute__((constructor)) void crash_importer() {
  if (fault().kind != "importer") return;
  std::array<char, 4096> words{};
  const int file = open("/proc/self/cmdline", O_RDONLY);
  const ssize_t size = read(file, words.data(), words.size() - 1);
  close(file);
  const std::string all(words.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (all.find("--import-child") != std::string::npos) raise(SIGSEGV);
}
}
