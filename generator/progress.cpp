#include "generator/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace orrery {
namespace {

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  char text[32];
  if (s >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", s / 60, s % 60);
  }
  return text;
}

}  // namespace

Progress::Progress(bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0), start_(Clock::now()), last_(start_) {}

void Progress::update(std::uint64_t done, std::uint64_t count) {
  if (quiet_) return;
  const Clock::time_point now = Clock::now();
  if (!started_) {
    started_ = true;
    done_before_ = done - 1;
    start_ = now;
  }
  const double pause = terminal_ ? 0.1 : 10.0;
  if (done < count && std::chrono::duration<double>(now - last_).count() < pause) return;
  last_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  // The first image only starts the clock.
  const double made = static_cast<double>(done - done_before_ - 1);
  const double rate = elapsed > 0 ? made / elapsed : 0;
  const std::string left =
      rate > 0 ? clock_text(static_cast<double>(count - done) / rate) : std::string("-:--");
  if (terminal_) {
    constexpr int kWidth = 32;
    const int filled = static_cast<int>(done * kWidth / count);
    const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                            std::string(static_cast<std::size_t>(kWidth - filled), '.');
    std::fprintf(stderr, "\r[%s] %llu/%llu  %.1f images/s  %s left   ", bar.c_str(),
                 static_cast<unsigned long long>(done), static_cast<unsigned long long>(count),
                 rate, left.c_str());
    drawn_ = true;
  } else {
    std::fprintf(stderr, "%llu of %llu images, %.1f images/s, %s left\n",
                 static_cast<unsigned long long>(done), static_cast<unsigned long long>(count),
                 rate, left.c_str());
  }
}

void Progress::finish() {
  if (drawn_) std::fputc('\n', stderr);
  drawn_ = false;
}

}  // namespace orrery
