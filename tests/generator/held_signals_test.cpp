#include "generator/held_signals.hpp"

#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "generator/drain_signals.hpp"

using namespace orrery;

namespace {

using namespace std::chrono_literals;

/// What a process did that had threads before it held its signals: exit status, or minus a signal.
int outcome_of(void (*strike)(pthread_t other)) {
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<bool> over{false};
    std::thread other([&] {
      while (!over) std::this_thread::sleep_for(1ms);
    });
    hold_signals({SIGTERM, SIGUSR1});
    if (asked_to_stop()) _exit(1);
    strike(other.native_handle());
    for (int i = 0; i < 2000 && !asked_to_stop(); ++i) std::this_thread::sleep_for(1ms);
    if (!asked_to_stop()) _exit(2);
    strike(other.native_handle());  // again: nothing new
    std::this_thread::sleep_for(20ms);
    over = true;
    other.join();
    _exit(asked_to_stop() ? 0 : 3);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_SUITE("held signals") {
  TEST_CASE("a signal to a thread that was there before stays pending and kills nobody") {
    CHECK(outcome_of([](pthread_t other) { pthread_kill(other, SIGTERM); }) == 0);
    CHECK(outcome_of([](pthread_t) { kill(getpid(), SIGTERM); }) == 0);
    CHECK(outcome_of([](pthread_t other) {
            pthread_kill(other, SIGUSR1);
            kill(getpid(), SIGTERM);
          }) == 0);
  }
}
