#include "scenes/import_model.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "scenes/cache_folder.hpp"
#include "scenes/error.hpp"
#include "scenes/import_child.hpp"
#include "scenes/model_pack.hpp"
#include "scenes/sha256.hpp"
#include "scenes/temporary_folder.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Outcome {
  int status = 0;  ///< as waitpid gives it
  bool out_of_time = false;
  std::string text;  ///< the last that the child wrote to stderr
};

[[noreturn]] void fail(const std::string& doing, int error) {
  throw Error("cannot " + doing + ": " + std::strerror(error), Exit::io);
}

/// Reads to the end of `fd` or the deadline; true if the end came first. Keeps the last 64 KiB.
bool drain(int fd, Clock::time_point deadline, std::string& text) {
  constexpr std::size_t kKept = 65536;
  std::array<char, 4096> piece{};
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{fd, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<long>(left.count(), 1'000'000)));
    if (ready < 0 && errno != EINTR) fail("wait for the importer", errno);
    if (ready <= 0) continue;
    const ssize_t n = read(fd, piece.data(), piece.size());
    if (n < 0 && errno != EINTR) fail("read from the importer", errno);
    if (n == 0) return true;
    if (n > 0) text.append(piece.data(), static_cast<std::size_t>(n));
    if (text.size() > 2 * kKept) text.erase(0, text.size() - kKept);
  }
}

/// Runs the child to its end; its stderr is a pipe whose end is the child's end.
Outcome run_child(const ImportLimits& limits, std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("make a pipe", errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  pid_t child = 0;
  const int error =
      posix_spawn(&child, limits.program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    fail("start " + limits.program.string(), error);
  }
  Outcome outcome;
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(limits.seconds));
  try {
    outcome.out_of_time = !drain(ends[0], deadline, outcome.text);
  } catch (const Error&) {
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ends[0]);
    throw;
  }
  if (outcome.out_of_time) kill(child, SIGKILL);
  while (waitpid(child, &outcome.status, 0) < 0 && errno == EINTR) {
  }
  close(ends[0]);
  return outcome;
}

[[noreturn]] void explain(const fs::path& file, const Outcome& outcome,
                          const ImportLimits& limits) {
  const std::string where = file.string() + ": ";
  const std::string seconds = std::to_string(static_cast<long>(std::ceil(limits.seconds)));
  const bool killed = WIFSIGNALED(outcome.status);
  if (outcome.out_of_time || (killed && WTERMSIG(outcome.status) == SIGXCPU)) {
    throw Error(where + "the importer was stopped after " + seconds + " s, wanted a simpler model");
  }
  if (killed) {
    throw Error(where + "the importer crashed (signal " + std::to_string(WTERMSIG(outcome.status)) +
                ", " + strsignal(WTERMSIG(outcome.status)) + "), wanted a sound model file");
  }
  const std::size_t mark = outcome.text.rfind(kErrorMark);
  if (mark == std::string::npos) {
    throw Error(where + "the importer ended with code " +
                std::to_string(WEXITSTATUS(outcome.status)) + " and no word");
  }
  throw Error(outcome.text.substr(mark + 1), static_cast<Exit>(WEXITSTATUS(outcome.status)));
}

/// One entry per file and settings; its content decides whether it is still good.
std::string cache_key(const fs::path& file, const ImportSettings& settings) {
  Sha256 sha;
  sha.add(fs::absolute(file).lexically_normal().string());
  for (const std::string& argument : child_settings(settings)) sha.add('\n' + argument);
  sha.add('\n' + std::to_string(kPackVersion));
  return sha.hex();
}

bool is_unchanged(const SourceFile& source) {
  std::error_code error;
  const bool there = fs::is_regular_file(source.path, error);
  if (!there || source.sha256.empty()) return !there && source.sha256.empty();
  return fs::file_size(source.path, error) == source.size && !error &&
         sha256_of_file(source.path) == source.sha256;
}

/// The cached model if there is a sound one and nothing that it was made from has changed.
std::optional<Model> cached(const fs::path& pack) {
  std::error_code error;
  if (!fs::exists(pack, error)) return std::nullopt;
  try {
    const std::vector<SourceFile> sources = read_pack_sources(pack);
    if (!std::all_of(sources.begin(), sources.end(), is_unchanged)) return std::nullopt;
    return read_pack(pack);
  } catch (const Error&) {
    return std::nullopt;  // a damaged or outdated entry is none: it is made again
  }
}

bool is_writable(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  return access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

fs::path default_model_cache() { return cache_folder("models"); }

Model import_model(const fs::path& file, const ImportSettings& settings, const ImportLimits& limits,
                   const fs::path& cache) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    const char* found = fs::is_directory(file, error) ? ": is a folder" : ": is not there";
    throw Error(file.string() + found + ", wanted a model file");
  }
  const std::string name = cache_key(file, settings) + ".pack";
  if (auto model = cached(cache / name)) return std::move(*model);

  std::optional<TemporaryFolder> temporary;
  if (!is_writable(cache)) temporary.emplace();
  const fs::path pack = (temporary ? temporary->path : cache) / name;
  const Outcome outcome = run_child(limits, child_arguments(file, pack, settings, limits));
  if (outcome.out_of_time || outcome.status != 0) explain(file, outcome, limits);
  Model model = read_pack(pack);
  if (temporary) {
    model.report.warnings.push_back("the model cache " + cache.string() +
                                    " cannot be written: every run imports again");
  }
  return model;
}

}  // namespace orrery
