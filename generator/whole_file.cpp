#include "generator/whole_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <utility>

#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr std::size_t kBufferSize = 256 * 1024;

[[noreturn]] void refuse_file(const std::filesystem::path& path, const std::string& doing) {
  const int reason = errno;
  throw Error(path.string() + ": cannot be " + doing + ": " + std::strerror(reason), Exit::io);
}

void sync(const std::filesystem::path& folder, int (*how)(int)) {
  const std::filesystem::path named = folder.empty() ? "." : folder;
  const int handle = open(named.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) refuse_file(named, "opened");
  const int status = how(handle);
  const int reason = errno;
  ::close(handle);
  errno = reason;
  // Some network file systems cannot sync a folder; their rename is durable by itself.
  if (status != 0 && errno != EINVAL) refuse_file(named, "made durable");
}

/// Where the number of this process is its own: hosts may share a name, and containers a host, but
/// not the kernel's boot or then the space that their processes are numbered in.
std::string host_name() {
  std::array<char, 256> name{};
  const bool named = gethostname(name.data(), name.size() - 1) == 0;
  std::string host = std::string(named ? name.data() : "localhost").append(1, '.');
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  host += boot.substr(0, 8);
  std::array<char, 64> space{};  // "pid:[4026531836]"
  if (readlink("/proc/self/ns/pid", space.data(), space.size() - 1) < 0) space[0] = '\0';
  for (const char c : space) {
    if (c >= '0' && c <= '9') host += c;
  }
  return host;
}

}  // namespace

WholeFile::WholeFile(std::filesystem::path target, const std::filesystem::path& aside)
    : target_(std::move(target)) {
  const std::filesystem::path folder = aside.empty() ? target_.parent_path() : aside;
  aside_ = folder / (target_.filename().string() + "." + unique_name());
  file_ = open(aside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file_ < 0) refuse_file(aside_, "created");
}

WholeFile::~WholeFile() {
  if (file_ >= 0) ::close(file_);
  if (!aside_.empty()) unlink(aside_.c_str());
}

void WholeFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferSize) flush();
}

void WholeFile::write(std::span<const std::byte> bytes) {
  write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void WholeFile::flush() {
  for (std::string_view rest = buffer_; !rest.empty();) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse_file(target_, "written");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

void WholeFile::close() {
  flush();
  if (fsync(file_) != 0) refuse_file(target_, "made durable");
  if (::close(std::exchange(file_, -1)) != 0) refuse_file(target_, "closed");
}

void WholeFile::commit() {
  close();
  move_into_place(aside_, target_);
  aside_.clear();
  sync_folder(target_.parent_path());
}

bool WholeFile::commit_new() {
  close();
  // A link fails where a rename would replace.
  if (link(aside_.c_str(), target_.c_str()) != 0) {
    if (errno == EEXIST) return false;
    refuse_file(target_, "put into place");
  }
  sync_folder(target_.parent_path());
  return true;
}

std::filesystem::path WholeFile::leave_aside() {
  close();
  return std::exchange(aside_, {});
}

void write_whole_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  WholeFile file(path);
  file.write(bytes);
  file.commit();
}

void move_into_place(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (rename(from.c_str(), to.c_str()) != 0) refuse_file(to, "put into place");
}

void sync_folder(const std::filesystem::path& folder) { sync(folder, fsync); }

void sync_file_system(const std::filesystem::path& folder) { sync(folder, syncfs); }

std::string unique_name() {
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) refuse_file("random numbers", "read");
  std::array<char, 17> hex{};
  std::to_chars(hex.data(), hex.data() + 16, random, 16);
  std::string name = host_name();
  name.append("-").append(std::to_string(getpid())).append("-").append(hex.data());
  return name;
}

bool is_of_this_process(std::string_view name) {
  const std::string mine = "." + host_name() + "-" + std::to_string(getpid()) + "-";
  const std::size_t random = name.rfind('-');
  return random != std::string_view::npos && name.substr(0, random + 1).ends_with(mine);
}

bool is_abandoned(std::string_view name) {
  const std::size_t random = name.rfind('-');
  if (random == std::string_view::npos || random == 0) return false;
  const std::size_t process = name.rfind('-', random - 1);
  if (process == std::string_view::npos) return false;
  if (!name.substr(0, process).ends_with(std::string(1, '.').append(host_name()))) return false;
  pid_t pid = 0;
  const auto parsed = std::from_chars(name.data() + process + 1, name.data() + random, pid);
  return parsed.ec == std::errc() && pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
}

}  // namespace orrery
