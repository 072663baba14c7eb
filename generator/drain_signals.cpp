#include "generator/drain_signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "generator/chunk_files.hpp"
#include "generator/held_signals.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

using Clock = std::chrono::steady_clock;

/// Of the two seconds that schedulers grant at least.
constexpr std::chrono::milliseconds kPatience{1600};

}  // namespace

bool asked_to_stop() {
  sigset_t pending;
  sigpending(&pending);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) {
    if (sigismember(&pending, signal) == 1) return true;
  }
  return false;
}

DrainSignals::DrainSignals(std::filesystem::path folder) : folder_(std::move(folder)) {
  hold_signals({SIGTERM, SIGINT, SIGUSR1, SIGUSR2});
  thread_ = std::thread([this] { watch(); });
}

DrainSignals::~DrainSignals() {
  over_ = true;
  thread_.join();
}

void DrainSignals::watch() const {
  // SIGINT is taken out of the queue, so that a second one can be told from the first; SIGTERM
  // takes its place, for those who look whether something is pending.
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  const timespec pause{0, 50'000'000};
  std::optional<Clock::time_point> asked;
  while (!over_) {
    if (sigtimedwait(&interrupt, nullptr, &pause) == SIGINT) {
      if (asked) give_up();
      kill(getpid(), SIGTERM);
    }
    if (!asked && asked_to_stop()) asked = Clock::now();
    if (asked && Clock::now() - *asked > kPatience) give_up();
  }
}

void DrainSignals::give_up() const {
  remove_own_staging(folder_);
  const std::string said = "orrery: stopped on request, the same command continues it\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, said.data(), said.size());
  std::_Exit(static_cast<int>(Exit::drained));
}

}  // namespace orrery
