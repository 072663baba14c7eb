#include "generator/object_store/run_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <utility>

#include "scenes/error.hpp"

namespace orrery {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kKeptOfErr = 65536;
constexpr int kPollMs = 50;
/// For what has been asked to end: to undo what it has begun elsewhere.
constexpr std::chrono::milliseconds kLastWords{200};

[[noreturn]] void fail_to(const std::string& doing, const std::string& program, int reason) {
  throw Error(program + ": cannot be " + doing + ": " + std::strerror(reason), Exit::io);
}

/// A descriptor that is closed when it is no longer needed.
struct Descriptor {
  int fd = -1;
  Descriptor() = default;
  explicit Descriptor(int number) : fd(number) {}
  ~Descriptor() { shut(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  void shut() {
    if (fd >= 0) close(std::exchange(fd, -1));
  }
};

struct PipeEnds {
  Descriptor read, write;
  explicit PipeEnds(const std::string& program) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail_to("given a pipe", program, errno);
    read.fd = ends[0];
    write.fd = ends[1];
  }
};

/// A nameless file that holds `text`, read from its beginning: no pipe that two could wait at.
void fill_input(const Descriptor& file, std::string_view text, const std::string& program) {
  if (file.fd < 0) fail_to("given its input", program, errno);
  while (!text.empty()) {
    const ssize_t written = write(file.fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) fail_to("given its input", program, errno);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  lseek(file.fd, 0, SEEK_SET);
}

std::vector<char*> c_strings(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

pid_t started_child(const ProgramCall& call, int in, int out, int err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  posix_spawnattr_t how;
  posix_spawnattr_init(&how);
  sigset_t none;
  sigemptyset(&none);  // we may have blocked the signals that it is to end by
  posix_spawnattr_setsigmask(&how, &none);
  posix_spawnattr_setpgroup(&how, 0);
  posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, call.arguments.front().c_str(), &actions, &how,
                   c_strings(call.arguments).data(), c_strings(call.environment).data());
  posix_spawnattr_destroy(&how);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT || error == EACCES) {
    throw Error(call.arguments.front() + ": " + std::strerror(error) +
                    ", wanted a program of this name in PATH",
                Exit::unavailable);
  }
  if (error != 0) fail_to("started", call.arguments.front(), error);
  return child;
}

/// Takes what is there; closes the pipe at its end.
void take_text(Descriptor& pipe, short ready, std::string& text, std::size_t kept) {
  if (ready == 0) return;
  std::array<char, 65536> piece{};
  const ssize_t n = read(pipe.fd, piece.data(), piece.size());
  if (n > 0) text.append(piece.data(), static_cast<std::size_t>(n));
  if (n == 0 || (n < 0 && errno != EINTR)) pipe.shut();
  if (kept > 0 && text.size() > 2 * kept) text.erase(0, text.size() - kept);
}

/// Hears the child to the end of both pipes, and ends it when that is wanted.
void hear(const ProgramCall& call, pid_t child, Descriptor& out, Descriptor& err, ProgramEnd& end) {
  std::optional<Clock::time_point> asked;
  while (out.fd >= 0 || err.fd >= 0) {
    std::array<pollfd, 2> waiting{{{out.fd, POLLIN, 0}, {err.fd, POLLIN, 0}}};
    const int ready = poll(waiting.data(), waiting.size(), call.give_up ? kPollMs : -1);
    if (ready > 0) {
      take_text(out, waiting[0].revents, end.out, 0);
      take_text(err, waiting[1].revents, end.err, kKeptOfErr);
    }
    if (!call.give_up || !call.give_up()) continue;
    if (!asked) {
      kill(child, SIGTERM);
      asked = Clock::now();
      end.given_up = true;
    } else if (Clock::now() - *asked > kLastWords) {
      kill(child, SIGKILL);
      return;  // whoever it has started may hold the pipes open
    }
  }
}

}  // namespace

ProgramEnd run_program(const ProgramCall& call) {
  const std::string& program = call.arguments.front();
  PipeEnds out(program);
  PipeEnds err(program);
  Descriptor in(memfd_create("input", MFD_CLOEXEC));
  fill_input(in, call.input, program);
  const pid_t child = started_child(call, in.fd, out.write.fd, err.write.fd);
  out.write.shut();
  err.write.shut();
  ProgramEnd end;
  hear(call, child, out.read, err.read, end);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return end;
}

}  // namespace orrery
