#include "tests/generator/program.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace orrery::testing {
namespace {

namespace fs = std::filesystem;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment) {
  std::vector<std::string> all = {"orrery"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  // The first of two equal names counts. The driver keeps its compiled shaders where they are.
  std::vector<std::string> settings = environment;
  settings.push_back("XDG_CACHE_HOME=" + (folder_.path / "cache").string());
  const char* home = std::getenv("HOME");
  settings.push_back("MESA_SHADER_CACHE_DIR=" + std::string(home != nullptr ? home : "/tmp") +
                     "/.cache");
  for (char** entry = environ; *entry != nullptr; ++entry) settings.emplace_back(*entry);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const int flags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, (folder_.path / "out").c_str(), flags,
                                   0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, (folder_.path / "err").c_str(), flags,
                                   0600);
  const int error = posix_spawn(&process_, ORRERY_PROGRAM, &actions, nullptr, pointers(all).data(),
                                pointers(settings).data());
  posix_spawn_file_actions_destroy(&actions);
  REQUIRE_MESSAGE(error == 0, "cannot start " ORRERY_PROGRAM);
}

Program::~Program() {
  if (process_ != 0) {
    send(SIGKILL);
    waitpid(process_, nullptr, 0);
  }
}

void Program::send(int signal) const {
  REQUIRE(process_ > 0);  // signals to 0 go to ourselves
  kill(process_, signal);
}

bool Program::running() {
  if (process_ != 0 && waitpid(process_, &status_, WNOHANG) == process_) process_ = 0;
  return process_ != 0;
}

Ended Program::wait() {
  if (process_ != 0) waitpid(process_, &status_, 0);
  process_ = 0;
  return {WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_),
          text_of(folder_.path / "out"), text_of(folder_.path / "err")};
}

Ended orrery_run(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment) {
  return Program(arguments, environment).wait();
}

std::string last_line(const std::string& text) {
  if (text.empty()) return text;
  const std::size_t start = text.rfind('\n', text.size() - 2);
  const std::size_t first = start == std::string::npos ? 0 : start + 1;
  return text.substr(first, text.size() - 1 - first);
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace orrery::testing
