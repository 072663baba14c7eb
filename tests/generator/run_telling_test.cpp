#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "generator/metrics_text.hpp"
#include "generator/sample_failure.hpp"
#include "generator/watchdog.hpp"
#include "scenes/error.hpp"

using namespace orrery;

namespace {

using Milliseconds = std::chrono::milliseconds;

/// The exit status of a process in which a watchdog of 1 s watches over `body`.
template <class Body>
int status_under_watch(Body&& body) {
  const pid_t child = fork();
  if (child == 0) {
    Watchdog watchdog(Milliseconds(1000), 2, [](std::size_t worker) {
      if (worker != 1) _exit(1);
    });
    body(watchdog);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_SUITE("telling of a run") {
  TEST_CASE("a worker that is silent for too long ends the process, idle and busy ones do not") {
    CHECK(status_under_watch([](Watchdog& watchdog) {
            watchdog.alive(1);
            std::this_thread::sleep_for(Milliseconds(20000));
          }) == static_cast<int>(Exit::unavailable));
    CHECK(status_under_watch([](Watchdog& watchdog) {
            for (int i = 0; i < 75; ++i) {
              watchdog.alive(1);
              std::this_thread::sleep_for(Milliseconds(20));
            }
            watchdog.idle(1);
            std::this_thread::sleep_for(Milliseconds(1500));
          }) == 0);
  }

  TEST_CASE("time in which the process was stopped does not count as silence") {
    const pid_t child = fork();
    if (child == 0) {
      Watchdog watchdog(Milliseconds(1000), 1, [](std::size_t) {});
      watchdog.alive(0);
      std::this_thread::sleep_for(Milliseconds(300));
      _exit(0);
    }
    std::this_thread::sleep_for(Milliseconds(50));
    kill(child, SIGSTOP);
    std::this_thread::sleep_for(Milliseconds(2000));
    kill(child, SIGCONT);
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }

  TEST_CASE("a failure is one line whatever its reason holds") {
    const SampleFailure failure{
        .chunk = 3, .sample = 197, .tries = 2, .why = "a \"b\"\nc", .fate = Fate::replaced};
    CHECK(line_of(failure) ==
          R"(failure chunk=3 sample=197 draw=0 try=2 next="replaced" why="a \"b\"\nc")");
    CHECK(line_of({.chunk = 4, .why = "\xff", .fate = Fate::alone}) ==
          "failure chunk=4 sample=null draw=0 try=0 next=\"alone\" why=\"\xef\xbf\xbd\"");
    CHECK(event_of(failure).at("sample") == 197);
  }

  TEST_CASE("metrics are in Prometheus' exposition format, labels escaped") {
    const std::string text = metrics_text({.dataset = "a\\b\"c\nd",
                                           .share = "1/4",
                                           .done = 12,
                                           .count = 64,
                                           .made = 10,
                                           .rate = 2.5,
                                           .failures = {1, 2, 3, 4}});
    const std::string labels = R"({dataset="a\\b\"c\nd",share="1/4")";
    CHECK(text.find("# TYPE orrery_images_made_total counter\norrery_images_made_total" + labels +
                    "} 10\n") != std::string::npos);
    CHECK(text.find("orrery_images_per_second" + labels + "} 2.5\n") != std::string::npos);
    CHECK(text.find("orrery_failures_total" + labels + ",next=\"replaced\"} 3\n") !=
          std::string::npos);
    CHECK(text.back() == '\n');
  }
}
